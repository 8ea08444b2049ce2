"""Proofs of robustness: what the whole program does when the machine, a model or another process does it harm."""
