"""Citations: found, read, normalised, checked and rendered.

`extract` finds them in a text, `parse` reads one, `validate` says of each what holds and what does not, in separate
flags, and `cite` writes one from its parts. No model takes part in any of it.
"""

from assay.domains.legal.citations.extract import citation_patterns, extract, normalise, parse, same_citation
from assay.domains.legal.citations.holdings import authority_keys, look_up
from assay.domains.legal.citations.model import Flag, LegalCitation, Validation
from assay.domains.legal.citations.render import cite
from assay.domains.legal.citations.validate import validate

__all__ = [
    "Flag",
    "LegalCitation",
    "Validation",
    "authority_keys",
    "citation_patterns",
    "cite",
    "extract",
    "look_up",
    "normalise",
    "parse",
    "same_citation",
    "validate",
]
