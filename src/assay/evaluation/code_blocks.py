"""`assay eval code-blocks`: whether code is kept whole, and whether its language is told and its syntax read.

A blocks file is a TSV with a header: `doc-id start end kind language [include]`, offsets into the document's `text`
in the corpus (`{"id", "title", "text", "metadata"}` a line). `language` is the author's label, empty where there is
none; `include` is the path of a file that stands there instead of code.

Cut: a block whose characters (white space at its ends left out) do not lie in one chunk. Lead-in: of the blocks that
follow text, the share whose chunk begins before them. Language: labelled blocks with their label hidden, the tag and
directive lines taken off; every text counts once. `exact` compares normalised names ("py3" is "python"); `family`
counts languages that authors take for one another as one (a shell and its session, Python and its session, HTML, XML
and templates). No language found equals the label "text": both are shown without a tag. Parsing: of labelled blocks
whose language has a parser here. Intervals: Wilson, 95 %. What cannot be placed is counted, never left out silently.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from assay.domains.technical.code import CodeAnalyzer
from assay.domains.technical.code.detecting import language_of
from assay.domains.technical.code.sources import peeled, source_of
from assay.domains.technical.code.tables import TEXT, UNKNOWN, family, is_known_language, normal_language
from assay.errors import InputError
from assay.evaluation.dataset import json_lines, open_text
from assay.evaluation.limits import Limits
from assay.evaluation.verification import REGRESSION, Rate, wilson
from assay.ingest.chunkers import chunker_for
from assay.types import Chunk, Document, Record, SourceFile

LIMITS = Limits(
    {
        "cut": "at most this share of blocks may be cut",
        "lead": "at least this share must keep the text that leads to it",
        "exact": "at least this share of hidden labels must be found exactly",
        "family": "at least this share of hidden labels must be found up to their family",
        "session_free": "the same for blocks without prompts",
        "parses": "at least this share of labelled blocks must parse",
        "unplaced": "at most so many blocks may be without a place",
    },
    counts=frozenset({"unplaced"}),
)
_PROMPTED = frozenset({"pycon", "console", "doscon"})
_SHOWN = 12


class LabelledBlock(NamedTuple):
    """One row of a blocks file."""

    document: str
    start: int
    end: int
    kind: str
    language: str
    include: str


@dataclass(frozen=True, slots=True)
class CodeBlockReport(Record):
    """Rates over the blocks of a corpus, and where they come from. `breaches` names each limit that was broken."""

    documents: int
    blocks: int
    unplaced: Mapping[str, int]
    strategy: str
    chunks: int
    cut: Rate
    cut_by_kind: Mapping[str, Rate]
    longest_whole: int
    lead: Rate
    labelled: int
    unmapped: Mapping[str, int]
    exact: Rate
    family: Rate
    session_free: Rate
    by_language: Mapping[str, Mapping[str, Rate]]
    confusion: tuple[tuple[str, str, int], ...]
    parses: Rate
    parses_by_language: Mapping[str, Rate]
    unlabelled_languages: Mapping[str, int]
    limits: Mapping[str, float] = field(default_factory=dict)
    breaches: tuple[str, ...] = ()
    cut_blocks: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 where a limit is broken, else 0."""
        return REGRESSION if self.breaches else 0

    def summary(self) -> dict[str, Any]:
        """Everything, ready for JSON (a rate over nothing as None)."""
        found: dict[str, Any] = _finite(self.to_dict())
        return found | {"exit_code": self.exit_code}

    def text(self) -> str:
        """The report as lines for a terminal."""
        return "\n".join(_lines(self))


@dataclass(slots=True)
class _Tally:
    """Counts while the documents go by."""

    unplaced: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    chunks: int = 0
    whole: Counter[str] = field(default_factory=Counter)
    placed: Counter[str] = field(default_factory=Counter)
    cut_blocks: list[str] = field(default_factory=list)
    longest: int = 0
    led: int = 0
    follow: int = 0
    seen: set[tuple[str, str]] = field(default_factory=set)
    unmapped: Counter[str] = field(default_factory=Counter)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    parsed: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    unlabelled: Counter[str] = field(default_factory=Counter)


def run(
    corpus: Path,
    blocks: Path,
    *,
    target: int = 650,
    limits: Mapping[str, float] | None = None,
    documents: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> CodeBlockReport:
    """Chunk the documents that have labelled blocks and score all three questions.

    `target`: the chunk size in characters. `documents`: only the first so many. Raises InputError where a file or a
    limit cannot be used.
    """
    checked = LIMITS.check(limits or {})
    wanted = read_blocks(blocks)
    tally = _Tally()
    chunker = chunker_for("hierarchical", target=target)
    left = dict(wanted)
    for record in json_lines(corpus):
        own = left.pop(str(record.get("id", "")), None)
        if own is None or not isinstance(record.get("text"), str):
            continue
        if documents is not None and tally.documents >= documents:
            left = {}
            break
        tally.documents += 1
        document = read_record(record)
        _score(tally, document, chunker.chunk(document), record["text"], own)
        progress(tally.documents)
    tally.unplaced["the document is not in the corpus"] += sum(len(own) for own in left.values())
    if not tally.placed:
        raise InputError(f"no block of {blocks} has its document in {corpus}", next="check that both belong together")
    return _report(tally, chunker.version, checked)


# --- reading --------------------------------------------------------------------------------------------------------


def read_blocks(path: Path) -> dict[str, list[LabelledBlock]]:
    """The blocks of a file by document. InputError names a line that cannot be read."""
    found: dict[str, list[LabelledBlock]] = {}
    with open_text(path) as stream:
        rows = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = [name.strip() for name in next(rows, [])]
        missing = {"doc-id", "start", "end", "language"} - set(header)
        if missing:
            raise InputError(f"{path} has no column {', '.join(sorted(missing))}", next="give it a header line")
        for number, row in enumerate(rows, 2):
            if row:
                block = _row(dict(zip(header, row, strict=False)), path, number)
                found.setdefault(block.document, []).append(block)
    return found


def _row(row: Mapping[str, str], path: Path, number: int) -> LabelledBlock:
    try:
        start, end = int(row["start"]), int(row["end"])
    except (KeyError, ValueError) as error:
        raise InputError(f"{path}, line {number} has no place", why=str(error)) from error
    return LabelledBlock(
        row["doc-id"], start, end, row.get("kind", ""), row.get("language", "").strip(), row.get("include", "")
    )


def read_record(record: Mapping[str, Any]) -> Document:
    """The document that the readers make of a record of the corpus."""
    from assay.ingest.readers.records import record_document

    return record_document(SourceFile("corpus.jsonl", b"", "jsonl"), record, "record", 1)


# --- scoring --------------------------------------------------------------------------------------------------------


def _score(
    tally: _Tally, document: Document, chunks: Sequence[Chunk], original: str, blocks: Iterable[LabelledBlock]
) -> None:
    tally.chunks += len(chunks)
    same = document.text == original
    for block in blocks:
        if not same or not 0 <= block.start < block.end <= len(document.text):
            why = "the reader extracts the text" if not same else "the place lies outside the text"
            tally.unplaced[why] += 1
            continue
        _score_cut(tally, document.text, chunks, block)
        if not block.include:
            _score_code(tally, document.text, block)


def _score_cut(tally: _Tally, text: str, chunks: Sequence[Chunk], block: LabelledBlock) -> None:
    raw = text[block.start : block.end]
    start = block.start + len(raw) - len(raw.lstrip())
    end = block.start + len(raw.rstrip())
    holder = next((chunk for chunk in chunks if chunk.start <= start and end <= chunk.end), None)
    tally.placed[block.kind] += 1
    if holder is None:
        tally.cut_blocks.append(f"{block.document} {block.start}:{block.end}")
        return
    tally.whole[block.kind] += 1
    tally.longest = max(tally.longest, end - start)
    if text[:start].strip():
        tally.follow += 1
        tally.led += bool(text[holder.start : start].strip())


def _score_code(tally: _Tally, text: str, block: LabelledBlock) -> None:
    first, last, _, _ = peeled(text, block.start, block.end)
    source = source_of(text, first, last)
    if not source.lines or (block.language, source.text) in tally.seen:
        return
    tally.seen.add((block.language, source.text))
    if not block.language:
        tally.unlabelled[_shown(language_of(source).name)] += 1
        return
    label = normal_language(block.language)
    if not is_known_language(label):
        tally.unmapped[block.language] += 1
        return
    tally.answers[label, _shown(language_of(source).name)] += 1
    report = CodeAnalyzer().analyze_block(text, block.start, block.end, block.language)
    if report.parses is not None:
        tally.tried[report.language] += 1
        tally.parsed[report.language] += report.parses


def _shown(language: str) -> str:
    return TEXT if language == UNKNOWN else language


# --- the report -----------------------------------------------------------------------------------------------------


def _report(tally: _Tally, strategy: str, limits: Mapping[str, float]) -> CodeBlockReport:
    placed, whole = tally.placed.total(), tally.whole.total()
    report = CodeBlockReport(
        documents=tally.documents,
        blocks=placed + tally.unplaced.total(),
        unplaced={why: count for why, count in tally.unplaced.items() if count},
        strategy=strategy,
        chunks=tally.chunks,
        cut=wilson(placed - whole, placed),
        cut_by_kind={kind: wilson(n - tally.whole[kind], n) for kind, n in sorted(tally.placed.items())},
        longest_whole=tally.longest,
        lead=wilson(tally.led, tally.follow),
        labelled=tally.answers.total(),
        unmapped=dict(tally.unmapped),
        exact=_right(tally.answers, lambda label, found: label == found),
        family=_right(tally.answers, _related),
        session_free=_right(
            Counter({pair: n for pair, n in tally.answers.items() if pair[0] not in _PROMPTED}), _related
        ),
        by_language={
            label: {
                "exact": _right(answers, lambda own, found: own == found),
                "family": _right(answers, _related),
            }
            for label, answers in _by_label(tally.answers)
        },
        confusion=tuple((label, found, n) for (label, found), n in tally.answers.most_common() if label != found),
        parses=wilson(tally.parsed.total(), tally.tried.total()),
        parses_by_language={name: wilson(tally.parsed[name], n) for name, n in sorted(tally.tried.items())},
        unlabelled_languages=dict(tally.unlabelled.most_common()),
        limits=limits,
        cut_blocks=tuple(tally.cut_blocks),
    )
    return _with_breaches(report)


def _right(answers: Counter[tuple[str, str]], same: Callable[[str, str], bool]) -> Rate:
    return wilson(sum(n for (label, found), n in answers.items() if same(label, found)), answers.total())


def _related(label: str, found: str) -> bool:
    return family(label) == family(found)


def _by_label(answers: Counter[tuple[str, str]]) -> Iterator[tuple[str, Counter[tuple[str, str]]]]:
    labels = Counter({label: 0 for label, _ in answers})
    for (label, _), n in answers.items():
        labels[label] += n
    for label, _ in labels.most_common():
        yield label, Counter({pair: n for pair, n in answers.items() if pair[0] == label})


def _with_breaches(report: CodeBlockReport) -> CodeBlockReport:
    from dataclasses import replace

    breaches: list[str] = []
    for name, value in report.limits.items():
        got = sum(report.unplaced.values()) if name == "unplaced" else report[name].rate
        good = got <= value if name in ("cut", "unplaced") else got >= value
        if not good:
            breaches.append(f"{name} is {got:.4g}, the limit {value:.4g}")
    return replace(report, breaches=tuple(breaches))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and value != value else value


def _lines(report: CodeBlockReport) -> Iterator[str]:
    yield f"{report.blocks} blocks in {report.documents} documents, {report.chunks} chunks ({report.strategy})"
    for why, count in report.unplaced.items():
        yield f"  not placed: {count}, {why}"
    yield f"cut                 {_shown_rate(report.cut)}; longest block kept whole: {report.longest_whole} characters"
    yield f"lead-in kept        {_shown_rate(report.lead)}"
    yield f"language, family    {_shown_rate(report.family)}, label hidden"
    yield f"  without prompts   {_shown_rate(report.session_free)}"
    yield f"  exact             {_shown_rate(report.exact)}"
    for label, rates in list(report.by_language.items())[:_SHOWN]:
        yield f"    {label:<16}{_shown_rate(rates['family'])}, exact {rates['exact'].rate:.3f}"
    yield "  most often taken for another: " + (
        ", ".join(f"{label} for {found} {n}" for label, found, n in report.confusion[:_SHOWN]) or "none"
    )
    if report.unmapped:
        yield f"  labels not known: {', '.join(f'{name} {n}' for name, n in report.unmapped.items())}"
    yield f"parses              {_shown_rate(report.parses)}"
    for name, rate in report.parses_by_language.items():
        yield f"    {name:<16}{_shown_rate(rate)}"
    for name in report.cut_blocks[:_SHOWN]:
        yield f"cut: {name}"
    for breach in report.breaches:
        yield f"LIMIT BROKEN: {breach}"


def _shown_rate(rate: Rate) -> str:
    if rate.n == 0:
        return "nothing to measure"
    return f"{rate.rate:.4f} ({rate.low:.4f} to {rate.high:.4f}), {rate.count} of {rate.n}"
