"""Passages drawn from the three corpora: contiguous text of one document each, with its clean sentences.

Medical abstracts and short statutes are taken whole; opinions, contracts and documentation give windows that begin and
end at a paragraph or sentence boundary. Documentation is taken as a reader sees it: HTML without tags, and the version
directives of reStructuredText in words ("Changed in version 3.9: ...").
"""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.verification.draw import number, ordered
from benchmarks.verification.sentences import Sentence, pieces, sentences

DOMAINS = ("legal", "medical", "technical")
WINDOW = 1700
LEAST = 500


@dataclass(frozen=True, slots=True)
class Source:
    """A passage: part of one document. `kind` names the corpus it came from."""

    document_id: str
    title: str
    text: str
    domain: str
    kind: str
    metadata: dict[str, Any] = field(default_factory=dict, hash=False)
    sentences: tuple[Sentence, ...] = ()

    @property
    def key(self) -> str:
        """Names the passage within the benchmark."""
        return f"{self.document_id}|{len(self.text)}|{self.text[:40]}"


def load(data: Path) -> dict[str, list[Source]]:
    """The passages of each domain, in drawn order. One passage a document in medicine, up to three elsewhere."""
    legal = [*_caselaw(data / "legal/caselaw"), *_contracts(data / "legal/contracts"), *_statutes(data / "legal")]
    found = {"legal": legal, "medical": list(_medical(data / "medical")), "technical": list(_technical(data))}
    return {
        domain: ordered((s for s in sources if s.sentences), lambda s: s.key, domain)
        for domain, sources in found.items()
    }


def documents(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of a corpus file."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _source(record: dict[str, Any], text: str, domain: str, kind: str, found: list[Sentence]) -> Source:
    metadata = record.get("metadata") or {}
    kept = {key: metadata[key] for key in ("library", "version", "year", "code_as_of", "section") if key in metadata}
    return Source(record["id"], record["title"], text, domain, kind, kept, tuple(found))


def _medical(folder: Path) -> Iterator[Source]:
    chosen = ordered(documents(folder), lambda record: str(record["id"]), "medical documents")
    for record in [r for r in chosen if LEAST <= len(r["text"]) <= 3200 and r["title"]][:6000]:
        yield _source(record, record["text"], "medical", "abstract", sentences(record["text"]))


def _statutes(folder: Path) -> Iterator[Source]:
    for record in documents(folder / "statutes_ucc"):
        text = record["text"]
        if len(text) > 3500:
            text = text[: text.rfind("\n", 0, 3000)]
        if len(text) >= 250:
            yield _source(record, text, "legal", "statute", sentences(text, _lines(text)))


def _contracts(folder: Path) -> Iterator[Source]:
    for record in documents(folder):
        for text in _windows(record["text"], record["id"], 5):
            yield _source(record, text, "legal", "contract", sentences(text))


def _caselaw(folder: Path) -> Iterator[Source]:
    for record in documents(folder):
        for text in _windows(record["text"], record["id"], 3):
            spaced = len(re.findall(r"\n[ \t]*\n", text)) > 8
            spans = iter([(0, len(text))]) if spaced else None
            found = [s for s in sentences(text, spans) if not re.search(r"\n\s*\d{1,3}\s*\n|\n\s*\n\s*\n\s*\n", s.raw)]
            yield _source(record, text, "legal", "opinion-spaced" if spaced else "opinion", found)


def _technical(data: Path) -> Iterator[Source]:
    for record in documents(data / "technical"):
        kind = record["metadata"]["format"]
        if kind not in ("rst", "markdown", "html") or _skipped(record):
            continue
        text = _rendered(record["text"], kind)
        for part in _windows(text, record["id"], 3):
            found = [s for s in sentences(part, _prose(part)) if "\n\n" not in s.raw]
            yield _source(record, part, "technical", kind, found)


def _skipped(record: dict[str, Any]) -> bool:
    # A quarter of the reference pages of pandas and numpy is enough; they are many, short and alike.
    page = record["metadata"]["format"] == "html" and record["metadata"]["kind"] == "reference"
    return page and number("html", record["id"]) % 4 != 0


def _windows(text: str, key: str, most: int) -> Iterator[str]:
    """Up to `most` windows that do not overlap, each from one boundary to another, spread over the text."""
    if len(text) <= WINDOW + LEAST:
        if len(text) >= 250:
            yield text.strip()
        return
    share = len(text) // most if len(text) // most > WINDOW + LEAST else WINDOW + LEAST
    for place in range(min(most, len(text) // share)):
        room = share - WINDOW
        at = place * share + (number("window", key, place) % room if room > 0 else 0)
        start = _boundary(text, at)
        window = _cut(text[start : start + WINDOW])
        if len(window) >= LEAST:
            yield window


def _boundary(text: str, at: int) -> int:
    if at == 0:
        return 0
    blank = re.compile(r"\n[ \t]*\n(?=\S)").search(text, at, at + 900)
    if blank and not re.search(r"[a-z,]\s*$", text[: blank.start()][-20:]):
        return blank.end()
    for _, end in pieces(text[at : at + 900]):
        return at + end
    return at


def _cut(window: str) -> str:
    ends = [end for _, end in pieces(window)][:-1]
    return window[: ends[-1]].strip() if ends else window.strip()


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines after the heading."""
    for match in list(re.finditer(r"[^\n]+", text))[1:]:
        yield match.span()


_DIRECTIVE = re.compile(
    r"^(\s*)\.\. (versionadded|versionchanged|deprecated|versionremoved):: *([0-9][\w.]*),?[ \t]*\n?[ \t]*", re.M
)
_WORDS = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
    "versionremoved": "Removed in version",
}


def _rendered(text: str, kind: str) -> str:
    if kind == "html":
        return _without_tags(text)
    if kind == "rst":
        return _DIRECTIVE.sub(lambda m: f"{m[1]}{_WORDS[m[2]]} {m[3]}: ", text)
    return text


def _without_tags(text: str) -> str:
    text = text.split('<div class="_attribution">')[0]
    text = re.sub(r"<pre.*?</pre>", "\n", text, flags=re.S)
    text = re.sub(r"</?(?:p|li|dt|dd|div|tr|td|th|h\d|dl|ul|ol|table|br)\b[^>]*>", "\n\n", text)
    text = html.unescape(re.sub(r"<[^>]+>", "", text)).replace("[source]", "")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip()


def _prose(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs that are prose: no code, directive, table, heading or field list."""
    literal_indent: int | None = None
    fenced = False
    for match in re.finditer(r"[^\n]+(?:\n[ \t]*[^\s][^\n]*)*", text):
        block = match[0]
        indent = len(block) - len(block.lstrip(" "))
        fences = block.count("```")
        if fences or fenced:
            fenced = fenced ^ bool(fences % 2)
            continue
        if literal_indent is not None and indent > literal_indent:
            continue
        code = re.match(
            r"\s*\.\. (?:code|sourcecode|doctest|testcode|parsed-literal|productionlist|literalinclude)", block
        )
        literal_indent = indent if block.rstrip().endswith("::") or code else None
        if not re.match(
            r"\s*(?:\.\. |:[\w ]+:(?!`)|>>>|#|\||\+[-=]|[=~^\"'-]{3}|\{\*|///|!!!)", block
        ) and not re.search(r"\n\s*(?:[=~^*\"'-]{3,}\s*(?:\n|$)|[*+-] |\.\. |:\w+:\s|>>>)", block):
            yield match.span()
