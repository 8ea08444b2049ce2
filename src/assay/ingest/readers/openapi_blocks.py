"""The operations of an OpenAPI description inside its raw text, as code blocks, for records that keep their text."""

from __future__ import annotations

from assay.errors import IngestError
from assay.ingest.readers.json_scan import scan
from assay.ingest.readers.openapi_parts import METHODS
from assay.ingest.readers.yaml_scan import scan_yaml
from assay.types import Block


def openapi_blocks(text: str) -> tuple[Block, ...]:
    """One code block an operation, from its key to the end of its value; none where the text cannot be read."""
    is_json = text.lstrip().startswith("{")
    try:
        root = scan(text, "the description") if is_json else scan_yaml(text, "the description")
    except IngestError:
        return ()
    language = "json" if is_json else "yaml"
    paths = root.member("paths")
    return tuple(
        Block("code", operation.key_span[0], operation.end, language=language, label=f"{method.upper()} {path}")
        for path, item in (paths.items if paths is not None else [])
        for method, operation in item.items
        if method in METHODS and operation.end > operation.key_span[0]
    )
