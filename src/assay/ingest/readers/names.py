"""Sets of names written as one string, so that a table of tags or words stays readable."""

from __future__ import annotations


def names(listed: str) -> frozenset[str]:
    """The names in a string, separated by white space."""
    return frozenset(listed.split())
