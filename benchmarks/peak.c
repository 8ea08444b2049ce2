/* The most arithmetic one core of this machine does a second of processor time: independent multiply-adds in registers.
   Prints one line of JSON: GFLOP/s with 32-bit numbers, and with 16-bit brain floats where the processor has them. */
#include <stdio.h>
#include <time.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#define CHAINS 12
#define STEPS 40000000L

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#if defined(__AVX512F__)
#define WIDTH 16
typedef __m512 vec;
#define SET _mm512_set1_ps
#define FMA _mm512_fmadd_ps
#elif defined(__AVX2__) && defined(__FMA__)
#define WIDTH 8
typedef __m256 vec;
#define SET _mm256_set1_ps
#define FMA _mm256_fmadd_ps
#else
#define WIDTH 1
typedef float vec;
#define SET(x) ((float)(x))
#define FMA(a, b, c) ((a) * (b) + (c))
#endif

static double single(void) {
    vec sums[CHAINS], a = SET(0.999f), b = SET(0.001f);
    for (int i = 0; i < CHAINS; i++) sums[i] = SET((float)i);
    double since = seconds();
    for (long n = 0; n < STEPS; n++) {
        for (int i = 0; i < CHAINS; i++) sums[i] = FMA(sums[i], a, b);
        __asm__ volatile("" : "+x"(a));
    }
    double spent = seconds() - since;
    volatile float sink = 0;
    for (int i = 0; i < CHAINS; i++) sink += *(float *)&sums[i];
    return 2.0 * WIDTH * CHAINS * STEPS / spent / 1e9;
}

static double brain(void) {
#if defined(__AVX512BF16__)
    __m512 sums[CHAINS];
    __m512bh a = _mm512_cvtne2ps_pbh(_mm512_set1_ps(0.5f), _mm512_set1_ps(0.25f)), b = a;
    for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_set1_ps((float)i);
    double since = seconds();
    for (long n = 0; n < STEPS; n++) {
        for (int i = 0; i < CHAINS; i++) sums[i] = _mm512_dpbf16_ps(sums[i], a, b);
        __asm__ volatile("" : "+x"(a));
    }
    double spent = seconds() - since;
    volatile float sink = 0;
    for (int i = 0; i < CHAINS; i++) sink += *(float *)&sums[i];
    return 4.0 * 16 * CHAINS * STEPS / spent / 1e9;
#else
    return 0;
#endif
}

int main(void) {
    double one = single(), two = brain();
    printf("{\"f32\": %.1f, \"bf16\": %.1f}\n", one, two);
    return 0;
}
