"""Whether a report still stands: retracted, under an expression of concern, corrected, or itself a notice.

From publication types, links of the record (PubMed CommentsCorrections, JATS related articles and article type),
metadata of the user's own (`retraction`, `publication_status`), a title that opens with "RETRACTED:", and notices held
by the library. Silence is not a clean bill: without a bibliographic record the status is unknown. Words inside a title
("ear retraction") are no notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assay.domains.medical.study_metadata import strings, words
from assay.types import Record

RETRACTED = "retracted"
CONCERN = "expression of concern"
CORRECTED = "corrected"
NOTICE = "retraction notice"
NONE_KNOWN = "no retraction known"
UNKNOWN = "unknown"
NEVER_EVIDENCE = frozenset({RETRACTED, NOTICE, CONCERN})

_TITLE = re.compile(r"\s*\[?(?:RETRACTED|WITHDRAWN|Retracted|Withdrawn)(?:\s+(?:ARTICLE|PAPER|Article|Paper))?\s*[:\]]")
_NOTICE_TITLE = re.compile(
    r"\s*\[?(?:Retraction(?:\s+(?:notice|note|to|of))?|RETRACTION|Notice of retraction)\s*[:\]]", re.IGNORECASE
)
_CONCERN_TITLE = re.compile(r"\s*\[?Expression of concern\b", re.IGNORECASE)
_LINKS = {
    "retractionin": RETRACTED,
    "retraction in": RETRACTED,
    "expressionofconcernin": CONCERN,
    "erratumin": CORRECTED,
    "correctedandrepublishedin": CORRECTED,
    "updatein": CORRECTED,
    "rin": RETRACTED,
    "ecin": CONCERN,
    "ein": CORRECTED,
    "crin": CORRECTED,
    "retraction-forward": RETRACTED,
    "expression-of-concern-forward": CONCERN,
    "correction-forward": CORRECTED,
}
_NOTICES_OF = {
    "retractionof": RETRACTED,
    "rof": RETRACTED,
    "expressionofconcernfor": CONCERN,
    "ecf": CONCERN,
    "erratumfor": CORRECTED,
    "efr": CORRECTED,
    "retracted-article": RETRACTED,
    "object-of-concern": CONCERN,
    "corrected-article": CORRECTED,
}
_ORDER = (RETRACTED, NOTICE, CONCERN, CORRECTED)


@dataclass(frozen=True, slots=True)
class Status(Record):
    """The status and where it was read."""

    value: str
    reason: str


def status_of(title: str, metadata: Mapping[str, Any]) -> Status:
    """The gravest status that title and metadata state; "unknown" where there is no record to tell."""
    found = sorted(_stated(title, metadata), key=lambda status: _ORDER.index(status.value))
    if found:
        return found[0]
    record = words(metadata, "pmid", "doi", "publication_status") or metadata.get("publication_types")
    if record and (metadata.get("publication_types") or words(metadata, "publication_status", "retraction_checked")):
        return Status(NONE_KNOWN, "the record lists no retraction, concern or withdrawal")
    return Status(UNKNOWN, "no bibliographic record says whether it was retracted")


def notices_of(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What this document says of others: (key of the other, "pmid:N" or "doi:...", their status)."""
    for link in _links(metadata):
        status = _NOTICES_OF.get(link[0])
        if status and link[1]:
            yield link[1], status
    for key, status in (("retraction_of", RETRACTED), ("concern_for", CONCERN), ("erratum_for", CORRECTED)):
        for value in strings(metadata.get(key)):
            yield identifier_key(value), status


def identifier_keys(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys under which other documents speak of this one."""
    keys = []
    for name in ("pmid", "doi", "pmcid"):
        value = words(metadata, name)
        if value:
            keys.append(f"{name}:{value.lower()}")
    return tuple(keys)


def identifier_key(raw: str) -> str:
    """ "12345" or "PMID: 12345" as "pmid:12345"; "https://doi.org/10.1/x" as "doi:10.1/x"."""
    doi = re.search(r"10\.\d{4,9}/\S+", raw)
    if doi:
        return f"doi:{doi.group().lower().rstrip('.')}"
    number = re.search(r"(PMC)?\s*(\d{1,8})", raw, re.IGNORECASE)
    if not number:
        return ""
    return f"pmcid:pmc{number[2]}" if number[1] else f"pmid:{number[2]}"


def _stated(title: str, metadata: Mapping[str, Any]) -> Iterator[Status]:
    types = {kind.strip().lower() for kind in strings(metadata.get("publication_types"))}
    if "retracted publication" in types:
        yield Status(RETRACTED, "publication type Retracted Publication")
    if "retraction of publication" in types or "retraction notice" in types:
        yield Status(NOTICE, "publication type Retraction of Publication")
    if "expression of concern" in types:
        yield Status(CONCERN, "publication type Expression of Concern")
    if words(metadata, "article_type").lower() in ("retraction", "retraction-notice"):
        yield Status(NOTICE, "the article is a retraction notice (JATS article type)")
    if _TITLE.match(title):
        yield Status(RETRACTED, "the title says so")
    elif _NOTICE_TITLE.match(title):
        yield Status(NOTICE, "the title says so")
    elif _CONCERN_TITLE.match(title):
        yield Status(CONCERN, "the title says so")
    for kind, _ in _links(metadata):
        if kind in _LINKS:
            yield Status(_LINKS[kind], f"the record links to it ({kind})")
    yield from _own(metadata)


def _own(metadata: Mapping[str, Any]) -> Iterator[Status]:
    """What the user's own metadata says."""
    stated = words(metadata, "publication_status", "status").lower()
    if "retract" in stated or "withdrawn" in stated:
        yield Status(
            NOTICE if "notice" in stated else RETRACTED, "the document's metadata says so (publication_status)"
        )
    elif "concern" in stated:
        yield Status(CONCERN, "the document's metadata says so (publication_status)")
    elif "corrected" in stated:
        yield Status(CORRECTED, "the document's metadata says so (publication_status)")
    retraction = metadata.get("retraction")
    if retraction is True or (
        words(metadata, "retraction") and words(metadata, "retraction").lower() not in ("none", "no", "false", "0")
    ):
        yield Status(RETRACTED, "the document's metadata says so (retraction)")
    if metadata.get("retracted") is True:
        yield Status(RETRACTED, "the document's metadata says so (retracted)")


def _links(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, identifier in (("comments_corrections", "pmid"), ("related_articles", "id")):
        items = metadata.get(name)
        for item in items if isinstance(items, (list, tuple)) else ():
            if isinstance(item, Mapping):
                yield words(item, "type").lower(), identifier_key(words(item, identifier) or words(item, "source"))
