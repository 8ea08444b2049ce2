"""reStructuredText: the text stays as it is; structure is read from it as blocks by a line scanner of its own.

docutils is not used: it has no character offsets and loses what it does not know (most Sphinx directives). Included
files are put in where the option `include_root` allows it (see `includes`); else their directive lines stay.
"""

from __future__ import annotations

from collections.abc import Iterator

from assay.ingest.readers.anchors import markup_anchors
from assay.ingest.readers.common import decoded, file_title, make_document
from assay.ingest.readers.includes import with_includes
from assay.ingest.readers.markdown import first_heading
from assay.ingest.readers.rst_scan import rst_blocks
from assay.types import Document, SourceFile


class RestructuredTextReader:
    """One document a file. Title: the first heading, else the file's name."""

    name = "rst"
    formats: tuple[str, ...] = ("rst", "rest")

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The file as one document. Raises MalformedSource where it is empty."""
        found = decoded(source)
        included = with_includes(source, found.text, "rst")
        blocks = rst_blocks(included.text)
        yield make_document(
            source,
            included.text,
            title=first_heading(blocks) or file_title(source.path),
            format="rst",
            metadata={**markup_anchors(included.text, "rst", blocks), **included.metadata},
            blocks=blocks,
            origin=included.origin,
            warnings=(*found.warnings, *included.warnings),
        )
