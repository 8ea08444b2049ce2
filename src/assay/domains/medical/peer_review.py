"""Whether a report was peer reviewed: only where something says so, never by default.

MEDLINE indexing is a statement about the journal, so it is named as such and not turned into "peer reviewed".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.domains.medical.study_metadata import strings, words
from assay.types import Record

REVIEWED, PREPRINT, NOT_APPLICABLE, UNKNOWN = "reviewed", "preprint", "not applicable", "unknown"
_SERVERS = ("medrxiv", "biorxiv", "arxiv", "ssrn", "research square", "preprints", "psyarxiv", "osf preprints")
_UNREVIEWED = frozenset({"editorial", "letter", "comment", "news", "newspaper article", "published erratum"})


@dataclass(frozen=True, slots=True)
class PeerReview(Record):
    """The status and what says so."""

    value: str
    reason: str


def peer_review_of(metadata: Mapping[str, Any]) -> PeerReview:
    """The status; "unknown" unless the metadata states one."""
    types = {kind.strip().lower() for kind in strings(metadata.get("publication_types"))}
    journal = f"{words(metadata, 'journal')} {words(metadata, 'journal_abbrev')} {words(metadata, 'publisher')}".lower()
    status = words(metadata, "publication_status", "doc_type", "article_type").lower()
    if "preprint" in types or "preprint" in status:
        return PeerReview(PREPRINT, "it is marked as a preprint")
    server = next((name for name in _SERVERS if name in journal), "")
    if server:
        return PeerReview(PREPRINT, f"it is published on {server}")
    if metadata.get("peer_reviewed") is True:
        return PeerReview(REVIEWED, "the record says so (a date of acceptance, or a statement of the user)")
    if metadata.get("peer_reviewed") is False:
        return PeerReview(PREPRINT, "the record says that it was not reviewed")
    unreviewed = types & _UNREVIEWED
    if unreviewed:
        return PeerReview(NOT_APPLICABLE, f"publication type {min(unreviewed)}")
    if metadata.get("medline_indexed") is True:
        return PeerReview(
            UNKNOWN, "the journal is indexed in MEDLINE; the record does not say that the article was reviewed"
        )
    return PeerReview(UNKNOWN, "nothing says whether it was reviewed")
