"""Places of a reStructuredText page: Sphinx object directives, module directives, and sections, by indentation.

After Sphinx's rules (domains "py", "c", "js" and the std domain): a name inside a class belongs to it, a name below
`module` or `currentmodule` to that module; further signatures below the first, or directives that follow one another
without text between them, share the last one's description.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assay.domains.technical.symbols import normal
from assay.textual.similarity import listed

_DIRECTIVE = re.compile(r"( *)\.\. (?:([a-z]\w*):)?([a-z][\w-]*)::[ \t]*(.*)$")
_ADORNED = re.compile(r"([=\-~^\"'`#*+.:_<>])\1{2,}\s*$")
_OBJECTS = listed(
    """function method class attribute data exception decorator decoratormethod classmethod staticmethod property
    object cmdoption option envvar macro type member var struct enum enumerator setting templatetag templatefilter
    django-admin django-admin-option fieldlookup opcode pdbcommand confval describe"""
)
_CLASSES = frozenset({"class", "exception", "object", "enum", "struct", "type"})
_LOOSE = frozenset({"cmdoption", "option", "envvar", "setting", "django-admin", "describe", "confval", "opcode"})
_WRITTEN_IN_FULL = frozenset({"function", "data", "class", "exception", "decorator"})
_OBJECT = re.compile(r"[a-z]*(?:function|method|class|attribute|property|data)$")
_MODULES = frozenset({"module", "currentmodule", "automodule"})
_WORDS = re.compile(r"^(?:async|abstractmethod|abstract|static|class|final|coroutine|classmethod|:\w+:)\s+")

Found = tuple[int, int, tuple[str, ...], str, tuple[int, int], tuple[str, ...]]


@dataclass(slots=True)
class _Open:
    """A place whose end is not known yet."""

    indent: int
    start: int
    names: tuple[str, ...]
    kind: str
    head: tuple[int, int]
    bare: bool = True
    waiting: list[_Open] = field(default_factory=list)


@dataclass(slots=True)
class _Scan:
    found: list[Found] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    module: str = ""
    module_open: _Open | None = None
    sections: list[tuple[int, _Open]] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    bare: list[_Open] = field(default_factory=list)

    def close(self, indent: int, place: int) -> None:
        """End the objects that a line of this indent is not part of."""
        while self.stack and self.stack[-1].indent >= indent:
            one = self.stack.pop()
            if one.bare:
                self.bare.append(one)
            else:
                self._end(one, place)

    def _end(self, one: _Open, place: int) -> None:
        shared = tuple(name for other in one.waiting for name in other.names)
        self.found.append((one.start, place, one.names, one.kind, one.head, shared))
        for other in one.waiting:
            self.found.append((other.start, place, other.names, other.kind, other.head, ()))

    def release(self, place: int) -> None:
        """Bare objects that nothing follows: each has its own line and no more."""
        for one in self.bare:
            self._end(one, min(place, max(one.head[1], one.start + 1)))
        self.bare.clear()

    def qualified(self, kind: str, domain: str, name: str) -> str:
        if domain in ("c", "cpp", "std", "js") or kind in _LOOSE or not name:
            return name
        classes = [one for one in self.stack if one.kind in _CLASSES and one.names]
        if classes:
            owner = classes[-1].names[-1]
            short = owner.rsplit(".", 1)[-1]
            name = name.removeprefix(f"{short}.")
            return name if name.startswith(f"{owner}.") else f"{owner}.{name}"
        # Sphinx always puts the module before; authors who write it in full do so with functions and dotted modules.
        written = name.startswith(f"{self.module}.") and ("." in self.module or kind in _WRITTEN_IN_FULL)
        return f"{self.module}.{name}" if self.module and not written else name


def rst_places(text: str) -> list[Found]:
    """(start, end, names, kind, head) of everything described in `text`; see `places.Place`."""
    scan, lines, offset = _Scan(), text.split("\n"), 0
    starts = []
    for line in lines:
        starts.append(offset)
        offset += len(line) + 1
    number = 0
    while number < len(lines):
        number = _line(scan, lines, starts, number, len(text))
    scan.close(0, len(text))
    scan.release(len(text))
    _end_sections(scan, 0, len(text))
    if scan.module_open:
        scan.found.append(_module(scan.module_open, len(text)))
    return scan.found


def _line(scan: _Scan, lines: list[str], starts: list[int], number: int, size: int) -> int:
    line = lines[number]
    if not line.strip():
        return number + 1
    match = _DIRECTIVE.match(line)
    indent = len(line) - len(line.lstrip())
    place = starts[number]
    if match is None:
        scan.close(indent, place)
        _text(scan, indent, place)
        after = _section(scan, lines, starts, number)
        return after or number + 1
    domain, kind, argument = match[2] or "", match[3], match[4]
    if kind in _MODULES and argument.strip():
        return _open_module(scan, kind, argument, place, starts[number] + len(line), number)
    scan.close(indent, place)
    if kind not in _OBJECTS and (kind.startswith("auto") or not _OBJECT.match(kind)):
        _text(scan, indent, place)
        return number + 1
    return _open_object(scan, lines, starts, number, (indent, domain, kind, argument))


def _text(scan: _Scan, indent: int, place: int) -> None:
    """Text was seen: what stands open has a body now, and bare objects right before it share it."""
    del place
    if scan.stack:
        for one in scan.stack:
            one.bare = False
        same = [one for one in scan.bare if one.indent == scan.stack[-1].indent and one.start < scan.stack[-1].start]
        scan.stack[-1].waiting.extend(one for one in same if one not in scan.stack[-1].waiting)
        scan.bare = [one for one in scan.bare if one not in same]
    if scan.bare and (not scan.stack or indent <= min(one.indent for one in scan.bare)):
        scan.release(scan.bare[-1].head[1])


def _open_module(scan: _Scan, kind: str, argument: str, start: int, end: int, number: int) -> int:
    name = normal(argument)
    if kind == "module" and name:
        if scan.module_open:
            scan.found.append(_module(scan.module_open, start))
        scan.module_open = _Open(-1, start, (name,), "module", (start, end))
    scan.module = "" if name == "None" else name
    return number + 1


def _module(one: _Open, end: int) -> Found:
    return (one.start, end, one.names, "module", one.head, ())


def _open_object(scan: _Scan, lines: list[str], starts: list[int], number: int, read: tuple[int, str, str, str]) -> int:
    indent, domain, kind, argument = read
    column = lines[number].find(":: ") + 3
    signatures, end = [argument], number + 1
    while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip()) >= column > 3:
        if lines[end].lstrip().startswith((":", ".. ")):
            break
        if signatures[-1].endswith("\\") or signatures[-1].count("(") > signatures[-1].count(")"):
            signatures[-1] = f"{signatures[-1].rstrip(chr(92))} {lines[end].strip()}"
        else:
            signatures.append(lines[end].strip())
        end += 1
    names = [scan.qualified(kind, domain, name) for name in map(_signature_name, signatures)]
    head = (starts[number], starts[end - 1] + len(lines[end - 1]))
    unique = tuple(dict.fromkeys(name for name in names if name))
    scan.stack.append(_Open(indent, starts[number], unique, kind, head))
    return end


def _signature_name(signature: str) -> str:
    words = signature.strip().rstrip("\\")
    while (cut := _WORDS.sub("", words)) != words:
        words = cut
    operator = re.match(r"[A-Za-z_][\w.]*", words)
    if words.startswith("-"):
        return normal(re.split(r"[\s,=\[<]", words)[0])
    if operator is None:
        return ""
    # "int PyList_Size(...)" of the C domain: the name is the word before the bracket.
    called = re.search(r"([A-Za-z_][\w.]*)\s*\(", words)
    return normal(called[1] if called and called.start() else operator.group())


# --- sections -----------------------------------------------------------------------------------------------------


def _section(scan: _Scan, lines: list[str], starts: list[int], number: int) -> int:
    """A heading of which `number` is the title or the overline: opens a section. Returns the line after, or 0."""
    title = number
    if _ADORNED.match(lines[number]) and number + 2 < len(lines) and _ADORNED.match(lines[number + 2]):
        title, style = number + 1, lines[number][0] * 2
    elif number + 1 < len(lines) and _ADORNED.match(lines[number + 1]) and not _ADORNED.match(lines[number]):
        if lines[number][:1] in (" ", "\t") or (number and lines[number - 1].strip()):
            return 0
        style = lines[number + 1][0]
    else:
        return 0
    if style not in scan.styles:
        scan.styles.append(style)
    level = scan.styles.index(style) + 1
    _end_sections(scan, level, starts[number])
    words = lines[title].strip()
    end = starts[title] + len(lines[title])
    scan.sections.append((level, _Open(-1, starts[number], (), f"section {words}"[:160], (starts[title], end))))
    return title + 2


def _end_sections(scan: _Scan, level: int, place: int) -> None:
    while scan.sections and scan.sections[-1][0] >= level:
        one = scan.sections.pop()[1]
        scan.found.append((one.start, place, (), one.kind, one.head, ()))
