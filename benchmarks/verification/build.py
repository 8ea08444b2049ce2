"""Fills every class from the pool: counts, balance over domains, no rule above its share while others can fill it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

from benchmarks.verification import claims, names, quantities, words
from benchmarks.verification.change import Rule
from benchmarks.verification.corpora import DOMAINS
from benchmarks.verification.draw import digest, pick
from benchmarks.verification.pool import Pair, Pool
from benchmarks.verification.record import Made, faults

FALSE_EACH = 60
WRONG_VERSION = 150
TRUE_EACH = {"verbatim": 110, "extract": 80, "typographic": 90, "joined": 70, "bracketed": 70}
CONTROLS = {"right_version": 60, "right_source": 20}
CAP = 0.3
SPARE = 6
CHANGES: dict[str, Rule] = {
    "unit_changed": quantities.units,
    "date_changed": quantities.dates,
    "quantifier_changed": words.quantifier,
    "direction_changed": words.direction,
    "name_changed": names.names,
    "number_changed": quantities.numbers,
    "modality_changed": words.modality,
    "negation_changed": words.negation,
}


class Draw:
    """Takes candidates until a class is full, no rule above its share while others can fill it."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def fill(self, name: str, domain: str, count: int, make: Callable[[Pair, int], Iterable[Made]]) -> list[Made]:
        """Up to `count` claims. `make` gets a sentence and how many there are already, and proposes claims."""
        taken: list[Made] = []
        rules: Counter[str] = Counter()
        spare: list[tuple[Pair, list[Made]]] = []
        for pair in self.pool.candidates(domain, name, domain):
            if len(taken) == count or len(spare) == SPARE * count:
                break
            options = [made for made in make(pair, len(taken)) if not faults(made)]
            allowed = [made for made in options if rules[made.rule] < math.ceil(CAP * count)]
            if allowed:
                self._take(taken, rules, allowed, pair)
            elif options:
                spare.append((pair, options))
        for pair, options in spare:
            if len(taken) < count and pair[1].text not in self.pool.used:
                again = [made for made in make(pair, len(taken)) if not faults(made)]
                self._take(taken, rules, again or options, pair)
        return taken

    def _take(self, taken: list[Made], rules: Counter[str], options: list[Made], pair: Pair) -> None:
        rare = sorted({made.rule for made in options}, key=lambda rule: (rules[rule], digest(pair[1].text, rule)))[0]
        made = pick([m for m in options if m.rule == rare], pair[1].text, "option")
        taken.append(made)
        rules[made.rule] += 1
        self.pool.used.add(pair[1].text)


def build(pool: Pool) -> list[Made]:
    """Every claim of the benchmark but the paraphrases, scarce classes first."""
    draw = Draw(pool)
    found: list[Made] = []
    found += draw.fill("wrong_version", "technical", WRONG_VERSION, partial(claims.wrong_version, pool))
    found += draw.fill("right_version", "technical", CONTROLS["right_version"], partial(claims.right_version, pool))
    for name, rule in CHANGES.items():
        for domain in DOMAINS:
            found += draw.fill(name, domain, FALSE_EACH, claims.changed(pool, name, rule))
    makers: list[tuple[str, int, Callable[[Pool, Pair, int], Iterable[Made]]]] = [
        ("out_of_context", FALSE_EACH, claims.out_of_context),
        ("extract", TRUE_EACH["extract"], claims.extract),
        ("stitched", FALSE_EACH, claims.stitched),
        ("fabricated", FALSE_EACH, claims.fabricated),
        ("misattributed", FALSE_EACH, claims.misattributed),
        ("right_source", CONTROLS["right_source"], claims.right_source),
        ("joined", TRUE_EACH["joined"], claims.joined),
        ("bracketed", TRUE_EACH["bracketed"], claims.bracketed),
        ("typographic", TRUE_EACH["typographic"], claims.typographic),
        ("verbatim", TRUE_EACH["verbatim"], claims.verbatim),
    ]
    for name, count, maker in makers:
        for domain in DOMAINS:
            found += draw.fill(name, domain, count, partial(maker, pool))
    return found
