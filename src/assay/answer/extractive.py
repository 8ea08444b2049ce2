"""The writer that needs no model: it quotes the sentences of the passages that best answer the question.

A sentence's score is a sum of named parts, each from 0 to 1 (see `Part`): rarity-weighted coverage of the question's
words, the passage's rank, the look of an answer of the kind asked, headings, position, and, where an embedder is given,
the nearness of question and sentence. Deterministic. It abstains where no sentence covers enough of the question.
It never writes a word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assay.answer.candidates import Candidate, candidates
from assay.answer.cues import cue, kinds, role, wants_code
from assay.answer.headings import LONGEST, speaks_of_code
from assay.textual.interaction import Place
from assay.textual.names import names
from assay.textual.similarity import jaccard, rarity, weight
from assay.textual.tokens import token_set, tokens
from assay.types import Draft, DraftClaim, DraftQuote, Passage, Question

Similarity = Callable[[Question, Sequence[Passage], Sequence[Place]], Sequence[float]]
"""How near each place (a passage, a start and an end in it) is to the question, mostly 0 to 1."""

Rated = tuple[float, Candidate]

REFUSAL = "No sentence of the passages speaks of enough of what the question asks."
_NAMING = re.compile(r"\s*(?:consider|in|under|according to|regarding)\s+([^;,]{3,160})[;,]\s", re.IGNORECASE)
_SCOPE = 0.2
_NAME = re.compile(r"\b(?:[A-Z]{2,}[A-Z0-9-]{2,}|[A-Z]+[a-z]+[A-Z]\w*)\b")
"""Names written in capitals or in mixed case: studies, products."""
_PAGES = frozenset({"markdown", "rst", "html", "pdf", "docx", "text"})
"""Formats of documents in which code is an example; in a source file it is the document."""
_RESTATES = re.compile(r"\W*(?:The|An?) (?:questions?|issues?)\b.{0,120}?\b(?:was|were|is|are) whether\b", re.DOTALL)
"""A sentence that says what was asked answers only the question what was asked."""
_ISSUE = re.compile(r"\b(?:questions?|issues?)\b", re.IGNORECASE)
CODE = "code"
"""The section of a claim whose text is code, kept as it stands in the source."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of a sentence's score is worth, and where the writer stops.

    `floor`: the least coverage (sentence 1, heading 0.7, rest of the passage 0.4) of the best sentence; below it the
    writer abstains. `keep`: a further claim must reach this share of the best one's score.
    """

    coverage: float = 1.0
    heading: float = 0.6
    around: float = 0.15
    rank: float = 0.35
    cue: float = 0.2
    role: float = 0.3
    position: float = 0.05
    length: float = 0.1
    cosine: float = 0.9
    floor: float = 0.25
    keep: float = 0.72
    near_duplicate: float = 0.6
    same_document: float = 0.9


class ExtractiveWriter:
    """Quotes. `similarity` is asked once, for the best `similarity_limit` candidates."""

    name = "extractive"

    def __init__(
        self,
        *,
        max_claims: int = 5,
        similarity: Similarity | None = None,
        similarity_limit: int = 40,
        weights: Weights = Weights(),
    ) -> None:
        self._max_claims = max_claims
        self._similarity = similarity
        self._limit = similarity_limit
        self._weights = weights

    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        """One to `max_claims` claims, each a quotation word for word, best first; or a refusal. Instructions are for
        models: quoting needs none."""
        return self.stream(question, passages, instructions)

    def stream(
        self,
        question: Question,
        passages: Sequence[Passage],
        instructions: str = "",
        on_claim: Callable[[DraftClaim], None] | None = None,
    ) -> Draft:
        """Like `write`; `on_claim` gets each claim as it is chosen."""
        claims = tuple(_claims(self.choose(question, passages), passages))
        for claim in claims if on_claim else ():
            on_claim(claim)  # type: ignore[misc]
        return Draft(claims, self.name, refusal="" if claims else REFUSAL)

    def choose(self, question: Question, passages: Sequence[Passage]) -> list[Candidate]:
        """The candidates to quote, best first; none where the writer abstains."""
        found = [item for item in candidates(passages) if not item.particulars or _asks_for(question.text, item)]
        if not found:
            return []
        silent = _elsewhere(question.text, passages)
        restated = _ISSUE.search(question.text) is None
        found = [i for i in found if not silent[i.passage] and not (restated and _RESTATES.match(i.sentence))]
        asked = _Asked.of(question.text, found, passages)
        scored = sorted(((self._score(asked, item), item) for item in found), key=_best_first)
        if self._similarity is not None:
            scored = self._with_nearness(self._similarity, question, passages, scored)
        if not (wants_code(question.text) or speaks_of_code(question.text)):
            # An example in a page that only has the question's words in it states nothing; a source file's words do.
            pages = [passage.document.format in _PAGES for passage in passages]
            scored = [(score, item) for score, item in scored if not (item.code and pages[item.passage])]
        reached = [asked.reach(item) for _, item in scored]
        if max(reached[: self._limit], default=0.0) < self._weights.floor:
            return []
        speaking = [pair for pair, reach in zip(scored, reached, strict=True) if reach >= self._weights.floor]
        return self._selected(question.text, scored, speaking, asked)

    def _score(self, asked: _Asked, item: Candidate) -> float:
        parts = self._weights
        score = (
            parts.coverage * asked.coverage(item.tokens, asked.titles[item.passage])
            + parts.heading * asked.headed[item.passage]
            + parts.around * asked.coverage(asked.surroundings[item.passage], item.tokens)
            + parts.rank / (1.0 + 0.3 * item.passage)
            + parts.position * (1.0 - item.position)
        )
        if item.code:
            return score * (1.0 if wants_code(asked.question) else 0.5)
        score += parts.cue * cue(asked.question, item.sentence) + parts.role * role(
            asked.question, item.sentence, item.label
        )
        return score - parts.length * _length_penalty(item.text)

    def _with_nearness(
        self, similarity: Similarity, question: Question, passages: Sequence[Passage], scored: Sequence[Rated]
    ) -> list[Rated]:
        head, tail = scored[: self._limit], scored[self._limit :]
        near = similarity(question, passages, [(item.passage, item.start, item.end) for _, item in head])
        raised = [
            (score + self._weights.cosine * max(0.0, value), item)
            for (score, item), value in zip(head, near, strict=True)
        ]
        return [*sorted(raised, key=_best_first), *tail]

    def _selected(
        self, question: str, scored: Sequence[Rated], speaking: Sequence[Rated], asked: _Asked
    ) -> list[Candidate]:
        """Greedy, from those `speaking` of the question: the best first, then what adds to it; a document's later
        sentences count a little less each."""
        chosen: list[Candidate] = []
        rest = list(speaking)
        top = rest[0][0] if rest else 0.0
        while rest and len(chosen) < self._max_claims:
            score, item = max(
                rest, key=lambda pair: (self._damped(pair, chosen, asked), -pair[1].passage, -pair[1].start)
            )
            if chosen and self._damped((score, item), chosen, asked) < self._weights.keep * top:
                break
            chosen.append(item)
            rest = [(s, other) for s, other in rest if other is not item and not self._repeats(other, chosen)]
        return _with_code(question, chosen, scored, self._max_claims)

    def _damped(self, pair: Rated, chosen: Sequence[Candidate], asked: _Asked) -> float:
        score, item = pair
        same = sum(asked.documents[other.passage] == asked.documents[item.passage] for other in chosen)
        return float(score * self._weights.same_document**same)

    def _repeats(self, item: Candidate, chosen: Sequence[Candidate]) -> bool:
        return any(
            (item.passage == other.passage and item.start < other.end and other.start < item.end)
            or jaccard(item.tokens, other.tokens) >= self._weights.near_duplicate
            for other in chosen
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question's words with their weights among these passages, and what headings and passages say."""

    question: str
    wanted: Mapping[str, float]
    total: float
    headings: Sequence[frozenset[str]]
    headed: Sequence[float]
    surroundings: Sequence[frozenset[str]]
    documents: Sequence[str]
    titles: Sequence[frozenset[str]]
    """A word of the title tells documents apart, not the sentences of one."""

    @classmethod
    def of(cls, question: str, found: Sequence[Candidate], passages: Sequence[Passage]) -> _Asked:
        rare = rarity([item.tokens for item in found])
        wanted = _wanted(question, rare)
        total = sum(wanted.values())
        headings = [token_set("\n".join((p.document.title, *p.chunk.breadcrumb))) for p in passages]
        surroundings: list[set[str]] = [set() for _ in passages]
        coded = wants_code(question) or speaks_of_code(question)
        for item in found:
            if coded or not item.code:
                surroundings[item.passage] |= item.tokens
        return cls(
            question,
            wanted,
            total,
            headings,
            [_share(wanted, total, heading) for heading in headings],
            [frozenset(words) for words in surroundings],
            [p.document.id for p in passages],
            [token_set(p.document.title) for p in passages],
        )

    def coverage(self, have: frozenset[str], *without: frozenset[str]) -> float:
        """The weighted share of the question's words that `have` has, and none of `without`."""
        return _share(self.wanted, self.total, have, *without)

    def reach(self, item: Candidate) -> float:
        """How far a sentence with its heading and passage covers the question: 1, 0.7 and 0.4 a word."""
        own = self.coverage(item.tokens)
        headings, around = self.headings[item.passage], self.surroundings[item.passage]
        heading = self.coverage(headings, item.tokens)
        if not (own or heading):
            return 0.0
        return own + 0.7 * heading + 0.4 * self.coverage(around, item.tokens, headings)


def _share(wanted: Mapping[str, float], total: float, have: frozenset[str], *without: frozenset[str]) -> float:
    """The share of `total` of the words `wanted` that `have` has, and none of `without`."""
    if not total:
        return 0.0
    held = [(token, value) for token, value in wanted.items() if token in have]
    if without:
        return sum([value for token, value in held if not any([token in other for other in without])]) / total
    return sum([value for _, value in held]) / total


def _wanted(question: str, rare: Mapping[str, float]) -> dict[str, float]:
    """The question's words by weight: rare ones count more; those that only name the document count half, and the
    version that an answer is for a fifth, unless versions are what is asked about."""
    most = max(rare.values(), default=1.0)
    opening = _NAMING.match(question)
    told = frozenset(tokens(" ".join(question[n.start : n.end] for n in names(question) if n.kind == "proper")))
    told |= frozenset(tokens(opening[1])) if opening else frozenset()
    scope = frozenset(tokens(" ".join(question[n.start : n.end] for n in names(question) if n.kind == "version")))
    share = dict.fromkeys(told, 0.5) | ({} if "version" in kinds(question) else dict.fromkeys(scope, _SCOPE))
    return {
        token: weight(token) * (0.4 + 0.6 * rare.get(token, most) / most) * share.get(token, 1.0)
        for token in dict.fromkeys(tokens(question))
    }


def _elsewhere(question: str, passages: Sequence[Passage]) -> list[bool]:
    """Whether each passage is silent on the documents that the question names by a word of their titles."""
    named = {word for word in _NAME.findall(question) if any(word in passage.document.title for passage in passages)}
    return [
        bool(named) and not any(word in passage.document.title or word in passage.chunk.text for word in named)
        for passage in passages
    ]


def _asks_for(question: str, item: Candidate) -> bool:
    """Whether a question asks for one of the particulars: it has the key and not the value."""
    asked, lower = frozenset(tokens(question)), question.lower()
    return any(asked & frozenset(tokens(key)) and value.lower() not in lower for key, value in item.particulars)


def _best_first(pair: tuple[float, Candidate]) -> tuple[float, int, int]:
    score, item = pair
    return -score, item.passage, item.start


def _length_penalty(text: str) -> float:
    """0 for 8 to 45 words, rising to 1 for fragments and for very long sentences."""
    count = len(re.findall(r"\w+", text))
    if count < 8:
        return (8 - count) / 8
    return min(1.0, max(0.0, (count - 45) / 60))


def _with_code(question: str, chosen: list[Candidate], scored: Sequence[Rated], most: int) -> list[Candidate]:
    """For a how-to question: the nearest code of the first chosen sentence's passage, if none was chosen."""
    if not chosen or not wants_code(question) or any(item.code for item in chosen):
        return chosen
    passages = {item.passage for item in chosen}
    examples = [item for _, item in scored if item.code and item.passage in passages]
    if not examples:
        return chosen
    first = chosen[0]
    example = min(examples, key=lambda item: (item.passage != first.passage, item.start < first.start, item.start))
    return [first, example, *chosen[1:]][:most]


def _claims(chosen: Sequence[Candidate], passages: Sequence[Passage]) -> list[DraftClaim]:
    """The candidates as claims. Where one stands under the name of what it speaks of and does not say it, every claim
    in prose comes with its heading, that each can be told from the others."""
    headed = any(item.named and not item.code and item.heading not in item.text for item in chosen)
    return [_claim(item, _heading(item, passages) if headed else "") for item in chosen]


def _heading(item: Candidate, passages: Sequence[Passage]) -> str:
    passage = passages[item.passage]
    return (item.heading or passage.document.title or passage.document.id)[:LONGEST]


def _claim(item: Candidate, section: str) -> DraftClaim:
    text = item.text if item.code else " ".join(item.text.split())
    return DraftClaim(text, (DraftQuote(item.passage + 1, item.text),), CODE if item.code else section)
