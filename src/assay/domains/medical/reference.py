"""A reference in AMA style (11th edition) from metadata, with PMID and DOI, then the level of evidence.

Up to six authors are named; of more, the first three and "et al". Missing parts are left out, never made up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assay.domains.medical.dates import year_of
from assay.domains.medical.study_metadata import strings, study_of, words

_NAMES = {
    "rct": "randomised trial",
    "rct_secondary": "secondary analysis of a randomised trial",
    "systematic_review": "systematic review",
    "non_randomised_interventional": "non-randomised intervention study",
    "before_after": "before-after study",
    "case_control": "case-control study",
    "cross_sectional": "cross-sectional study",
    "cohort": "cohort study",
    "in_vitro": "in vitro study",
    "animal": "animal study",
    "diagnostic": "diagnostic study",
    "narrative_review": "narrative review",
    "case_report": "case report",
    "case_series": "case series",
}


def reference(title: str, metadata: Mapping[str, Any], *, level: bool = True) -> str:
    """The reference of one document; the title alone where nothing else is known."""
    parts = [_authors(metadata), _ended(title), _journal(metadata), _identifiers(metadata)]
    text = " ".join(part for part in parts if part)
    note = _note(metadata) if level else ""
    return f"{text} {note}".strip()


def design_name(design: str) -> str:
    """A design in words."""
    return _NAMES.get(design, design.replace("_", " "))


def _authors(metadata: Mapping[str, Any]) -> str:
    names = strings(metadata.get("authors"))
    total = metadata.get("n_authors")
    many = len(names) > 6 or (isinstance(total, int) and total > 6)
    shown = ", ".join(names[:3]) + ", et al" if many and names else ", ".join(names)
    return f"{shown}." if shown else ""


def _ended(title: str) -> str:
    clean = " ".join(title.split())
    return clean if not clean or clean[-1] in ".?!" else f"{clean}."


def _journal(metadata: Mapping[str, Any]) -> str:
    journal = words(metadata, "journal_abbrev", "journal").rstrip(".")
    year = words(metadata, "year") or str(year_of(metadata) or "")
    volume, issue, pages = words(metadata, "volume"), words(metadata, "issue"), words(metadata, "pages")
    place = f"{volume}{f'({issue})' if issue else ''}{f':{pages}' if pages else ''}" if volume else ""
    date = f"{year};{place}" if year and place else year
    return f"{' '.join(part for part in (f'{journal}.' if journal else '', date) if part)}{'.' if date else ''}"


def _identifiers(metadata: Mapping[str, Any]) -> str:
    doi = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", words(metadata, "doi"), flags=re.IGNORECASE)
    pmid = words(metadata, "pmid")
    return " ".join(part for part in (f"doi:{doi}." if doi else "", f"PMID: {pmid}." if pmid else "") if part)


def _note(metadata: Mapping[str, Any]) -> str:
    study = study_of(metadata)
    parts: list[str] = []
    # The document's own sample size, where it states one, stands above the one that was read out of its text.
    level, design, n = study.get("level"), study.get("design"), metadata.get("sample_size", study.get("n"))
    if isinstance(level, int) and not isinstance(level, bool):
        parts.append(f"OCEBM {level}")
    if isinstance(design, str) and design:
        blinding = study.get("blinding")
        parts.append(
            design_name(design) + (f", {blinding}-blind" if blinding in ("single", "double", "triple") else "")
        )
    if isinstance(n, int) and not isinstance(n, bool):
        parts.append(f"n = {n:,}")
    return f"[{' | '.join(parts)}]" if parts else ""
