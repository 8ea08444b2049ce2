"""YAML: an OpenAPI description is read as such; any other file stays as it is, one to one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assay.ingest.readers.common import decoded, file_title, make_document
from assay.ingest.readers.openapi import is_openapi, openapi_document
from assay.ingest.readers.yaml_scan import scan_yaml
from assay.types import Document, SourceFile

_ANNOUNCED = re.compile(r"""^["']?(?:openapi|swagger)["']?\s*:""", re.MULTILINE)


class YamlReader:
    """One document a file."""

    name = "yaml"
    formats: tuple[str, ...] = ("yaml", "yml")

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The file as one document. Raises MalformedSource where it is empty, or a description is not valid YAML."""
        found = decoded(source)
        if _ANNOUNCED.search(found.text):
            root = scan_yaml(found.text, source.path)
            if is_openapi(root):
                yield openapi_document(source, root, found)
                return
        yield make_document(
            source,
            found.text,
            title=file_title(source.path),
            format="yaml",
            warnings=found.warnings,
            is_prose=False,
        )
