"""Paths and patterns become files, in a fixed order; whatever is not taken is told with its reason, never dropped.

A folder is read with everything below it. Hidden names, version control and virtual environments are left out, symbolic
links that lead out of the folder and special files are refused, and a link inside the folder never makes a file count
twice. A file that was named is taken whatever its name; one that was only found must be of a format that is known.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assay.errors import IngestError, UnreadableSource
from assay.ingest.limits import Limits
from assay.ingest.opening import check_regular, check_size, unreadable
from assay.types import ItemReport, Record

SKIPPED_FOLDERS = frozenset({"CVS", "__pycache__", "node_modules", "site-packages"})
_MAGIC = frozenset("*?[")

Accepts = Callable[[str], bool]
"""Whether a file that was found (not named) is of a format that can be read."""


@dataclass(frozen=True, slots=True)
class FoundFile(Record):
    """A regular file to be read: its real path, free of symbolic links, and its size in bytes when it was found."""

    path: str
    size: int


Found = FoundFile | ItemReport


def walk(paths: Iterable[str | Path], limits: Limits | None = None, accepts: Accepts | None = None) -> Iterator[Found]:
    """The files that `paths` (files, folders, patterns with * ? [ ]) stand for, each once, in a fixed order.

    In their places stand reports of what was skipped (left out on purpose) or failed (refused, unreadable).
    """
    walker = _Walker(limits or Limits(), accepts or (lambda path: True))
    for path in paths:
        yield from walker.named(os.fspath(path))


@dataclass
class _Walker:
    limits: Limits
    accepts: Accepts
    taken: set[str] = field(default_factory=set)
    entered: set[tuple[int, int]] = field(default_factory=set)
    wanted: Accepts = lambda path: True

    # --- what was named

    def named(self, path: str) -> Iterator[Found]:
        """What one argument stands for: the path itself where it exists, else the matches of a pattern."""
        self.entered, self.wanted = set(), lambda path: True
        expanded = os.path.expanduser(path)  # noqa: PTH111  Path.expanduser raises where there is no home
        if "\0" in path or not path.strip():
            yield failure(path.replace("\0", "\\0"), UnreadableSource(f"{path!r} is not a path"))
        elif os.path.lexists(expanded):
            yield from self._argument(expanded)
        elif _MAGIC & set(expanded):
            yield from self._pattern(path, expanded)
        else:
            yield failure(path, UnreadableSource(f"{path} does not exist", next="Check the spelling"))

    def _argument(self, path: str) -> Iterator[Found]:
        folder, name = os.path.split(path.rstrip("/") or "/")
        home = os.path.realpath(folder or ".")
        if name in ("", ".", ".."):
            yield from self._folder(os.path.realpath(path), os.path.realpath(path))
            return
        place = os.path.join(home, name)  # noqa: PTH118  Path would drop what os.scandir gives
        if os.path.islink(place) and os.path.isdir(place):  # noqa: PTH112,PTH114
            real = os.path.realpath(place)
            yield from self._folder(real, real)  # whoever names a folder means the folder behind the name
        else:
            yield from self._entry(place, home, named=True)

    def _pattern(self, path: str, expanded: str) -> Iterator[Found]:
        fixed, rest = _split_pattern(expanded)
        root = os.path.realpath(fixed)
        matched: list[str] = []
        if "**" in rest:
            # Not by glob, which follows symbolic links and so may run in circles.
            self.wanted = _Pattern(root, rest, matched)
            yield from self._folder(root, root)
        else:
            matched = sorted(glob.glob(expanded))
            yield from self._matched(matched, root)
        if not matched:
            yield failure(path, UnreadableSource(f"Nothing matches {path}", next="Check the pattern"))

    def _matched(self, matches: list[str], root: str) -> Iterator[Found]:
        for match in matches:
            folder, name = os.path.split(match.rstrip("/"))
            place = os.path.join(os.path.realpath(folder or "."), name)  # noqa: PTH118
            if _inside(place, root):
                yield from self._entry(place, root, named=False)
            else:
                yield failure(place, UnreadableSource(f"{place} lies outside {root}", why="The pattern leads there"))

    # --- what was found

    def _folder(self, folder: str, root: str) -> Iterator[Found]:
        """Everything below a folder. A stack, not recursion: depth is the file system's affair."""
        stack: list[Iterator[Found | str]] = [self._listed(folder, root)]
        while stack:
            found = next(stack[-1], None)
            if found is None:
                stack.pop()
            elif isinstance(found, str):
                stack.append(self._listed(found, root))
            else:
                yield found

    def _listed(self, folder: str, root: str) -> Iterator[Found | str]:
        """The files and reports of one folder; its sub-folders as plain paths, to be listed in their turn."""
        try:
            status = os.stat(folder)  # noqa: PTH116
            names = sorted(os.listdir(folder))  # noqa: PTH208
        except OSError as error:
            yield failure(folder, unreadable(folder, error))
            return
        if (status.st_dev, status.st_ino) in self.entered:
            yield skipped(folder, "the folder was already read under another name")
            return
        self.entered.add((status.st_dev, status.st_ino))
        for name in names:
            yield from self._child(os.path.join(folder, name), name, root)  # noqa: PTH118

    def _child(self, place: str, name: str, root: str) -> Iterator[Found | str]:
        if name.startswith("."):
            yield skipped(place, "hidden")
            return
        target, report = _resolved(place, root)
        if report is not None:
            yield report
        elif os.path.isdir(target):  # noqa: PTH112
            reason = _folder_to_skip(target, name)
            yield skipped(place, reason) if reason else target
        else:
            yield from self._file(place, target, named=False)

    def _entry(self, place: str, root: str, *, named: bool) -> Iterator[Found]:
        target, report = _resolved(place, root)
        if report is not None:
            yield report
        elif os.path.isdir(target):  # noqa: PTH112
            yield from self._folder(target, target)
        else:
            yield from self._file(place, target, named=named)

    def _file(self, place: str, target: str, *, named: bool) -> Iterator[Found]:
        if not self.wanted(place):
            return
        if target in self.taken:
            if place != target:
                yield skipped(place, f"a link to {target}, which is read itself")
            return
        try:
            status = os.stat(target, follow_symlinks=False)  # noqa: PTH116
            check_regular(target, status)
            if not named and not self.accepts(target):
                yield skipped(target, "no reader knows this format")
                return
            check_size(target, status.st_size, self.limits)
            target.encode("utf-8")
        except OSError as error:
            yield failure(target, unreadable(target, error))
        except IngestError as error:
            yield failure(target, error)
        except UnicodeEncodeError:
            yield failure(target, UnreadableSource("The file's name is not UTF-8", next="Rename it"))
        else:
            self.taken.add(target)
            yield FoundFile(target, status.st_size)


def _resolved(place: str, root: str) -> tuple[str, ItemReport | None]:
    """Where a path really leads, and a report where that is out of the folder, nowhere, or round in a circle."""
    if stat.S_ISLNK(_mode(place)):
        target = os.path.realpath(place)
        if not _inside(target, root):
            error = UnreadableSource(
                f"{place} is a symbolic link out of the folder {root}", next="Name its target itself if you want it"
            )
            return target, failure(place, error)
        if not os.path.exists(target) or os.path.islink(target):  # noqa: PTH110,PTH114
            return target, failure(place, UnreadableSource(f"{place} is a symbolic link that leads nowhere"))
        return target, None
    return place, None


def _mode(place: str) -> int:
    try:
        return os.lstat(place).st_mode
    except OSError:
        return 0


def _inside(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")


def _folder_to_skip(folder: str, name: str) -> str:
    if name in SKIPPED_FOLDERS:
        return "a folder of tools, not of documents"
    if Path(folder, "pyvenv.cfg").is_file():
        return "a virtual environment"
    return ""


def _split_pattern(pattern: str) -> tuple[str, list[str]]:
    """The folder before the first wildcard of a pattern, and the parts from there on."""
    parts = pattern.split("/")
    first = next(i for i, part in enumerate(parts) if _MAGIC & set(part))
    folder = "/".join(parts[:first]) or ("/" if pattern.startswith("/") else ".")
    return folder, [part for part in parts[first:] if part]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Tells whether a path below `root` matches, and keeps those that did."""

    root: str
    parts: list[str]
    matched: list[str]

    def __call__(self, place: str) -> bool:
        fits = _parts_match(place[len(self.root) :].strip("/").split("/"), self.parts)
        if fits:
            self.matched.append(place)
        return fits


def _parts_match(parts: list[str], pattern: list[str]) -> bool:
    """Whether a path matches part by part; "**" stands for any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        rest = pattern[1:] or ["*"]
        return any(_parts_match(parts[i:], rest) for i in range(len(parts)))
    return bool(parts) and fnmatch.fnmatchcase(parts[0], pattern[0]) and _parts_match(parts[1:], pattern[1:])


def failure(source: str, error: IngestError) -> ItemReport:
    """The report of a source that failed with this error."""
    return ItemReport(source=printable(source), state="failed", reason=str(error).encode("utf-8", "replace").decode())


def skipped(source: str, reason: str) -> ItemReport:
    """The report of a source that was left out on purpose."""
    return ItemReport(source=printable(source), state="skipped", reason=reason)


def printable(path: str) -> str:
    """The path with bytes that are not UTF-8 replaced, so that it can be stored and shown."""
    return path.encode("utf-8", "replace").decode("utf-8")
