"""The content hash: equal hashes mean that ingesting a document again would change nothing."""

from __future__ import annotations

import hashlib
import json

from assay.ingest.wire import document_header
from assay.types import Document


def content_hash(document: Document, chunker_version: str, embedder_fingerprint: str) -> str:
    """SHA-256 (hex) over the whole document and over what its chunks and vectors depend on.

    Text, title, metadata, access list, blocks, origin and source count, so a change of any of them is a change.
    """
    header = json.dumps(
        {**document_header(document), "chunker": chunker_version, "embedder": embedder_fingerprint},
        sort_keys=True,
        separators=(",", ":"),
        default=str,
    )
    digest = hashlib.sha256()
    for part in (header.encode("utf-8", "surrogatepass"), document.text.encode("utf-8", "surrogatepass")):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
