"""XML of no known vocabulary as readable lines: "path: value", each value with its place and its XPath as locator.

An element with text of its own is one line, its inline elements included. Attributes are lines too. Records (siblings
that hold elements) are set apart by a blank line.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.markup import Element

_ATTRIBUTE = re.compile(r"""\s([\w:.-]+)\s*=\s*(?:"([^"]*+)"|'([^']*+)')""")
_TAG_END = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_TITLES = ("title", "name", "heading", "subject")


def write_fields(writer: FlowWriter, root: Element, source: str) -> str:
    """Write all fields below `root`; returns the words of a title among the root's first levels, or nothing."""
    _write(writer, root, source, f"/{root.name}", (root.name,))
    for level in (root, *root.elements()):
        for element in level.elements():
            if element.name.lower() in _TITLES and len(list(element.elements())) == 0 and element.words():
                return element.words()
    return ""


def _write(writer: FlowWriter, element: Element, source: str, path: str, names: tuple[str, ...]) -> None:
    label = ".".join(names[1:][-3:]) or names[0]
    for name, start, end in _attributes(element, source):
        if name == "xmlns" or name.startswith(("xmlns:", "xsi:")):
            continue
        writer.locator = f"{path}/@{name}"
        with writer.block("field", gap=1, label=f"{label} {name}"):
            writer.own(f"{label} {name}: ")
            writer.verbatim((unescape(source[start:end]), start, end))
    has_text = any(not isinstance(child, Element) and child[0].strip() for child in element.children)
    if has_text:
        writer.locator = path
        with writer.block("field", gap=1, label=label):
            writer.own(f"{label}: ")
            _inline(writer, element)
        return
    _write_children(writer, element, source, path, names)


def _write_children(writer: FlowWriter, element: Element, source: str, path: str, names: tuple[str, ...]) -> None:
    totals = Counter(child.name for child in element.elements())
    seen: Counter[str] = Counter()
    for child in element.elements():
        seen[child.name] += 1
        step = f"{child.name}[{seen[child.name]}]" if totals[child.name] > 1 else child.name
        is_record = next(child.elements(), None) is not None
        writer.gap(2 if is_record else 1)
        _write(writer, child, source, f"{path}/{step}", (*names, child.name))
        writer.gap(2 if is_record else 1)


def _inline(writer: FlowWriter, element: Element) -> None:
    for child in element.children:
        if isinstance(child, Element):
            _inline(writer, child)
        else:
            writer.inline(child)


def _attributes(element: Element, source: str) -> list[tuple[str, int, int]]:
    """Name and value span of each attribute, read from the opening tag in the source."""
    if not element.has_attributes:
        return []
    end = _TAG_END.match(source, element.start)
    found = []
    for match in _ATTRIBUTE.finditer(source, element.start, end.end() if end else element.start):
        group = 2 if match.group(2) is not None else 3
        found.append((match.group(1), *match.span(group)))
    return [item for item in found if item[2] > item[1]]
