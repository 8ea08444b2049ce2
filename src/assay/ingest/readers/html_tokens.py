"""HTML source becomes a tree whose pieces of text know their place, in linear time whatever the source.

The standard library's parser is not used: up to Python 3.13.5 it needs minutes for 100 KB of unclosed tags, and it
gives lines and columns instead of offsets. This one follows the HTML standard where it matters for text: raw-text
elements, comments, character references, implied end tags. It is no validator: whatever it cannot read as a tag is
text.
"""

from __future__ import annotations

import re
from html import unescape

from assay.ingest.readers.markup import Element
from assay.ingest.readers.names import names

MAX_DEPTH = 100
VOID = names("area base br col embed hr img input link meta param source track wbr")
_RAW = names("script style textarea title xmp iframe noembed noframes")
_UNREAD = names("script style iframe noembed noframes")
_OPEN = re.compile(r"""<([A-Za-z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_LOOSE = re.compile(r"<([A-Za-z][^\s/>]*+)([^>]*+)>")
_CLOSE = re.compile(r"</([A-Za-z][^\s/>]*+)[^>]*+>")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,8};?|#[xX][0-9a-fA-F]{1,7};?|[A-Za-z][A-Za-z0-9]{1,31};?)")
_TABLE_PARTS = names("table caption thead tbody tfoot tr td th")
_CLOSES: dict[str, frozenset[str]] = {
    "li": frozenset(["li"]),
    "dt": frozenset(["dt", "dd"]),
    "dd": frozenset(["dt", "dd"]),
    "tr": frozenset(["tr", "td", "th", "caption"]),
    "td": frozenset(["td", "th"]),
    "th": frozenset(["td", "th"]),
    "thead": names("tr td th caption tbody thead"),
    "tbody": names("tr td th caption tbody thead"),
    "tfoot": names("tr td th tbody thead"),
    "option": frozenset(["option"]),
}
_FENCES: dict[str, frozenset[str]] = {
    "li": names("ul ol menu table td"),
    "dt": frozenset(["dl", "table", "td"]),
    "dd": frozenset(["dl", "table", "td"]),
}
_ENDS_PARAGRAPH = names(
    """address article aside blockquote center details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6
    header hr main menu nav ol p pre section table ul"""
)


class HtmlTree:
    """Builds the tree of one HTML text. After `build`, `warnings` says what was not well formed enough to trust."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = Element("#document", 0)
        self.warnings: list[str] = []
        self._stack = [self.root]
        self._loose = False
        self._no_comment_end = False
        self._no_tag_end = False
        self._no_section_end = False

    def build(self) -> Element:
        """The tree of the whole text."""
        text, position, size = self.text, 0, len(self.text)
        while position < size:
            opening = text.find("<", position)
            if opening < 0:
                self._text(position, size)
                break
            if opening > position:
                self._text(position, opening)
            position = self._tag(opening)
        for element in self._stack:
            element.end = size
        return self.root

    def _tag(self, at: int) -> int:
        following = self.text[at + 1 : at + 2]
        if following.isascii() and following.isalpha():
            return self._opening(at)
        if following in ("!", "?", "/"):
            return self._other(at, following)
        self._stack[-1].children.append(("<", at, at + 1))
        return at + 1

    def _opening(self, at: int) -> int:
        match = None if self._no_tag_end else (_LOOSE if self._loose else _OPEN).match(self.text, at)
        if match is None and not self._loose and not self._no_tag_end:
            # A quotation mark stays open to the end of the file: from here on a tag ends at the first ">".
            self._loose = True
            self.warnings.append("An attribute's quotation mark is never closed; tags after it were read loosely.")
            match = _LOOSE.match(self.text, at)
        if match is None:
            self._no_tag_end = True
            self._text(at, at + 1)
            return at + 1
        name = match.group(1).lower()
        self._open(Element(name, at, match.group(2)), match.end())
        if name in _RAW:
            return self._raw(name, match.end())
        return match.end()

    def _open(self, element: Element, end: int) -> None:
        self._close_implied(element.name)
        self._stack[-1].children.append(element)
        element.end = end
        if element.name in VOID:
            return
        if len(self._stack) >= MAX_DEPTH:
            warning = f"Elements are nested deeper than {MAX_DEPTH} levels; deeper ones were flattened."
            self.warnings[:] = dict.fromkeys((*self.warnings, warning))
            return
        self._stack.append(element)

    def _close_implied(self, name: str) -> None:
        stack = self._stack
        if name in _ENDS_PARAGRAPH and stack[-1].name == "p":
            self._pop(len(stack) - 1, stack[-1].end)
        closes = _CLOSES.get(name)
        if closes is None:
            return
        fences = _FENCES.get(name, frozenset(["table"]))
        lowest = None
        for depth in range(len(stack) - 1, 0, -1):
            if stack[depth].name in fences:
                break
            if stack[depth].name in closes:
                lowest = depth
        if lowest is not None:
            self._pop(lowest, stack[lowest].end)

    def _raw(self, name: str, start: int) -> int:
        close = re.compile(rf"</{name}(?=[\s/>])[^>]*+>", re.IGNORECASE).search(self.text, start)
        end, after = (close.start(), close.end()) if close else (len(self.text), len(self.text))
        if name not in _UNREAD and end > start:
            self._text(start, end)
        if len(self._stack) > 1 and self._stack[-1].name == name:
            self._pop(len(self._stack) - 1, after)
        return after

    def _other(self, at: int, following: str) -> int:
        text = self.text
        if text.startswith("<!--", at):
            return self._comment(at)
        if text.startswith("<![CDATA[", at) and not self._no_section_end:
            end = text.find("]]>", at)
            if end > 0:
                self._stack[-1].children.append((text[at + 9 : end], at + 9, end))
                return end + 3
            self._no_section_end = True
        match = None if self._no_tag_end else _CLOSE.match(text, at)
        if match:
            self._close(match.group(1).lower(), match.end())
            return match.end()
        end = -1 if self._no_tag_end else text.find(">", at)
        if end < 0:
            self._no_tag_end = True
            self._text(at, at + 1)
            return at + 1
        return end + 1

    def _comment(self, at: int) -> int:
        end = -1 if self._no_comment_end else self.text.find("-->", at + 4)
        if end >= 0:
            return end + 3
        if not self._no_comment_end:
            self._no_comment_end = True
            self.warnings.append("A comment is never closed; the text after its beginning was read as content.")
        return at + 4

    def _close(self, name: str, end: int) -> None:
        stack = self._stack
        for depth in range(len(stack) - 1, 0, -1):
            if stack[depth].name == name:
                self._pop(depth, end)
                return
            if stack[depth].name in ("td", "th", "table") and name not in _TABLE_PARTS:
                return

    def _pop(self, depth: int, end: int) -> None:
        for element in self._stack[depth:]:
            element.end = end
        del self._stack[depth:]

    def _text(self, start: int, end: int) -> None:
        add = self._stack[-1].children.append
        raw = self.text[start:end]
        if "&" not in raw:
            add((raw, start, end))
            return
        position = 0
        for match in _REFERENCE.finditer(raw):
            value = unescape(match.group())
            if value == match.group():
                continue
            if match.start() > position:
                add((raw[position : match.start()], start + position, start + match.start()))
            if value:
                add((value, start + match.start(), start + match.end()))
            position = match.end()
        if position < len(raw):
            add((raw[position:], start + position, end))
