"""reStructuredText: the text stays as it is; structure is read from it as blocks by a line scanner of its own.

docutils is not used: it has no character offsets and loses what it does not know (most Sphinx directives). Included
files are not fetched; their directive lines stay in the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from assay.ingest.readers.common import decoded, file_title, make_document
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
        blocks = rst_blocks(found.text)
        yield make_document(
            source,
            found.text,
            title=first_heading(blocks) or file_title(source.path),
            format="rst",
            blocks=blocks,
            warnings=found.warnings,
        )
