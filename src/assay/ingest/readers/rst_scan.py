"""The structure of reStructuredText, line by line: headings, code, tables, lists, described objects, version notes.

Rules from the reStructuredText specification (docutils) and Sphinx's directives. What is not understood stays text.
It is not a validator: a wrong adornment or indentation is no error here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assay.ingest.readers.lines import Lines
from assay.ingest.readers.names import names
from assay.ingest.readers.rst_tables import grid_table, list_table, simple_table
from assay.types import Block, BlockKind

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1+\s*")
_DIRECTIVE = re.compile(r"\.\. (?:\|[^|]+\| )?(?P<name>[A-Za-z][\w:+.-]*?)::(?:\s+(?P<argument>.*))?$")
_ITEM = re.compile(r"(?:[*+•‣⁃-]|\(?(?:\d{1,4}|[A-Za-z]|#)[.)])\s+")
_GRID = re.compile(r"\+(?:[-=]+\+)+\s*")
_SIMPLE = re.compile(r"=+(?: +=+)+\s*")
_ROLE = re.compile(r":[\w:+.-]+:`([^`]*)`")
_QUOTED = re.compile(r"`([^`<]*?)\s*(?:<[^`>]*>)?`_{0,2}|\*{1,2}([^*]+)\*{1,2}|``([^`]+)``")

_CODE = {
    "code-block": "",
    "code": "",
    "sourcecode": "",
    "parsed-literal": "",
    "literalinclude": "",
    "console": "console",
    "prompt": "console",
    "doctest": "pycon",
    "testcode": "python",
    "testsetup": "python",
    "testcleanup": "python",
    "testoutput": "text",
    "productionlist": "ebnf",
    "ipython": "python",
    "math": "latex",
}
_VERSIONS = names("""versionadded versionchanged versionremoved deprecated deprecated-removed soft-deprecated""")
_OBJECTS = names(
    """function method class attribute data exception decorator decoratormethod classmethod staticmethod
    property describe object cmdoption option envvar macro type member var struct enum enumerator setting
    templatetag templatefilter django-admin django-admin-option fieldlookup opcode pdbcommand program
    rst:directive confval"""
)
_OPAQUE = names("""raw toctree index image only highlight comment graphviz digraph uml include math""")


@dataclass(slots=True)
class _Scan:
    lines: Lines
    blocks: list[Block] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    language: str = ""
    section: int = 0
    objects: list[int] = field(default_factory=list)
    listed_until: int = 0

    def indent(self, line: int) -> int:
        text = self.lines.texts[line]
        return len(text) - len(text.lstrip(" \t"))

    def is_blank(self, line: int) -> bool:
        return line >= len(self.lines) or not self.lines.texts[line].strip()

    def body_end(self, line: int, indent: int) -> int:
        """The line after the last one that is blank or indented more than `indent`, from `line` on."""
        while line < len(self.lines) and (self.is_blank(line) or self.indent(line) > indent):
            line += 1
        return line

    def put(self, kind: BlockKind, first: int, after: int, **more: object) -> None:
        start, end = self.lines.span(first, after)
        if end > start:
            self.blocks.append(Block(kind, start, end, **more))  # type: ignore[arg-type]


def rst_blocks(text: str) -> tuple[Block, ...]:
    """The structure of reStructuredText `text`, ordered by place, outer blocks before inner ones."""
    scan = _Scan(Lines.of(text))
    line = 0
    while line < len(scan.lines):
        line = max(_step(scan, line), line + 1)
    return tuple(sorted(scan.blocks, key=lambda block: (block.start, -block.end)))


def _step(scan: _Scan, line: int) -> int:
    """Read what begins at `line`; returns the line to go on from."""
    if scan.is_blank(line):
        return line + 1
    heading = _heading(scan, line)
    if heading:
        return heading
    text = scan.lines.texts[line].lstrip(" \t")
    if text.startswith(".. "):
        return _explicit(scan, line, text)
    if text.startswith(">>> "):
        return _doctest(scan, line)
    if _GRID.fullmatch(text):
        return grid_table(scan.lines, line, scan.blocks)
    if _SIMPLE.fullmatch(text):
        return simple_table(scan.lines, line, scan.blocks)
    item = _ITEM.match(text)
    if item and line >= scan.listed_until:
        _list(scan, line)
    return _paragraph(scan, line, len(item.group()) if item else 0)


def _heading(scan: _Scan, line: int) -> int:
    lines = scan.lines.texts
    text = lines[line]
    if text[0] in " \t":
        return 0
    over = _ADORNMENT.fullmatch(text)
    if over:
        if line + 2 < len(lines) and lines[line + 1].strip() and lines[line + 2].rstrip() == text.rstrip():
            if len(text.rstrip()) < 2 or _ADORNMENT.fullmatch(lines[line + 1]):
                return 0
            return _add_heading(scan, line, line + 3, lines[line + 1], text[0] * 2)
        return 0
    if line + 1 >= len(lines) or (line and lines[line - 1].strip() and not lines[line - 1].startswith("..")):
        return 0
    under = _ADORNMENT.fullmatch(lines[line + 1])
    wide_enough = under and len(lines[line + 1].rstrip()) >= min(len(text.rstrip()), 4)
    return _add_heading(scan, line, line + 2, text, under.group(1)) if under and wide_enough else 0


def _add_heading(scan: _Scan, first: int, after: int, title: str, style: str) -> int:
    if style not in scan.styles:
        scan.styles.append(style)
    scan.section = scan.styles.index(style) + 1
    scan.objects.clear()
    scan.put("heading", first, after, level=scan.section, label=plain_words(title))
    return after


def plain_words(title: str) -> str:
    """A heading's or signature's wording without roles and inline marks."""
    words = _ROLE.sub(lambda match: match.group(1).split(" <")[0].lstrip("!~"), title[:1000])
    words = _QUOTED.sub(lambda match: next(group for group in (*match.groups(), "") if group is not None), words)
    return " ".join(words.replace("\\", "").split())


def _explicit(scan: _Scan, line: int, text: str) -> int:
    indent = scan.indent(line)
    match = _DIRECTIVE.match(text)
    if match is None:
        # A comment is opaque; a target, footnote or citation is followed by ordinary text.
        return line + 1 if text.startswith((".. _", ".. [", ".. __")) else scan.body_end(line + 1, indent)
    name, argument = match.group("name").lower(), (match.group("argument") or "").strip()
    after = scan.body_end(line + 1, indent)
    if name == "highlight":
        scan.language = argument.split()[0] if argument else ""
    if name in _CODE:
        language = "" if name in ("parsed-literal", "literalinclude") else argument.split(" ")[0] if argument else ""
        scan.put("code", line, after, language=_CODE[name] or language.lower(), label=_include(name, argument))
        return after
    if name in ("list-table", "csv-table"):
        list_table(scan.lines, line, after, scan.blocks, plain_words(argument))
        return after
    if name in _OPAQUE:
        return after
    if name.rsplit(":", 1)[-1] in _OBJECTS:
        return _object(scan, line, after, argument)
    if name in _VERSIONS:
        _leaf(scan, line, after, f"{name} {argument.split(' ')[0]}".strip())
    elif name == "glossary":
        _glossary(scan, line + 1, after)
    return _skip_options(scan, line + 1, after)


def _include(name: str, argument: str) -> str:
    return argument if name == "literalinclude" else ""


def _object(scan: _Scan, line: int, after: int, argument: str) -> int:
    """A described object (function, class, option ...): its signature is a heading below the section it stands in."""
    indent, end = scan.indent(line), line + 1
    while end < after and not scan.is_blank(end) and not scan.lines.texts[end].lstrip().startswith((":", ".. ")):
        end += 1
    if not argument or not _is_aligned(scan, line, end):
        end = line + 1
    while scan.objects and scan.objects[-1] >= indent:
        scan.objects.pop()
    scan.objects.append(indent)
    scan.put("heading", line, end, level=scan.section + len(scan.objects), label=plain_words(argument))
    return _skip_options(scan, end, after)


def _is_aligned(scan: _Scan, line: int, end: int) -> bool:
    """Whether the lines after a directive's first stand below its argument, and so are further signatures."""
    column = scan.lines.texts[line].find(":: ") + 3
    return all(scan.indent(other) >= column for other in range(line + 1, end))


def _leaf(scan: _Scan, line: int, after: int, label: str) -> None:
    """A field block, unless code or a table stands in it: those are blocks of their own."""
    inner = [scan.lines.texts[i].strip() for i in range(line, after)]
    if not any(text.startswith((">>> ", ".. ", "+--", "===")) or text.endswith("::") for text in inner[1:]):
        scan.put("field", line, after, label=label)


def _glossary(scan: _Scan, line: int, after: int) -> None:
    line = _skip_options(scan, line, after)
    base = min((scan.indent(i) for i in range(line, after) if not scan.is_blank(i)), default=0)
    terms = [i for i in range(line, after) if not scan.is_blank(i) and scan.indent(i) == base]
    terms = [i for i in terms if i - 1 not in terms]
    for first, last in zip(terms, [*terms[1:], after], strict=True):
        _leaf(scan, first, last, plain_words(scan.lines.texts[first]))


def _skip_options(scan: _Scan, line: int, after: int) -> int:
    while line < after and scan.lines.texts[line].strip().startswith(":") and not scan.is_blank(line):
        line += 1
    return line


def _doctest(scan: _Scan, line: int) -> int:
    after = line
    while not scan.is_blank(after):
        after += 1
    scan.put("code", line, after, language="pycon")
    return after


def _list(scan: _Scan, line: int) -> None:
    indent, after = scan.indent(line), line + 1
    while after < len(scan.lines):
        if not scan.is_blank(after) and scan.indent(after) <= indent:
            text = scan.lines.texts[after][indent:]
            if scan.indent(after) < indent or not _ITEM.match(text):
                break
        after += 1
    scan.put("list", line, after)
    scan.listed_until = after


def _paragraph(scan: _Scan, line: int, marker: int) -> int:
    """A paragraph, and the literal block after it where its last line ends with `::`."""
    first, indent = line, scan.indent(line) + marker
    line += 1
    while not scan.is_blank(line):
        text = scan.lines.texts[line].lstrip(" \t")
        if text.startswith(".. ") or (_ITEM.match(text) and scan.indent(line) != indent):
            break
        if marker and scan.indent(line) < indent:
            break
        indent, marker = scan.indent(line), 0
        line += 1
    if not scan.lines.texts[line - 1].rstrip().endswith("::"):
        return line
    return _literal(scan, line, min(indent, scan.indent(first) + marker) if line - first == 1 else indent)


def _literal(scan: _Scan, line: int, indent: int) -> int:
    while line < len(scan.lines) and scan.is_blank(line):
        line += 1
    if line >= len(scan.lines):
        return line
    after = scan.body_end(line, indent) if scan.indent(line) > indent else _quoted_lines(scan, line)
    if after > line:
        scan.put("code", line, after, language=scan.language)
    return after


def _quoted_lines(scan: _Scan, line: int) -> int:
    """A literal block that is not indented: each line begins with the same punctuation mark."""
    mark = scan.lines.texts[line].lstrip(" \t")[:1]
    if not mark or mark.isalnum() or mark in "*-+.:_`|":
        return line
    while not scan.is_blank(line) and scan.lines.texts[line].lstrip(" \t").startswith(mark):
        line += 1
    return line
