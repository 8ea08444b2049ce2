"""Seals: sizes and checksums of an index generation's files, so that damage is noticed before it is served.

A damaged index can load without an error and then hold half its points, so a folder is *sealed* after a flush: every
file's size and CRC-32 are written to `seal.json` in the folder, and the seal's revision and digest into the catalogue
by whoever asked for the flush. Before the next change the seal is *broken* (renamed). On opening there are three cases:

- sealed: every file is compared, and any difference is damage;
- broken (the process ended without closing): the index must be compared with the catalogue, point by point. The files
  that the engine never writes twice are still compared with the broken seal, for those that still exist;
- never sealed: as broken.

CRC-32 finds accidents, not forgery: whoever may write here may also write a seal.
"""

from __future__ import annotations

import json
import os
import uuid
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from assay.types import Record

SEAL = "seal.json"
BROKEN = "seal.broken.json"
_BLOCK = 64 << 10
_ZEROS = bytes(_BLOCK)
# Written once when a segment is built, and never again.
_STATIC = frozenset(
    {
        "matrix.dat",
        "graph.bin",
        "links_compressed.bin",
        "inverted_index.dat",
        "values_to_points.bin",
        "point_to_values.bin",
    }
)
Entry = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Seal(Record):
    """What a sealed folder held: `revision` names the state of the content, `files` its path -> (size, CRC-32)."""

    revision: str
    points: int
    files: dict[str, Entry]

    @property
    def digest(self) -> str:
        """A short name of the content of this seal."""
        return blake2b(self._text().encode(), digest_size=12).hexdigest()

    def _text(self) -> str:
        return json.dumps([self.revision, self.points, sorted(self.files.items())], separators=(",", ":"))


def new_revision() -> str:
    """A name for a state of the content that no other state has."""
    return uuid.uuid4().hex


def write_seal(folder: Path, revision: str, points: int) -> Seal:
    """Seal `folder` as it lies on disk now; durable when this returns."""
    seal = Seal(revision, points, checksums(folder))
    told = {"revision": seal.revision, "points": points, "files": seal.files, "digest": seal.digest}
    part = folder / f"{SEAL}.part"
    with part.open("w", encoding="utf-8") as handle:
        json.dump(told, handle, separators=(",", ":"))
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(folder / SEAL)
    (folder / BROKEN).unlink(missing_ok=True)
    sync_folder(folder)
    return seal


def break_seal(folder: Path) -> None:
    """From here on the folder may change; durable when this returns."""
    if (folder / SEAL).exists():
        (folder / SEAL).replace(folder / BROKEN)
        sync_folder(folder)


def mend_seal(folder: Path) -> None:
    """Take back `break_seal`: nothing has changed since."""
    (folder / BROKEN).replace(folder / SEAL)
    sync_folder(folder)


def read_seal(folder: Path, name: str = SEAL) -> Seal | None:
    """The seal of `folder`, or None where there is none or it is damaged itself."""
    try:
        told = json.loads((folder / name).read_text("utf-8"))
        files = {str(path): (int(size), int(crc)) for path, (size, crc) in told["files"].items()}
        seal = Seal(str(told["revision"]), int(told["points"]), files)
        return seal if seal.digest == told["digest"] else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def faults_of(folder: Path, seal: Seal) -> list[str]:
    """What is not as it was sealed, one line a file; empty when all is well."""
    now = checksums(folder)
    found = [f"{path} is missing" for path in sorted(seal.files.keys() - now.keys())]
    found += [f"{path} is new" for path in sorted(now.keys() - seal.files.keys())]
    found += [_difference(path, seal.files[path], now[path]) for path in sorted(seal.files.keys() & now.keys())]
    return [line for line in found if line]


def static_faults(folder: Path) -> list[str]:
    """Under a broken seal: files that are never written twice and yet changed, or went while their segment stayed."""
    seal = read_seal(folder, BROKEN)
    if seal is None:
        return []
    found = []
    for path, entry in sorted(seal.files.items()):
        place = folder / path
        if place.name not in _STATIC or not _segment_stands(folder, path):
            continue
        found.append(_difference(path, entry, _entry(place)) if place.is_file() else f"{path} is missing")
    return [line for line in found if line]


def checksums(folder: Path) -> dict[str, Entry]:
    """Path -> (size, CRC-32) of every file of `folder` but the seals."""
    own = {SEAL, BROKEN, f"{SEAL}.part"}
    paths = sorted(place for place in folder.rglob("*") if place.is_file() and place.name not in own)
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        entries = list(pool.map(_entry, paths))
    return {path.relative_to(folder).as_posix(): entry for path, entry in zip(paths, entries, strict=True)}


def stamps(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Path -> (size, time of change, inode) of every file but the seals: a cheap sign that something was written."""
    found = {}
    for place in folder.rglob("*"):
        if place.is_file() and place.name not in (SEAL, BROKEN):
            told = place.stat()
            found[str(place)] = (told.st_size, told.st_mtime_ns, told.st_ino)
    return found


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _entry(place: Path) -> Entry:
    """Size and CRC-32 over the blocks that are not all zero, each with its number before it.

    The engine makes files far larger than their content; what was never written is a hole, or zeros after a copy.
    """
    crc = 0
    with place.open("rb", buffering=0) as handle:
        size = os.fstat(handle.fileno()).st_size
        for start, end in _extents(handle.fileno(), size):
            handle.seek(start)
            for offset in range(start, end, _BLOCK):
                block = handle.read(_BLOCK)
                if block != _ZEROS[: len(block)]:
                    crc = zlib.crc32(block, zlib.crc32(offset.to_bytes(8, "big"), crc))
    return size, crc


def _extents(handle: int, size: int) -> Iterator[tuple[int, int]]:
    """The parts of a file that may hold data, as whole blocks, without overlap."""
    end = 0
    while end < size:
        try:
            start = os.lseek(handle, end, os.SEEK_DATA)
        except OSError:
            # Nothing but a hole follows.
            return
        stop = os.lseek(handle, start, os.SEEK_HOLE)
        start = max(end, start // _BLOCK * _BLOCK)
        end = min(size, -(-stop // _BLOCK) * _BLOCK)
        yield start, end


def _difference(path: str, sealed: Entry, now: Entry) -> str:
    if sealed == now:
        return ""
    if sealed[0] != now[0]:
        return f"{path} has {now[0]} bytes instead of {sealed[0]}"
    return f"{path} has another content"


def _segment_stands(folder: Path, path: str) -> bool:
    # Optimising removes whole segments: a file that went with its segment is no loss.
    parts = Path(path).parts
    return len(parts) > 2 and parts[0] == "segments" and (folder / "segments" / parts[1] / "segment.json").is_file()
