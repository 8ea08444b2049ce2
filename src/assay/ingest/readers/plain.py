"""Plain text (txt, log, no ending) and plain YAML: the text is the file's own, one to one. No structure is guessed."""

from __future__ import annotations

from collections.abc import Iterator

from assay.ingest.readers.common import decoded, file_title, make_document
from assay.types import Document, SourceFile


class PlainTextReader:
    """One document a file, its text the decoded file."""

    name = "text"
    formats: tuple[str, ...] = ("txt", "text", "log", "")

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The file as one document. Raises MalformedSource where it is empty."""
        found = decoded(source)
        yield make_document(source, found.text, title=file_title(source.path), format="text", warnings=found.warnings)
