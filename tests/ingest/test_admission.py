"""What a document must be to be stored, and the hash that tells whether it changed."""

from __future__ import annotations

import dataclasses

import pytest

from assay.errors import InputError, MalformedSource
from assay.ingest.admission import admitted
from assay.ingest.hashing import content_hash
from assay.ingest.limits import IngestOptions, Limits
from assay.types import AccessList, Block, Document, OriginSegment, freeze

DOCUMENT = Document(id="d", title="t", text="some text", metadata=freeze({"year": 1990}))


def test_a_sound_document_passes_as_it_is() -> None:
    assert admitted(DOCUMENT) == DOCUMENT


def test_characters_that_no_database_holds_are_replaced_one_for_one_and_told() -> None:
    bad = dataclasses.replace(DOCUMENT, text="a\x00b\ud800c", title="\ud800", metadata=freeze({"k\x00": ["\udfff"]}))
    clean = admitted(bad)
    assert clean.text == "a\ufffdb\ufffdc"
    assert clean.title == "\ufffd"
    assert clean.metadata == {"k\ufffd": ("\ufffd",)}
    assert "replaced by U+FFFD" in clean.warnings[0]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "  "},
        {"id": "x" * 600},
        {"blocks": (Block("code", 0, 10),)},
        {"blocks": (Block("code", 5, 2),)},
        {"origin": (OriginSegment(-1, 2, 0, 3),)},
    ],
)
def test_an_unfit_document_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(MalformedSource):
        admitted(dataclasses.replace(DOCUMENT, **change))  # type: ignore[arg-type]


def test_metadata_becomes_plain_values() -> None:
    odd = dataclasses.replace(DOCUMENT, metadata=freeze({"n": float("nan"), "path": DOCUMENT.access, "x": None}))
    assert admitted(odd).metadata == {"n": None, "path": "AccessList(readers=())", "x": None}


@pytest.mark.parametrize(
    "change",
    [
        {"text": "some text."},
        {"title": "other"},
        {"metadata": freeze({"year": 1991})},
        {"access": AccessList(("public",))},
        {"blocks": (Block("code", 0, 4),)},
        {"source": "/elsewhere"},
    ],
)
def test_the_hash_changes_with_everything_that_ingesting_again_would_change(change: dict[str, object]) -> None:
    other = dataclasses.replace(DOCUMENT, **change)  # type: ignore[arg-type]
    assert content_hash(other, "c", "e") != content_hash(DOCUMENT, "c", "e")


def test_the_hash_changes_with_chunker_and_embedder_and_not_with_the_order_of_metadata() -> None:
    base = content_hash(DOCUMENT, "c", "e")
    assert len({base, content_hash(DOCUMENT, "c2", "e"), content_hash(DOCUMENT, "c", "e2")}) == 3
    one = dataclasses.replace(DOCUMENT, metadata=freeze({"a": 1, "b": 2}))
    two = dataclasses.replace(DOCUMENT, metadata=freeze({"b": 2, "a": 1}))
    assert content_hash(one, "c", "e") == content_hash(two, "c", "e")


def test_options_are_read_from_a_plain_mapping_and_unknown_ones_are_refused() -> None:
    given = {"metadata": {"library": "x"}, "access": ["group:staff"], "format": "md", "reader": {"ocr": True}}
    options = IngestOptions.of(given)
    assert options.access.readers == ("group:staff",)
    assert IngestOptions.of(options.to_dict()) == options
    with pytest.raises(InputError, match="speed"):
        IngestOptions.of({"speed": 9})
    with pytest.raises(InputError, match="staff"):
        IngestOptions.of({"access": ["staff"]})


def test_limits_grow_with_the_file_up_to_an_end() -> None:
    limits = Limits()
    assert limits.wall_seconds(0) == 60.0
    assert limits.wall_seconds(10 << 20) == 80.0
    assert limits.text_bytes(0) == 64 << 20
    assert limits.text_bytes(200 << 20) == 1 << 30
