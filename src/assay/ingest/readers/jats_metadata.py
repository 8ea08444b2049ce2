"""What a JATS article says of itself: identifiers, journal, dates by kind, people, subjects, licence.

A key is present only where the article states it. Dates are ISO, as exact as given ("2007", "2007-01", "2007-01-11").
`year` is the year of the issue (collection, then print), else the earliest of the dates.
"""

from __future__ import annotations

import re
from typing import Any

from assay.ingest.readers.markup import Element, text_at

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_IDENTIFIERS = {"pmid": "pmid", "doi": "doi", "pmc": "pmcid", "pmcid": "pmcid"}
_FORMATS = {"electronic": "epub", "print": "ppub"}


def jats_metadata(article: Element) -> dict[str, Any]:
    """The metadata of one article, under the keys that the medical pack reads."""
    front = article.find("front") or article.find("front-stub") or article
    meta = front.find("article-meta") or front
    dates = _dates(meta)
    history = {
        kind: date for kind, date in (_date(item, "date-type") for item in meta.find_all("history/date")) if date
    }
    authors = _authors(meta)
    found: dict[str, Any] = {
        **_identifiers(meta),
        "title": text_at(meta, "title-group/article-title"),
        **_journal(front),
        "volume": text_at(meta, "volume"),
        "issue": text_at(meta, "issue"),
        "pages": _pages(meta),
        "pub_dates": dates,
        "year": _year(dates),
        "history": history,
        "peer_reviewed": True if "accepted" in history else None,
        "article_type": article.get("article-type"),
        "subjects": [item.words() for item in meta.find_all("article-categories/subj-group/subject")],
        "keywords": [item.words() for item in meta.find_all("kwd-group/kwd")],
        "authors": authors,
        "n_authors": len(authors),
        "license": _licence(meta),
        "funding": text_at(meta, "funding-group/funding-statement"),
        "related_articles": _related(meta),
        "n_references": sum(1 for item in article.walk() if item.name == "ref"),
    }
    return {key: value for key, value in found.items() if value not in ("", [], {}, None, 0)}


def iso_date(year: str, month: str, day: str) -> str:
    """A date as exact as its parts allow; empty where the year is not a year."""
    if not re.fullmatch(r"\d{4}", year.strip()):
        return ""
    number = _MONTHS.get(month.strip().lower()[:3]) or (int(month) if re.fullmatch(r"\s*\d{1,2}\s*", month) else 0)
    if not 1 <= number <= 12:
        return year.strip()
    date = f"{year.strip()}-{number:02}"
    return f"{date}-{int(day):02}" if re.fullmatch(r"\s*\d{1,2}\s*", day) and 1 <= int(day) <= 31 else date


def person(surname: str, given: str) -> str:
    """A name as MEDLINE writes it: surname and initials."""
    initials = "".join(part[0] for part in re.split(r"[\s.]+", given) if part)
    return f"{surname} {initials}".strip()


def _identifiers(meta: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in meta.elements("article-id"):
        key = _IDENTIFIERS.get(item.get("pub-id-type"))
        words = item.words()
        if key and words:
            found.setdefault(key, f"PMC{words}" if key == "pmcid" and words.isdigit() else words)
    return found


def _journal(front: Element) -> dict[str, str]:
    meta = front.find("journal-meta")
    if meta is None:
        return {}
    kinds = {item.get("journal-id-type"): item.words() for item in meta.elements("journal-id")}
    return {
        "journal": text_at(meta, "journal-title-group/journal-title") or text_at(meta, "journal-title"),
        "journal_abbrev": kinds.get("iso-abbrev") or kinds.get("nlm-ta") or "",
        "issn": text_at(meta, "issn"),
        "publisher": text_at(meta, "publisher/publisher-name"),
    }


def _pages(meta: Element) -> str:
    first, last = text_at(meta, "fpage"), text_at(meta, "lpage")
    if first:
        return f"{first}-{last}" if last and last != first else first
    return text_at(meta, "elocation-id")


def _dates(meta: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in meta.elements("pub-date"):
        kind, date = _date(item, "pub-type")
        if date:
            found.setdefault(kind, date)
    return found


def _date(item: Element, attribute: str) -> tuple[str, str]:
    kind = item.get(attribute) or item.get("date-type")
    if kind in ("pub", ""):
        kind = _FORMATS.get(item.get("publication-format"), kind or "pub")
    iso = item.get("iso-8601-date")
    return kind, iso_date(text_at(item, "year"), text_at(item, "month"), text_at(item, "day")) or iso[:10]


def _year(dates: dict[str, str]) -> int | None:
    issue = dates.get("collection") or dates.get("ppub") or min(dates.values(), default="")
    return int(issue[:4]) if issue[:4].isdigit() else None


def _authors(meta: Element) -> list[str]:
    found: list[str] = []
    for contributor in meta.find_all("contrib-group/contrib"):
        if contributor.get("contrib-type", "author") != "author":
            continue
        name = contributor.find("name") or contributor.find("name-alternatives/name")
        collective = text_at(contributor, "collab")
        if name is not None:
            found.append(person(text_at(name, "surname"), text_at(name, "given-names")))
        elif collective:
            found.append(collective)
    return found


def _licence(meta: Element) -> str:
    licence = meta.find("permissions/license")
    if licence is None:
        return ""
    return licence.get("xlink:href") or licence.get("license-type") or licence.words()[:200]


def _related(meta: Element) -> list[dict[str, str]]:
    return [
        {"type": item.get("related-article-type"), "id": item.get("xlink:href") or item.words()}
        for item in meta.elements("related-article")
    ]
