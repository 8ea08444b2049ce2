"""PubMed records (PubmedArticleSet, MedlineCitationSet): one document an article, with what MEDLINE says of it.

Follows the NLM DTD of PubMed. Text: title and abstract with its labelled sections. Everything else is metadata.
"""

from __future__ import annotations

from typing import Any

from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.jats_metadata import iso_date
from assay.ingest.readers.markup import Element, text_at

ARTICLES = ("PubmedArticle", "MedlineCitation")


def citation_of(record: Element) -> Element:
    """The MedlineCitation of a record, which may be the record itself."""
    return record if record.name == "MedlineCitation" else record.find("MedlineCitation") or record


def write_pubmed(writer: FlowWriter, record: Element) -> bool:
    """Write title and abstract; True if there is an abstract."""
    article = citation_of(record).find("Article")
    if article is None:
        return False
    _heading(writer, article.find("ArticleTitle"), "title", 1)
    texts = [*article.find_all("Abstract/AbstractText"), *citation_of(record).find_all("OtherAbstract/AbstractText")]
    for text in texts:
        label = text.get("Label")
        writer.locator = f"abstract, {label}" if label else "abstract"
        if label and label.upper() not in ("UNLABELLED", "UNASSIGNED"):
            with writer.block("heading", level=2, label=label):
                writer.own(label)
        writer.gap(2)
        _inline(writer, text)
        writer.gap(2)
    return bool(texts)


def pubmed_metadata(record: Element) -> dict[str, Any]:
    """The metadata of one record, under the same keys as a JATS article's."""
    citation = citation_of(record)
    article = citation.find("Article") or Element("Article", 0)
    dates = _dates(record, article)
    authors = _authors(article)
    status = citation.get("Status")
    found: dict[str, Any] = {
        "pmid": text_at(citation, "PMID"),
        **_identifiers(record, article),
        "title": text_at(article, "ArticleTitle"),
        "journal": text_at(article, "Journal/Title"),
        "journal_abbrev": text_at(article, "Journal/ISOAbbreviation")
        or text_at(citation, "MedlineJournalInfo/MedlineTA"),
        "issn": text_at(article, "Journal/ISSN"),
        "volume": text_at(article, "Journal/JournalIssue/Volume"),
        "issue": text_at(article, "Journal/JournalIssue/Issue"),
        "pages": text_at(article, "Pagination/MedlinePgn"),
        "pub_dates": dates,
        "year": _year(dates),
        "publication_types": _words(article, "PublicationTypeList/PublicationType"),
        "mesh": _words(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
        "keywords": _words(citation, "KeywordList/Keyword"),
        "languages": _words(article, "Language"),
        "authors": authors,
        "n_authors": len(authors),
        "registrations": _words(article, "DataBankList/DataBank/AccessionNumberList/AccessionNumber"),
        "medline_indexed": True if status == "MEDLINE" else None,
        "funding": "; ".join(_words(article, "GrantList/Grant/Agency")),
        "interests": text_at(citation, "CoiStatement"),
        "comments_corrections": _corrections(citation),
    }
    return {key: value for key, value in found.items() if value not in ("", [], {}, None, 0)}


def _heading(writer: FlowWriter, element: Element | None, locator: str, level: int) -> None:
    if element is not None and element.words():
        writer.locator = locator
        with writer.block("heading", level=level, label=element.words()):
            _inline(writer, element)


def _inline(writer: FlowWriter, element: Element) -> None:
    for child in element.children:
        if not isinstance(child, Element):
            writer.inline(child)
            continue
        if child.name == "sup":
            writer.superscript(child.words())
        _inline(writer, child)


def _identifiers(record: Element, article: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in article.elements("ELocationID"):
        if item.get("EIdType") == "doi" and item.get("ValidYN", "Y") == "Y":
            found.setdefault("doi", item.words())
    for item in record.find_all("PubmedData/ArticleIdList/ArticleId"):
        key = {"doi": "doi", "pmc": "pmcid"}.get(item.get("IdType"))
        if key and item.words():
            found.setdefault(key, item.words())
    return found


def _dates(record: Element, article: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    issue = article.find("Journal/JournalIssue/PubDate")
    if issue is not None:
        date = _date(issue) or text_at(issue, "MedlineDate")[:4]
        if date[:4].isdigit():
            found["ppub"] = date
    for item in article.elements("ArticleDate"):
        found.setdefault("epub" if item.get("DateType") == "Electronic" else item.get("DateType").lower(), _date(item))
    for item in record.find_all("PubmedData/History/PubMedPubDate"):
        found.setdefault(item.get("PubStatus").lower(), _date(item))
    return {kind: date for kind, date in found.items() if kind and date}


def _date(item: Element) -> str:
    return iso_date(text_at(item, "Year"), text_at(item, "Month"), text_at(item, "Day"))


def _year(dates: dict[str, str]) -> int | None:
    date = dates.get("ppub") or dates.get("epub") or min(dates.values(), default="")
    return int(date[:4]) if date[:4].isdigit() else None


def _authors(article: Element) -> list[str]:
    found: list[str] = []
    for author in article.find_all("AuthorList/Author"):
        surname, initials = text_at(author, "LastName"), text_at(author, "Initials")
        name = f"{surname} {initials}".strip() or text_at(author, "CollectiveName")
        if name:
            found.append(name)
    return found


def _words(element: Element, path: str) -> list[str]:
    return list(dict.fromkeys(item.words() for item in element.find_all(path) if item.words()))


def _corrections(citation: Element) -> list[dict[str, str]]:
    return [
        {"type": item.get("RefType"), "pmid": text_at(item, "PMID"), "source": text_at(item, "RefSource")}
        for item in citation.find_all("CommentsCorrectionsList/CommentsCorrections")
    ]
