"""XML: JATS articles and PubMed records with all they say of themselves; any other XML as readable fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assay.errors import MalformedSource
from assay.ingest.decoding import Decoded
from assay.ingest.readers.common import file_title, make_document
from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.html import HtmlReader
from assay.ingest.readers.jats import JatsRenderer
from assay.ingest.readers.jats_metadata import jats_metadata
from assay.ingest.readers.pubmed import ARTICLES, pubmed_metadata, write_pubmed
from assay.ingest.readers.xml_fields import write_fields
from assay.ingest.readers.xml_tree import decoded_xml, xml_trees
from assay.types import Document, SourceFile

_HEAD = 65_536
_ROOT = re.compile(r"<(?:\w+:)?([A-Za-z][\w.-]*)")


class XmlReader:
    """JATS: one document an article. PubMed: one document a record, its id `pmid:N`. Other XML: one document a file."""

    name = "xml"
    formats: tuple[str, ...] = ("xml", "nxml", "jats")

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The documents of the file. Raises MalformedSource: empty, not well formed, or declaring entities."""
        found = decoded_xml(source)
        head = found.text[:_HEAD]
        name = _root_name(head)
        if name.lower() == "html":
            yield from HtmlReader().read(source)
        elif name in ("PubmedArticleSet", "MedlineCitationSet", *ARTICLES):
            yield from _pubmed(source, found)
        elif re.search(r"<(?:article-meta|front-stub)\b", head) or (name == "article" and "<front" in head):
            yield from _jats(source, found, is_single=name == "article")
        else:
            yield _generic(source, found)


def _root_name(head: str) -> str:
    """The name of the first element, its prefix left out; nothing where none begins in `head`."""
    position = head.find("<")
    while position >= 0:
        is_comment = head.startswith("<!--", position)
        if not is_comment and not head.startswith(("<!", "<?"), position):
            match = _ROOT.match(head, position)
            return match.group(1) if match else ""
        end = head.find("-->" if is_comment else ">", position)
        position = head.find("<", end) if end >= 0 else -1
    return ""


def _jats(source: SourceFile, found: Decoded, *, is_single: bool) -> Iterator[Document]:
    number = 0
    for article in xml_trees(found.text, source.path, cut=("article",)):
        number += 1
        renderer = JatsRenderer(found.text)
        renderer.render(article)
        metadata = jats_metadata(article)
        id = "" if is_single else _article_id(metadata, f"{source.path}#{number}")
        yield _document(source, renderer.writer, found, metadata, "jats", id)
    if not number:
        raise MalformedSource(f"{source.path} holds no article", why="no <article> element was found")


def _pubmed(source: SourceFile, found: Decoded) -> Iterator[Document]:
    number = 0
    for record in xml_trees(found.text, source.path, cut=ARTICLES):
        number += 1
        writer = FlowWriter(found.text)
        has_abstract = write_pubmed(writer, record)
        metadata = pubmed_metadata(record)
        warnings = () if has_abstract else ("The record has no abstract.",)
        id = _article_id(metadata, f"{source.path}#{number}")
        yield _document(source, writer, found, metadata, "pubmed", id, warnings)
    if not number:
        raise MalformedSource(f"{source.path} holds no record", why="no PubmedArticle or MedlineCitation was found")


def _generic(source: SourceFile, found: Decoded) -> Document:
    root = next(xml_trees(found.text, source.path), None)
    if root is None:
        raise MalformedSource(f"{source.path} has no root element")
    writer = FlowWriter(found.text)
    title = write_fields(writer, root, found.text)
    return _document(source, writer, found, {"title": title} if title else {}, "xml", "")


def _document(
    source: SourceFile,
    writer: FlowWriter,
    found: Decoded,
    metadata: dict[str, Any],
    format: str,
    id: str,
    warnings: tuple[str, ...] = (),
) -> Document:
    text, origin, blocks = writer.finish()
    title = str(metadata.pop("title", "")) or file_title(source.path)
    return make_document(
        source,
        text,
        title=title,
        format=format,
        id=id,
        metadata=metadata,
        blocks=blocks,
        origin=origin,
        warnings=(*found.warnings, *warnings),
    )


def _article_id(metadata: dict[str, Any], otherwise: str) -> str:
    for key, prefix in (("pmid", "pmid:"), ("pmcid", "pmc:"), ("doi", "doi:")):
        if metadata.get(key):
            return f"{prefix}{metadata[key]}"
    return otherwise
