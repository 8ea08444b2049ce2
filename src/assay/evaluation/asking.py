"""Asks labelled questions and writes down what came: status, what the answer cites, and what a model may learn from.

An answer is right where it cites a labelled document and, if that document has labelled spans, characters of one.
Three ways of asking: `answerable` as they are; `near_miss` with every labelled document hidden, so that no answer can
be right; `off_topic`, questions of another field, which the library should refuse.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from assay.confidence.features import answer_features, passage_features
from assay.errors import InputError
from assay.evaluation.dataset import LabelledQuery, json_lines
from assay.evaluation.hiding import Hiding
from assay.system import ProductionRAGSystem
from assay.textual.normalise import comparable
from assay.types import Citation, Claim, QueryResult, Record, Retrieval

Mode = Literal["answerable", "near_miss", "off_topic"]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Expected(Record):
    """What a right answer holds, where the question says so itself: phrases, or documents by id or title."""

    phrases: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked(Record):
    """One question as it was asked and answered.

    `right`: some claim rests on a right place; `right_first`: the first one does; `right_document`: some claim cites a
    labelled document, wherever. `features` and `passages` (with `relevant`) are rows for fitting. `relevance` holds
    what the system stated of each passage, empty where it stated none.
    """

    id: str
    family: str
    domain: str
    mode: Mode
    status: str
    question: str
    right: bool
    right_first: bool
    right_document: bool
    claims: int
    right_claims: int
    spans: bool
    confidence: float | None
    seconds: float
    features: Mapping[str, float]
    passages: tuple[Mapping[str, float], ...]
    relevant: tuple[bool, ...]
    relevance: tuple[float, ...]

    @property
    def answered(self) -> bool:
        """Whether there was an answer at all."""
        return self.status == "success"


class Asker:
    """Asks one system. `domain` is written into every record; figures are pooled by it."""

    def __init__(
        self,
        system: ProductionRAGSystem,
        *,
        domain: str,
        threshold: float | None = None,
        filters: Mapping[str, Any] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._system = system
        self._hiding = Hiding(system)
        self._domain = domain
        self._threshold = threshold
        self._filters = filters
        self._clock = clock

    def ask(self, query: LabelledQuery, mode: Mode, family: str = "") -> Asked:
        """One question, with the documents hidden that its mode wants hidden."""
        wanted = {document for document, grade in query.grades.items() if grade > 0}
        hidden = query.exclude | (wanted if mode == "near_miss" else frozenset())
        heard = self._hiding.heard
        heard.retrieval, heard.passages = Retrieval((), False), ()
        with self._hiding.without(hidden):
            started = self._clock()
            result = self._system.process_query(query.text, self._filters, score_threshold=self._threshold)
            seconds = self._clock() - started
        return self._record(query, mode, family or query.id, result, seconds)

    def _record(self, query: LabelledQuery, mode: Mode, family: str, result: QueryResult, seconds: float) -> Asked:
        judge = self._judge(query)
        right = [judge(claim) for claim in result.claims]
        cited = {citation.document_id for claim in result.claims for citation in claim.citations}
        passages, used = self._hiding.heard.retrieval.passages, self._hiding.heard.passages
        stated = [passage.relevance for passage in passages]
        return Asked(
            id=query.id,
            family=family,
            domain=self._domain,
            mode=mode,
            status=result.status,
            question=query.text,
            right=any(right),
            right_first=bool(right and right[0]),
            right_document=any(query.grades.get(document, 0.0) > 0 for document in cited),
            claims=len(right),
            right_claims=sum(right),
            spans=bool(query.spans),
            confidence=result.confidence,
            seconds=seconds,
            features=answer_features(query.text, used, result.claims, result.dropped) if used else {},
            passages=tuple(passage_features(query.text, passages)),
            relevant=tuple(self._relevant(query, p.document.id, p.chunk.start, p.chunk.end) for p in passages),
            relevance=tuple(value for value in stated if value is not None) if None not in stated else (),
        )

    def _judge(self, query: LabelledQuery) -> Callable[[Claim], bool]:
        expected = expected_of(query.fields)
        if expected and not query.grades:
            return lambda claim: meets(claim, expected)
        return lambda claim: any(self._relevant(query, c.document_id, c.start, c.end) for c in claim.citations)

    def _relevant(self, query: LabelledQuery, document: str, start: int, end: int) -> bool:
        """Whether these characters are of a labelled document and touch a labelled span, if it has any."""
        if query.grades.get(document, 0.0) <= 0:
            return False
        spans = query.spans.get(document)
        if not spans:
            return True
        start, end = self._system.origin_span(document, start, end)
        return any(start < other and first < end for first, other in spans)


def expected_of(record: Mapping[str, Any]) -> Expected | None:
    """`expected_phrases` and `expected_citations` of a question's record; None where it has neither."""
    phrases, citations = (_texts(record.get(name)) for name in ("expected_phrases", "expected_citations"))
    return Expected(phrases, citations) if phrases or citations else None


def meets(claim: Claim, expected: Expected) -> bool:
    """Whether a claim holds an expected phrase (case, quotes and line breaks aside) or cites what is expected."""
    text = comparable("\n".join((claim.text, *(citation.quote for citation in claim.citations)))).lower()
    if any(comparable(phrase).lower() in text for phrase in expected.phrases):
        return True
    return any(_cites(citation, wanted) for citation in claim.citations for wanted in expected.citations)


def _cites(citation: Citation, wanted: str) -> bool:
    key = comparable(wanted).lower()
    told = (citation.document_id, citation.title, citation.source, citation.reference)
    return any(key == comparable(text).lower() or key in comparable(text).lower() for text in told if text)


def _texts(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value] if value else []
    return tuple(str(item) for item in items)


# --- families -------------------------------------------------------------------------------------------------------


def families(queries: Sequence[LabelledQuery], field: str = "") -> dict[str, str]:
    """Question id to family: questions that share a labelled place, or the value of `field`, belong together.

    A place is a document, or a labelled span of it where spans are labelled. Folds are drawn by family, so that nothing
    fitted on one question is measured on its sibling.
    """
    leader: dict[str, str] = {}

    def find(key: str) -> str:
        leader.setdefault(key, key)
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for query in queries:
        keys = [key for document, grade in query.grades.items() if grade > 0 for key in _places(query, document)]
        if field and query.fields.get(field):
            keys.append(f"f:{query.fields[field]}")
        for key in keys:
            first, second = sorted((find(f"q:{query.id}"), find(key)))
            leader[second] = first
    return {query.id: find(f"q:{query.id}") for query in queries}


def _places(query: LabelledQuery, document: str) -> list[str]:
    spans = query.spans.get(document)
    return [f"s:{document}:{start}" for start, _ in spans] if spans else [f"d:{document}"]


# --- files ----------------------------------------------------------------------------------------------------------


def write_asked(rows: Iterable[Asked], target: Path) -> None:
    """One JSON object a line."""
    with target.open("w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(_short(row.to_dict()), ensure_ascii=False) + "\n")


def read_asked(files: Iterable[Path]) -> list[Asked]:
    """What `write_asked` wrote; InputError names a line that is something else."""
    return [_asked(record, path, number) for path in files for number, record in enumerate(json_lines(path), 1)]


def _asked(record: Mapping[str, Any], path: Path, number: int) -> Asked:
    try:
        values = {name: record[name] for name in Asked.__slots__}
    except KeyError as error:
        raise InputError(
            f"{path}, line {number} is no record of an asked question",
            why=f"it has no {error.args[0]!r}",
            next="make the file with: assay eval answers --records FILE",
        ) from error
    if values["mode"] not in get_args(Mode):
        raise InputError(f"{path}, line {number}: mode is {values['mode']!r}")
    for name in ("passages", "relevant", "relevance"):
        values[name] = tuple(values[name])
    return Asked(**values)


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, Mapping):
        return {key: _short(item) for key, item in value.items()}
    return [_short(item) for item in value] if isinstance(value, (list, tuple)) else value


def off_topic_queries(files: Iterable[Path], keep: Callable[[Mapping[str, Any]], bool]) -> Iterator[LabelledQuery]:
    """Questions of another field: they need no labels, and none would be right here."""
    for path in files:
        for record in json_lines(path):
            if keep(record) and record.get("text"):
                yield LabelledQuery(
                    f"{path.parent.name}/{record.get('id', '')}", str(record["text"]), {}, {}, fields=record
                )
