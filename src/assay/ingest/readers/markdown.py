"""Markdown: the text stays as it is; structure (headings, code, tables, lists, quotes) is read from it as blocks.

CommonMark with pipe tables, through markdown-it's block rules; inline marks are left in the text. YAML front matter
becomes metadata and is left out of the text, which the origin map shows. Included files (`{* path *}`, snippets) are
put in where the option `include_root` allows it (see `includes`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assay.ingest.readers.anchors import markup_anchors
from assay.ingest.readers.common import access_of, decoded, file_title, make_document
from assay.ingest.readers.frontmatter import split_front_matter
from assay.ingest.readers.includes import with_includes
from assay.ingest.readers.lines import Lines
from assay.textual.offsets import whole
from assay.types import Block, BlockKind, Document, SourceFile

if TYPE_CHECKING:
    from markdown_it.token import Token

_ATTRIBUTES = re.compile(r"\s*\{[^{}]*\}\s*$")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MARKS = re.compile(r"`+|\*\*|__|(?<!\w)[*_]|[*_](?!\w)|\\(?=[^\w\s])")
_INCLUDE = re.compile(r"\{\*\s+(\S+).*\*\}")
_PIPE = re.compile(r"(?<!\\)\|")
_KINDS: dict[str, BlockKind] = {
    "fence": "code",
    "code_block": "code",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "blockquote_open": "quote",
    "paragraph_open": "prose",
}
_TOP_ONLY = frozenset({"list", "quote", "prose"})


class MarkdownReader:
    """One document a file. Title: front matter `title`, else the first heading, else the file's name."""

    name = "markdown"
    formats: tuple[str, ...] = ("md", "markdown", "mdown", "mkd", "mdx")

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The file as one document. Raises MalformedSource where it is empty or its access list is not valid."""
        found = decoded(source)
        front = split_front_matter(found.text)
        included = with_includes(source, found.text, "markdown", front.length)
        text = included.text
        blocks = markdown_blocks(text)
        metadata = {**markup_anchors(text, "markdown", blocks), **included.metadata}
        metadata |= {key: value for key, value in front.values.items() if key not in ("title", "access")}
        title = front.values.get("title")
        yield make_document(
            source,
            text,
            title=title
            if isinstance(title, str) and title.strip()
            else first_heading(blocks) or file_title(source.path),
            format="markdown",
            metadata=metadata,
            access=access_of(source, front.values.get("access")),
            blocks=blocks,
            origin=included.origin or (whole(len(text), front.length) if front.length else ()),
            warnings=(*found.warnings, *front.warnings, *included.warnings),
        )


def markdown_blocks(text: str) -> tuple[Block, ...]:
    """The structure of Markdown `text`, ordered by place, outer blocks before inner ones."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    lines = Lines.of(text)
    tokens = parser.parse(text)
    blocks: list[Block] = []
    for index, token in enumerate(tokens):
        if token.map is None:
            continue
        if token.type == "heading_open" and token.level == 0:
            blocks.append(_heading(token, tokens[index + 1].content, lines))
        elif token.type == "table_open":
            blocks.extend(_table(token, lines))
        elif token.type == "paragraph_open" and (include := _INCLUDE.fullmatch(tokens[index + 1].content[:500])):
            path = include.group(1)
            language = path.rsplit(".", 1)[-1] if "." in path else ""
            blocks.append(Block("code", *lines.span(*token.map), language=language, label=path))
        elif token.type in _KINDS:
            blocks.extend(_plain(token, _KINDS[token.type], lines))
    return tuple(sorted(blocks, key=lambda block: (block.start, -block.end)))


def first_heading(blocks: tuple[Block, ...]) -> str:
    """The wording of the first heading, or nothing."""
    return next((block.label for block in blocks if block.kind == "heading" and block.label), "")


def heading_words(raw: str) -> str:
    """A heading's wording without marks, links' targets, tags and trailing attributes."""
    words = _LINK.sub(r"\1", _ATTRIBUTES.sub("", raw[:500]))
    return " ".join(_MARKS.sub("", _TAG.sub("", words)).split())


def _heading(token: Token, content: str, lines: Lines) -> Block:
    first, after = token.map or (0, 0)
    start, end = lines.span(first, after)
    return Block("heading", start, end, level=int(token.tag[1:]), label=heading_words(content))


def _plain(token: Token, kind: BlockKind, lines: Lines) -> list[Block]:
    if kind in _TOP_ONLY and token.level > 0:
        return []
    first, after = token.map or (0, 0)
    start, end = lines.span(first, after)
    language = token.info.split()[0].strip("{}.").lower() if kind == "code" and token.info.split() else ""
    return [Block(kind, start, end, language=language)] if end > start else []


def _table(token: Token, lines: Lines) -> list[Block]:
    first, after = token.map or (0, 0)
    names = [lines.texts[first][start:end] for start, end in _cells(lines.texts[first])]
    blocks = [Block("table", *lines.span(first, after))]
    for number, line in enumerate((first, *range(first + 2, after)), start=1):
        text, at = lines.texts[line], lines.start(line)
        blocks.append(Block("row", at + len(text) - len(text.lstrip()), lines.stop(line), label=f"row {number}"))
        for column, (start, end) in enumerate(_cells(text)):
            label = names[column] if column < len(names) else f"column {column + 1}"
            if end > start:
                blocks.append(Block("cell", at + start, at + end, label=label))
    return blocks


def _cells(row: str) -> list[tuple[int, int]]:
    """The spans of a pipe table row's cells, without the white space around them."""
    cuts = [match.start() for match in _PIPE.finditer(row)]
    bounds = [-1, *cuts, len(row)]
    spans = []
    for before, after in itertools.pairwise(bounds):
        raw = row[before + 1 : after]
        start = before + 1 + len(raw) - len(raw.lstrip())
        spans.append((start, max(start, before + 1 + len(raw.rstrip()))))
    if cuts and not row[: cuts[0]].strip():
        spans = spans[1:]
    if cuts and not row[cuts[-1] + 1 :].strip():
        spans = spans[:-1]
    return spans
