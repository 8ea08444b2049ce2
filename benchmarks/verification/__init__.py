"""The verification benchmark: claims with known labels, made from real corpora, and a driver that scores a verifier."""
