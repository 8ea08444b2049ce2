"""MEDLINE (.nbib) and RIS (.ris) records: one document a record, title and abstract as text, the rest as metadata.

MEDLINE tags after NLM, "MEDLINE/PubMed Data Element (Field) Descriptions"; RIS after the Research Information Systems
specification. A line "TAG - value" begins a field, an indented line goes on with it. Metadata keys are those of the
PubMed reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from assay.errors import MalformedSource
from assay.ingest.decoding import Decoded
from assay.ingest.readers.common import decoded, make_document
from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.jats_metadata import iso_date
from assay.types import Document, SourceFile

_FIELD = re.compile(r"(?P<tag>[A-Z][A-Z0-9]{1,3}) {0,3}-(?: |$)")
_LABEL = re.compile(r"(?:(?<=\. )|(?<=\.\) )|^)(?P<label>[A-Z][A-Z /&,()-]{3,60}): ")
_DATE = re.compile(r"(?P<year>\d{4})[ /]?(?P<month>[A-Za-z]{3}|\d{1,2})?[ /]?(?P<day>\d{1,2})?")
_LINKS = {"RIN": "RetractionIn", "ROF": "RetractionOf", "ECI": "ExpressionOfConcernIn", "ECF": "ExpressionOfConcernFor"}
_LINKS |= {"EIN": "ErratumIn", "EFR": "ErratumFor", "CRI": "CorrectedandRepublishedIn", "UIN": "UpdateIn"}
_LINKS |= {"CON": "CommentOn", "CIN": "CommentIn", "RPI": "RepublishedIn", "UOF": "UpdateOf"}
_TITLES = ("TI", "T1", "BTI", "TT")
_ABSTRACTS = ("AB", "N2", "OAB")


class _Field(NamedTuple):
    """A field with the pieces of its value, each as long as its place in the source."""

    tag: str
    pieces: tuple[tuple[str, int, int], ...]

    @property
    def value(self) -> str:
        return " ".join(" ".join(piece[0] for piece in self.pieces).split())


class MedlineReader:
    """One document a record, its id `pmid:N` where the record has a PMID."""

    name = "medline"
    formats: tuple[str, ...] = ("nbib", "medline", "ris")

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The records in order. Raises MalformedSource: empty, or without any record."""
        found = decoded(source)
        number = 0
        for fields in _records(found.text):
            number += 1
            yield _document(source, found, fields, number)
        if not number:
            what = f"{source.path} holds no record"
            raise MalformedSource(what, why="no line is of the form TAG - value", next="Export it as MEDLINE or RIS")


def _records(text: str) -> Iterator[list[_Field]]:
    fields: list[_Field] = []
    position = 0
    for line in text.splitlines(keepends=True):
        start, position = position, position + len(line)
        match = _FIELD.match(line)
        body = line.rstrip("\r\n")
        if match:
            begins = match["tag"] in ("PMID", "TY") and any(field.tag in ("PMID", "TY") for field in fields)
            if begins:
                yield fields
                fields = []
            value = body[match.end() :]
            fields.append(_Field(match["tag"], ((value, start + match.end(), start + len(body)),)))
        elif fields and body[:1].isspace() and body.strip():
            indent = len(body) - len(body.lstrip())
            piece = (body[indent:], start + indent, start + len(body))
            fields[-1] = fields[-1]._replace(pieces=(*fields[-1].pieces, piece))
    if fields:
        yield fields


def _document(source: SourceFile, found: Decoded, fields: Sequence[_Field], number: int) -> Document:
    by_tag: dict[str, list[_Field]] = {}
    for field in fields:
        by_tag.setdefault(field.tag, []).append(field)
    writer = FlowWriter(found.text)
    title = _first(by_tag, *_TITLES)
    if title is not None:
        writer.locator = f"record {number}, title"
        with writer.block("heading", level=1, label=title.value):
            _write(writer, title)
    abstracts = [field for tag in _ABSTRACTS for field in by_tag.get(tag, ())]
    for field in abstracts:
        writer.locator = f"record {number}, abstract"
        writer.gap(2)
        _write(writer, field)
        writer.gap(2)
    text, origin, blocks = writer.finish()
    metadata = _metadata(by_tag)
    id = f"pmid:{metadata['pmid']}" if metadata.get("pmid") else f"{source.path}#{number}"
    warnings = () if abstracts else ("The record has no abstract.",)
    return make_document(
        source,
        text,
        title=title.value if title else id,
        format="medline",
        id=id,
        metadata=metadata,
        blocks=blocks,
        origin=origin,
        warnings=(*found.warnings, *warnings),
    )


def _write(writer: FlowWriter, field: _Field) -> None:
    """The value as running text; each labelled section of an abstract on a line of its own."""
    for number, (text, start, _) in enumerate(field.pieces):
        if number:
            writer.space()
        position = 0
        for match in _LABEL.finditer(text):
            if match.start() > position:
                writer.inline((text[position : match.start()], start + position, start + match.start()))
            if match.start() or number:
                writer.gap(1)
            position = match.start()
        writer.inline((text[position:], start + position, start + len(text)))


def _metadata(by_tag: Mapping[str, Sequence[_Field]]) -> dict[str, Any]:
    def one(*tags: str) -> str:
        field = _first(by_tag, *tags)
        return field.value if field else ""

    def every(*tags: str) -> list[str]:
        values = [field.value for tag in tags for field in by_tag.get(tag, ()) if field.value]
        return list(dict.fromkeys(values))

    authors = every("AU", "A1") + every("CN")
    dates = {"ppub": _iso(one("DP", "PY", "Y1")), "epub": _iso(one("DEP", "DA"))}
    dates = {kind: date for kind, date in dates.items() if date}
    year = dates.get("ppub") or dates.get("epub") or ""
    found: dict[str, Any] = {
        "pmid": one("PMID") or (one("AN") if one("DB").lower() in ("pubmed", "medline", "nlm") else ""),
        "pmcid": one("PMC"),
        "doi": _doi(every("DO", "LID", "AID")),
        "journal": one("JT", "T2", "JF", "JO"),
        "journal_abbrev": one("TA", "JA", "J2"),
        "issn": one("IS") if "PMID" in by_tag else one("SN"),
        "volume": one("VI", "VL"),
        "issue": one("IP") or ("" if "PMID" in by_tag else one("IS")),
        "pages": one("PG") or "-".join(every("SP", "EP")),
        "pub_dates": dates,
        "year": int(year[:4]) if year else None,
        "publication_types": every("PT"),
        "mesh": list(dict.fromkeys(_descriptor(heading) for heading in every("MH"))),
        "keywords": every("OT", "KW"),
        "languages": every("LA"),
        "authors": authors,
        "n_authors": len(authors),
        "registrations": [item.rsplit("/", 1)[-1] for item in every("SI")],
        "medline_indexed": True if one("STAT").upper() == "MEDLINE" else None,
        "funding": "; ".join(every("GR")),
        "interests": one("COIS"),
        "comments_corrections": _corrections(by_tag),
    }
    return {key: value for key, value in found.items() if value not in ("", [], {}, None, 0)}


def _first(by_tag: Mapping[str, Sequence[_Field]], *tags: str) -> _Field | None:
    return next((by_tag[tag][0] for tag in tags if by_tag.get(tag) and by_tag[tag][0].value), None)


def _descriptor(heading: str) -> str:
    """ "*Asthma/drug therapy" as "Asthma"."""
    return heading.split("/")[0].lstrip("*")


def _doi(values: Sequence[str]) -> str:
    for value in values:
        match = re.search(r"10\.\d{4,9}/\S+", value)
        if match and ("[doi]" in value or "[" not in value):
            return match.group().removesuffix("[doi]").strip()
    return ""


def _iso(raw: str) -> str:
    clean = raw.strip()
    if re.fullmatch(r"\d{8}", clean):
        return iso_date(clean[:4], clean[4:6], clean[6:])
    match = _DATE.match(clean)
    return iso_date(match["year"], match["month"] or "", match["day"] or "") if match else ""


def _corrections(by_tag: Mapping[str, Sequence[_Field]]) -> list[dict[str, str]]:
    found = []
    for tag, kind in _LINKS.items():
        for field in by_tag.get(tag, ()):
            pmid = re.search(r"PMID:\s*(\d+)", field.value)
            found.append({"type": kind, "pmid": pmid[1] if pmid else "", "source": field.value})
    return found
