"""Files that a page pulls in (`literalinclude`, `include`, `{* path *}`, `--8<--`), put in place of the line that
names them.

Only with the reader's option `include_root`: a folder. A path that leads out of it, by "..", by a link or by being
absolute, is refused; nothing is fetched. The text put in has its origin in the included file (the locator names it);
without the option, or where a file is missing, the line stays as it is, and the metadata says why.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from assay.ingest.decoding import decode
from assay.ingest.readers.common import options
from assay.textual.offsets import TextBuilder
from assay.types import OriginSegment, SourceFile

OPTION = "include_root"
MAX_BYTES = 1_000_000
MAX_INCLUDES = 200
_FORMS = {
    "rst": re.compile(
        r"^(?P<indent>[ \t]*)\.\. (?P<name>literalinclude|include)::[ \t]+(?P<path>\S+)[ \t]*(?:\r?\n|\Z)"
        r"(?P<options>(?:[ \t]+:[^\n]*\n?)*)",
        re.MULTILINE,
    ),
    "markdown": re.compile(
        r"^(?P<indent>[ \t]*)(?:\{\*[ \t]+(?P<path>\S+)(?P<rest>[^\n]*?)\*\}|\{!>?[ \t]*(?P<old>[^\n!]+?)[ \t]*!\}"
        r"|-{1,}8<-{1,}[ \t]+\"(?P<snip>[^\"\n]+)\")[ \t]*$",
        re.MULTILINE,
    ),
}
_LINES = re.compile(r":lines:[ \t]*([\d,\- ]+)")
_LANGUAGE = re.compile(r":(?:language|code):[ \t]*(\S+)")
_ROW_RANGE = re.compile(r"\bln\[([\d,:]+)\]")


@dataclass(frozen=True, slots=True)
class Included:
    """The text with what could be put in, its origin (empty where nothing was), metadata, warnings."""

    text: str
    origin: tuple[OriginSegment, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def with_includes(source: SourceFile, original: str, format: str, at: int = 0) -> Included:
    """The source's characters from `at` on, with the files that they include put in place."""
    text = original[at:]
    matches = list(_FORMS[format].finditer(text))[:MAX_INCLUDES]
    if not matches:
        return Included(text)
    folder = options(source).get(OPTION)
    root = folder if isinstance(folder, str) and folder else ""
    builder = TextBuilder(original)
    notes: list[list[Any]] = []
    warnings: list[str] = []
    position = 0
    changed = False
    for match in matches:
        path = _path(match)
        builder.copy(text[position : match.start()], at + position)
        position = match.start()
        body, state = _read(root, source.path, path)
        notes.append([builder.length, path, state])
        if state == "resolved":
            _put(builder, match, body, path, at)
            position = match.end()
            changed = True
        elif state != "not asked for":
            warnings.append(f"The included file {path} was left out: {state}.")
    builder.copy(text[position:], at + position)
    metadata = {"includes": notes} if root else {}
    if not changed:
        return Included(text, (), metadata, tuple(warnings))
    return Included(builder.text(), builder.segments(), metadata, tuple(warnings))


def _path(match: re.Match[str]) -> str:
    found = match.groupdict(default="")
    return (found.get("path") or found.get("old") or found.get("snip") or "").strip()


def _put(builder: TextBuilder, match: re.Match[str], body: str, path: str, at: int) -> None:
    """The file as a fence (Markdown) or a code block (rst), indented as the line that names it."""
    found = match.groupdict(default="")
    indent = found["indent"]
    is_rst = "options" in match.re.groupindex
    language = _language(found.get("options", ""), path)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", body)), default=0))
    if is_rst and found.get("name") == "include" and not language.declared:
        head, tail, inner = "", "\n", indent
    elif is_rst:
        head, tail, inner = f"{indent}.. code-block:: {language.name}\n\n", "\n", f"{indent}   "
    else:
        head, tail, inner = f"{indent}{fence}{language.name}\n", f"{indent}{fence}", indent
    builder.derive(head, at + match.start(), at + match.end())
    for start, line in _chosen(body, found.get("options", "") or found.get("rest", "")):
        if line.strip():
            builder.add(inner)
        builder.copy(line, start, f"{path}")
        if not line.endswith("\n"):
            builder.add("\n")
    builder.derive(tail, at + match.start(), at + match.end())


@dataclass(frozen=True, slots=True)
class _Language:
    name: str
    declared: bool


def _language(given: str, path: str) -> _Language:
    match = _LANGUAGE.search(given)
    if match:
        return _Language(match.group(1), True)
    ending = PurePosixPath(path).suffix.lstrip(".")
    return _Language(ending if ending.isalnum() else "", False)


def _chosen(body: str, given: str) -> Iterator[tuple[int, str]]:
    """The lines that `:lines:` or `ln[...]` asks for, each with its offset in the file; all where it says nothing."""
    match = _LINES.search(given) or _ROW_RANGE.search(given)
    wanted = _numbers(match.group(1)) if match else None
    position = 0
    for number, line in enumerate(body.splitlines(keepends=True), 1):
        if wanted is None or any(first <= number <= last for first, last in wanted):
            yield position, line
        position += len(line)


def _numbers(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for part in text.replace(" ", "").split(","):
        first, mark, last = part.replace(":", "-").partition("-")
        begin = int(first) if first.isdigit() else 1
        end = int(last) if last.isdigit() else (10**9 if mark else begin)
        found.append((begin, end))
    return found


# --- files --------------------------------------------------------------------------------------------------------


def _read(root: str, page: str, path: str) -> tuple[str, str]:
    """The text of an included file and "resolved"; or nothing and why not."""
    if not root:
        return "", "not asked for"
    place = _place(root, page, path)
    if place is None:
        return "", "refused, it lies outside of the folder"
    try:
        descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return "", "missing"
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return "", "refused, it is no regular file of a readable size"
        data = os.read(descriptor, MAX_BYTES)
    except OSError:
        return "", "missing"
    finally:
        os.close(descriptor)
    return decode(data, "").text, "resolved"


def _place(root: str, page: str, path: str) -> Path | None:
    """The real place of a path beside the page, or at the root for a leading "/"; None where it is not below the root.

    Tools resolve paths against the page, its folders upwards, or the root: the nearest file that exists wins.
    """
    if "\0" in path or "://" in path or "\\" in path:
        return None
    base = Path(os.path.realpath(root))
    relative = path.lstrip("/")
    here = Path(os.path.realpath(page)).parent
    starts = [base] if path.startswith("/") else [here, *_upwards(here, base), base]
    allowed = [place for start in starts if (place := Path(os.path.realpath(start / relative))).is_relative_to(base)]
    return next((place for place in allowed if place.is_file()), allowed[0] if allowed else None)


def _upwards(here: Path, base: Path) -> list[Path]:
    return [folder for folder in here.parents if folder.is_relative_to(base)][:12]
