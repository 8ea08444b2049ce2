"""Where the model's files lie, and how its tensors are read from safetensors.

It looks, it reads, it checks; it never fetches (that is `assay.models.minilm.install`).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assay.errors import ModelError, ModelMissing
from assay.models.minilm import facts
from assay.types import Matrix

_HEADER_LIMIT = 1_000_000


def cache_folder() -> Path:
    """Where `assay model install` puts the model of this version."""
    from platformdirs import user_cache_path

    return user_cache_path("assay") / "models" / f"{facts.DISTRIBUTION}-{facts.VERSION}"


def find_model(folder: Path | None = None) -> Path:
    """The folder that holds weights and tokeniser: `folder` if given, else the installed package, else the cache.

    The package is located and never imported, since importing it would ask for torch.
    Raises ModelMissing where there is none.
    """
    if folder is not None:
        return _complete(folder) or _missing(f"{folder} does not hold {facts.WEIGHTS_FILE} and {facts.TOKENISER_FILE}")
    package = importlib.util.find_spec(facts.MODULE)
    places = [Path(place) / "model" for place in (package.submodule_search_locations if package else None) or ()]
    for place in (*places, cache_folder() / "model"):
        if found := _complete(place):
            return found
    return _missing("it is neither installed as a package nor in the cache")


def _complete(folder: Path) -> Path | None:
    files = (folder / facts.WEIGHTS_FILE, folder / facts.TOKENISER_FILE)
    return folder if all(file.is_file() for file in files) else None


def _missing(why: str) -> Path:
    raise ModelMissing(
        f"the local embedding model {facts.NAME} is not installed",
        why=why,
        next="run `assay model install` once (it fetches 88 MB and nothing else)",
    )


def verify(folder: Path) -> None:
    """Compare both files with their known SHA-256. Raises ModelError naming the file that differs."""
    expected = {facts.WEIGHTS_FILE: facts.WEIGHTS_SHA256, facts.TOKENISER_FILE: facts.TOKENISER_SHA256}
    for name, digest in expected.items():
        with (folder / name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != digest:
            raise ModelError(
                f"{folder / name} is damaged or another version",
                why=f"its SHA-256 starts with {found[:12]} and not with {digest[:12]}",
                next="remove the folder and run `assay model install`",
            )


@dataclass(frozen=True, slots=True)
class Weights:
    """The tensors of one safetensors file, mapped into memory and read when asked for."""

    path: Path
    data: np.memmap[tuple[int], np.dtype[np.uint8]]
    layout: Mapping[str, tuple[tuple[int, ...], int, int]]

    @classmethod
    def open(cls, path: Path) -> Weights:
        """Map `path`. Raises ModelError where it is not a safetensors file of float32 tensors.

        Format: 8 bytes little-endian header length, a JSON header, then the raw tensors
        (https://huggingface.co/docs/safetensors).
        """
        try:
            # Copy on write: nobody writes, but an engine shares only memory that it might write to.
            data: np.memmap[tuple[int], np.dtype[np.uint8]] = np.memmap(path, np.uint8, "c")
            return cls(path, data, _layout(data))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{path} is not a safetensors file that can be used",
                why=str(error),
                next="remove the folder and run `assay model install`",
            ) from error

    def __getitem__(self, name: str) -> Matrix:
        """The tensor of that name, float32, without copying."""
        shape, start, end = self.layout[name]
        return self.data[start:end].view(np.float32).reshape(shape)


def _layout(data: np.memmap[tuple[int], np.dtype[np.uint8]]) -> dict[str, tuple[tuple[int, ...], int, int]]:
    length = int.from_bytes(data[:8].tobytes(), "little")
    if not 2 <= length <= min(_HEADER_LIMIT, len(data) - 8):
        raise ValueError("its header length is impossible")
    header = json.loads(data[8 : 8 + length].tobytes())
    layout = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        shape = tuple(entry["shape"])
        if entry["dtype"] == "F32" and (end > len(data) or end - start != 4 * int(np.prod(shape))):
            raise ValueError(f"tensor {name} does not fit the file")
        if entry["dtype"] == "F32":
            layout[name] = (shape, start, end)
    return layout
