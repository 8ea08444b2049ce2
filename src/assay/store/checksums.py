"""Seals: sizes and checksums of an index generation's files, so that damage is noticed before it is served.

A damaged index can load without an error and then hold half its points, so a folder is *sealed* after a flush: every
file's size and CRC-32 are written to `seal.json` in the folder, and the seal's revision and digest into the catalogue
by whoever asked for the flush. Before the next change the seal is *broken* (renamed). On opening there are three cases:

- sealed: every file is compared, and any difference is damage. A file whose stamp (see `stamps`) is the sealed one, in
  the same run of the machine, was not touched since and is not read; any other is. What a disk lost or changed by
  itself while the machine went on running is found by `assay doctor`, which reads every file;
- broken (the process ended without closing): the index must be compared with the catalogue, point by point. The files
  that the engine never writes twice are still compared with the broken seal, for those that still exist;
- never sealed: as broken.

CRC-32 finds accidents, not forgery: whoever may write here may also write a seal.
"""

from __future__ import annotations

import json
import os
import time
import uuid
import zlib
from collections.abc import Container, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from assay.store.stamps import Stamp, boot, settled, stamps
from assay.types import EMPTY, Record

SEAL = "seal.json"
BROKEN = "seal.broken.json"
_BLOCK = 64 << 10
_ZEROS = bytes(_BLOCK)
_INVERTED = "inverted_index.dat"
# Written once when a segment is built, and never again.
_STATIC = frozenset(
    {
        "matrix.dat",
        "graph.bin",
        "links_compressed.bin",
        _INVERTED,
        "values_to_points.bin",
        "point_to_values.bin",
    }
)
_OWN = frozenset({SEAL, BROKEN, f"{SEAL}.part"})
Entry = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Seal(Record):
    """What a sealed folder held: `revision` names the state of the content, `files` its path -> (size, CRC-32).

    `stamps`: path -> stamp of the files that had settled when they were read, in the run `boot` of the machine. They
    say what need not be read again, nothing of the content, and are no part of the digest.
    """

    revision: str
    points: int
    files: dict[str, Entry]
    boot: str = ""
    stamps: Mapping[str, Stamp] = EMPTY

    @property
    def digest(self) -> str:
        """A short name of the content of this seal."""
        return blake2b(self._text().encode(), digest_size=12).hexdigest()

    def lasting(self) -> Seal:
        """The same with the stamps of those files alone that the engine never writes twice: what may be relied on once
        it wrote. On some file systems (tmpfs) a write through mapped memory leaves the stamp as it was."""
        built = {_segment(path) for path in self.files if Path(path).name == _INVERTED}
        kept = {path: stamp for path, stamp in self.stamps.items() if _lasts(path, built)}
        return Seal(self.revision, self.points, self.files, self.boot, kept)

    def _text(self) -> str:
        return json.dumps([self.revision, self.points, sorted(self.files.items())], separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Survey(Record):
    """What a folder holds: path -> (size, CRC-32), the stamps from before it was read, when they were taken
    (nanoseconds), and the paths of the files that were read for it."""

    files: dict[str, Entry]
    stamps: dict[str, Stamp]
    at: int
    read: tuple[str, ...]

    def seal(self, revision: str, points: int) -> Seal:
        """The seal over what was seen."""
        known = {path: stamp for path, stamp in self.stamps.items() if settled(stamp, self.at)}
        return Seal(revision, points, self.files, boot(), known)


def new_revision() -> str:
    """A name for a state of the content that no other state has."""
    return uuid.uuid4().hex


def write_seal(folder: Path, seal: Seal) -> None:
    """Seal `folder`, which was surveyed for `seal`; durable when this returns."""
    told = {"revision": seal.revision, "points": seal.points, "files": seal.files, "digest": seal.digest}
    part = folder / f"{SEAL}.part"
    with part.open("w", encoding="utf-8") as handle:
        json.dump({**told, "boot": seal.boot, "stamps": dict(seal.stamps)}, handle, separators=(",", ":"))
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(folder / SEAL)
    (folder / BROKEN).unlink(missing_ok=True)
    sync_folder(folder)


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
        # Seals of older versions have no stamps.
        known = {str(path): _stamp(*stamp) for path, stamp in told.get("stamps", {}).items()}
        seal = Seal(str(told["revision"]), int(told["points"]), files, str(told.get("boot", "")), known)
        return seal if seal.digest == told["digest"] else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def faults_of(folder: Path, seal: Seal, seen: Survey | None = None) -> list[str]:
    """What is not as it was sealed, one line a file; empty when all is well. Reads every file, unless it is told what
    was `seen`."""
    now = (seen or survey(folder)).files
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


def survey(folder: Path, known: Seal | None = None) -> Survey:
    """What every file of `folder` but the seals holds. Those that have the stamp they have in `known`, in the same run
    of the machine, are not read: `known` says what they hold."""
    at = time.time_ns()
    now = content_stamps(folder)
    trusted = known.stamps if known is not None and known.boot and known.boot == boot() else {}
    held = known.files if known is not None else {}
    files = {path: held[path] for path, stamp in now.items() if path in held and trusted.get(path) == stamp}
    unread = sorted(now.keys() - files.keys())
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        files.update(zip(unread, pool.map(_entry, [folder / path for path in unread]), strict=True))
    return Survey(files, now, at, tuple(unread))


def content_stamps(folder: Path) -> dict[str, Stamp]:
    """Path -> stamp of every file but the seals: a cheap sign that something was written."""
    return {path: stamp for path, stamp in stamps(folder).items() if path not in _OWN}


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


def _stamp(size: int, written: int, changed: int, inode: int) -> Stamp:
    return int(size), int(written), int(changed), int(inode)


def _difference(path: str, sealed: Entry, now: Entry) -> str:
    if sealed == now:
        return ""
    if sealed[0] != now[0]:
        return f"{path} has {now[0]} bytes instead of {sealed[0]}"
    return f"{path} has another content"


def _segment_stands(folder: Path, path: str) -> bool:
    # Optimising removes whole segments: a file that went with its segment is no loss.
    segment = _segment(path)
    return bool(segment) and (folder / "segments" / segment / "segment.json").is_file()


def _segment(path: str) -> str:
    """The name of the segment that a file belongs to, or ""."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "segments" else ""


def _lasts(path: str, built: Container[str]) -> bool:
    # A segment that has its inverted lists takes no more points, so nothing is added to its pages.
    name = Path(path).name
    return name in _STATIC or (name.startswith("page_") and _segment(path) in built)
