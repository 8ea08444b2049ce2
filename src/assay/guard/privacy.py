"""Takes a person's identifiers out of a text before it is logged, cached, embedded or sent to a model.

Rules over the 18 categories of 45 CFR 164.514(b)(2): names in a patient's context, geography below a state, dates of a
person, ages over 89, telephone, fax, e-mail, social security, record, plan, account and licence numbers, vehicles,
devices, web and IP addresses, biometric and photo identifiers; besides these NHS numbers, payment cards and IBANs by
their check digits. Citations, trial and article ids, doses, years and eponyms stay as they are.

It helps to avoid exposure; it is not a certified de-identification: a free-text name without any cue is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assay.guard.privacy_numbers import identifiers
from assay.guard.privacy_persons import persons
from assay.types import Record

LABELS = {
    "name": "NAME", "date": "DATE", "phone": "PHONE", "fax": "FAX", "email": "EMAIL", "geo": "PLACE", "ssn": "SSN",
    "mrn": "RECORD-NUMBER", "nhs": "NHS-NUMBER", "plan": "PLAN-NUMBER", "account": "ACCOUNT", "license": "LICENCE",
    "vehicle": "VEHICLE", "device": "DEVICE", "url": "URL", "ip": "IP", "age": "AGE-OVER-89", "biometric": "BIOMETRIC",
    "photo": "PHOTO", "card": "CARD", "iban": "IBAN",
}  # fmt: skip
# What is never touched: published identifiers, literature addresses, citations, and our own replacements.
_PUBLISHED = re.compile(
    r"""\[(?:[A-Z][A-Z0-9-]+)\]
    | \b(?:https?://)?(?:www\.|dx\.)?(?:doi\.org|pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov
      |clinicaltrials\.gov|cochranelibrary\.com|who\.int|nice\.org\.uk
      |europepmc\.org|orcid\.org)/?[^\s<>"]*
    | \b(?:doi:?\s*)?10\.\d{4,9}/\S+
    | \b(?:PMID|PMCID|PMC|NCT|ISRCTN|ACTRN|CRD|EudraCT|DRKS|ChiCTR|UMIN|JPRN
      |KCT|CTRI|ORCID|ISBN|ISSN|CAS|ATC|ICD(?:-?\d+)?|OMIM|SNOMED|MeSH|rs|GSE)
      \W{0,3}(?:No\.?\s*|number\s*|ID\s*)?[\dA-Z][\w./-]*
    | \b[A-ZÀ-Þ][a-zà-ÿ'’-]+(?:\s+(?:and|&)\s+[A-ZÀ-Þ][a-zà-ÿ'’-]+(?=\s*[,(]?\s*(?:19|20)\d\d)
      |\s+et\s+al\.?,?|\s+(?:and|&)\s+colleagues)(?:\s*[,(]?\s*(?:19|20)\d\d\)?)?
    | \b(?:19|20)\d\d(?:\s+[A-Z][a-z]{2}(?:\s+\d{1,2})?)?\s*;\s*\d+(?:\([^)]{1,12}\))?\s*:\s*[\w.-]+""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Redaction(Record):
    """original[start:end] was taken out as `kind` and `replacement` stands in its place."""

    start: int
    end: int
    kind: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Redacted(Record):
    """A text with its identifiers replaced, and where they stood in the original. Nothing found: the text itself."""

    text: str
    spans: tuple[Redaction, ...] = ()


def redact(text: str) -> Redacted:
    """`text` with every identifier replaced by its kind in brackets ("[NAME]"). Total, deterministic, idempotent."""
    spans = list(_disjoint(_found(text)))
    if not spans:
        return Redacted(text)
    pieces: list[str] = []
    place = 0
    for span in spans:
        pieces += (text[place : span.start], span.replacement)
        place = span.end
    return Redacted("".join((*pieces, text[place:])), tuple(spans))


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    published = [match.span() for match in _PUBLISHED.finditer(text)]
    for start, end, kind in (*identifiers(text), *persons(text)):
        if kind not in ("email",) and any(first < end and start < last for first, last in published):
            continue
        yield start, end, kind


def _disjoint(found: Iterable[tuple[int, int, str]]) -> Iterator[Redaction]:
    """Overlapping spans as one, under the kind of the one that begins first (the longer one where both do)."""
    current: tuple[int, int, str] | None = None
    for start, end, kind in sorted(found, key=lambda item: (item[0], -item[1])):
        if current is not None and start < current[1]:
            current = (current[0], max(current[1], end), current[2])
            continue
        if current is not None:
            yield _redaction(*current)
        current = (start, end, kind)
    if current is not None:
        yield _redaction(*current)


def _redaction(start: int, end: int, kind: str) -> Redaction:
    return Redaction(start, end, kind, f"[{LABELS[kind]}]")
