"""Sessions at a prompt: what was typed, what came out. For Python, IPython, Unix shells and the Windows ones.

Rules: Python's doctest module (a session ends with a blank line or the next prompt), IPython's numbered prompts, and
the usual shell prompts. A "#" alone is taken for a comment, not for root's prompt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.domains.technical.code.sources import Line, Source
from assay.domains.technical.code.values import Part, PartKind

_PYTHON = re.compile(r"(>>>)(?: |$)")
_MORE = re.compile(r"(\.\.\.)(?: |$)")
_IPYTHON = re.compile(r"(In ?\[\d*\]:)(?: |$)")
_IPYTHON_MORE = re.compile(r"( *\.\.\.:)(?: |$)")
_IPYTHON_OUT = re.compile(r"(Out ?\[\d*\]:)(?: |$)")
_UNIX = re.compile(
    r"((?:\([\w.\- ]+\) ?)?"
    r"(?:[\w.-]+@[\w.-]+[^\s$#]*|~[^\s$]*|/[^\s$]*|\w+-[\d.]+|[A-Za-z]\w{0,15})?[ ]?[$❯])[ ]+(?=\S)"
    r"|((?:\([\w.\- ]+\) ?)?%)[ ]+(?=[a-z.~/])"
    r"|(\w+@[\w.-]+[^\s$#]*#)[ ]+(?=\S)"
)
_UNIX_MORE = re.compile(r"(>)[ ]+(?=\S)")
_WINDOWS = re.compile(r"((?:\([\w.\- ]+\) ?)?(?:PS )?(?:[A-Z]:\\[^>\n|]*|\.\.\.\\)>)[ ]?(?=\S)|(PS>)[ ]+(?=\S)")


@dataclass(frozen=True, slots=True)
class Session:
    """The parts of a session and what was typed as code of its own: statement groups as they were entered."""

    language: str
    parts: tuple[Part, ...]
    entries: tuple[Source, ...]


def session_of(source: Source) -> Session | None:
    """The session that `source` shows; None where there is no prompt at the beginning of a line that counts."""
    kind = _kind(source)
    if not kind:
        return None
    parts: list[Part] = []
    entries: list[Source] = []
    entered: list[Line] = []
    for line in source.lines:
        found = _read(line, kind, bool(entered), entered[-1].text if entered else "")
        part, typed, opens = found
        if (opens or typed is None) and entered:
            entries.append(Source(tuple(entered)))
            entered = []
        if typed is not None:
            entered.append(typed)
        if part is not None:
            parts.append(part)
    if entered:
        entries.append(Source(tuple(entered)))
    return Session(kind, _joined(parts), tuple(entries))


def _kind(source: Source) -> str:
    """The kind of the first prompt; "" where the lines before it look like code of their own."""
    before = 0
    for line in source.lines:
        text = line.text
        if _PYTHON.match(text):
            return "pycon" if before <= 3 else ""
        if _IPYTHON.match(text):
            return "ipython" if before <= 3 else ""
        if _UNIX.match(text):
            return "console" if before <= 12 else ""
        if _WINDOWS.match(text):
            return "doscon" if before <= 12 else ""
        before += bool(text.strip()) and not text.lstrip().startswith(("#", "//"))
    return ""


def _read(line: Line, kind: str, is_entered: bool, former: str) -> tuple[Part | None, Line | None, bool]:
    """The part that a line is, the line as typed (None for output), and whether it opens an entry."""
    text = line.text
    first, more = {
        "pycon": (_PYTHON, _MORE),
        "ipython": (_IPYTHON, _IPYTHON_MORE),
        "console": (_UNIX, _UNIX_MORE),
        "doscon": (_WINDOWS, _UNIX_MORE),
    }[kind]
    match = first.match(text)
    opens = match is not None
    if match is None and is_entered:
        shell = kind in ("console", "doscon")
        if not shell:
            match = more.match(text)
        elif former.rstrip().endswith(("\\", "^")):
            match = more.match(text)
            if match is None:
                return _part("input", line, "", line), line, False
    if match is not None:
        typed = Line(text[match.end() :], line.start + match.end())
        return _part("input", line, text[: match.end()], typed), typed, opens
    if not text.strip():
        return None, None, False
    if text.startswith(("#", "// ")):
        return _part("comment", line, "", line), None, False
    out = _IPYTHON_OUT.match(text) if kind == "ipython" else None
    return _part("output", line, out.group() if out else "", line), None, False


def _part(kind: PartKind, line: Line, prompt: str, typed: Line) -> Part:
    return Part(kind, line.start, line.start + len(line.text), prompt, typed.text)


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    """Neighbouring lines of the same kind as one part; a first prompt opens a new one."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        opens = part.kind == "input" and bool(part.prompt.strip(" .:>"))
        opens = opens or part.prompt.startswith(">>>")
        if last is None or last.kind != part.kind or opens:
            joined.append(part)
        else:
            joined[-1] = Part(last.kind, last.start, part.end, last.prompt, f"{last.text}\n{part.text}")
    return tuple(joined)
