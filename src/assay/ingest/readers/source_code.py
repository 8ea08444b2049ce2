"""Source code and configuration: the text is the file's own; blocks follow its definitions (see `code_blocks`).

Docstrings and comments stay where they are. The title is the file's name with its ending.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from assay.ingest.readers.code_blocks import LANGUAGES, code_blocks, language_of
from assay.ingest.readers.common import decoded, make_document
from assay.types import Document, SourceFile


class SourceCodeReader:
    """One document a file."""

    name = "code"
    formats: tuple[str, ...] = tuple(LANGUAGES)

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The file as one document. Raises MalformedSource where it is empty."""
        found = decoded(source)
        path = PurePosixPath(source.path.removesuffix(".gz"))
        language = language_of(source.format) or language_of(path.suffix) or language_of(path.name)
        yield make_document(
            source,
            found.text,
            title=path.name,
            format=language or "code",
            metadata={"language": language} if language else {},
            blocks=code_blocks(found.text, language),
            warnings=found.warnings,
            is_prose=False,
        )
