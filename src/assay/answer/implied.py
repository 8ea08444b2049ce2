"""Words that a sentence answers without having them: "open label" tells of blinding, an NCT number of a registry.

A closed table of a field's fixed expressions, each a liberty taken; it widens what a sentence is taken to speak of when
sentences are chosen for quoting. Whether the sentence supports anything is not decided here.
"""

from __future__ import annotations

import re

from assay.textual.tokens import tokens

_IMPLIED = tuple(
    (re.compile(pattern, re.IGNORECASE), frozenset(tokens(words)))
    for pattern, words in (
        (r"\bopen[- ]label\b|\bmask(?:ed|ing)\b|\bknew the (?:treatment|assignment|allocation)", "blinded"),
        (
            r"\b(?:NCT\d{8}|ISRCTN\d{6,}|ACTRN\d{10,}|ChiCTR[\w-]+|EudraCT|CTRI/\d+|UMIN\d+)\b",
            "registry registered registration",
        ),
        (
            r"\d\s?(?:mg|mcg|micrograms?|milligrams?|µg|μg|IU|g)\b(?!\s*(?:/|per)\s*(?:d?L\b|ml|deci|millil|lit))",
            "dose dosage",
        ),
    )
)


def implied(sentence: str) -> frozenset[str]:
    """The stems of the words that `sentence` answers without having them."""
    found: frozenset[str] = frozenset()
    for pattern, words in _IMPLIED:
        if pattern.search(sentence):
            found |= words
    return found
