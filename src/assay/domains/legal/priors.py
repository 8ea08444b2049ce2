"""Addends to the ranking that the law suggests, each small and named. The engine's own signals stand beside them.

- order: words of the question that follow one another in the passage too; for opinions and enacted law.
- section: the passage belongs to the section that the question names.
- article: its article of the Uniform Commercial Code governs the transaction that the question names.
- terms: legal terms of the question (settings: terminology_boost) that the passage uses.
- forum, rank, date: authority that applies in the forum named; level of court; age of persuasive authority.
- part, current: a dissent, and an authority that is no longer good, stand back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

from assay.domains.legal.articles import article_of, fit
from assay.domains.legal.currency import history_words, keys_of, signal_of
from assay.domains.legal.parts import part_at
from assay.domains.legal.strength import age_weight, foreign, rank_of, standing
from assay.ports import Library
from assay.textual.similarity import weight
from assay.textual.tokens import stem, tokens
from assay.types import Fact, Passage

ORDER_WEIGHT = 0.8
SECTION_WEIGHT = 0.8
TERM_WEIGHT = 0.05
FORUM_WEIGHT = 0.25
RANK_WEIGHT = 0.1
DATE_WEIGHT = 0.02
ARTICLE_WEIGHT = 0.2
DISSENT = -0.15
STOP = -0.3
_NEAR = 3
READ = 20
"""How many of the best passages are read word for word: reading one costs about a tenth of a millisecond."""
_MOST_READ = 3000


def priors(
    reading: Mapping[str, Any], passages: Sequence[Passage], library: Library, settings: Mapping[str, Any]
) -> list[Mapping[str, float]]:
    """One mapping of addends a passage."""
    held = [tuple(tokens(p.chunk.text[:_MOST_READ])) if p.rank <= READ else () for p in passages]
    order = _order(reading, [() if _private(p) else words for p, words in zip(passages, held, strict=True)])
    keys = {passage.document.id: keys_of(passage.document) for passage in passages}
    looked = settings.get("source_validation", True) and not _asks_history(reading)
    stopped = _stopped(keys, library) if looked else {}
    terms = boosted(reading, settings)
    today = _today(passages)
    found: list[Mapping[str, float]] = []
    for passage, words, value in zip(passages, held, order, strict=True):
        addends = {
            "order": ORDER_WEIGHT * value,
            "section": SECTION_WEIGHT * _section(reading, passage, keys[passage.document.id]),
            "article": ARTICLE_WEIGHT * _article(reading, passage, keys[passage.document.id]),
            "terms": _terms(terms, words),
            **_authority(reading, passage, settings, today),
            "part": DISSENT if _in_dissent(passage) else 0.0,
            "current": STOP if stopped.get(passage.document.id) else 0.0,
        }
        found.append({name: round(addend, 6) for name, addend in addends.items() if addend})
    return found


# --- order ------------------------------------------------------------------------------------------------------


def _order(reading: Mapping[str, Any], held: Sequence[tuple[str, ...]]) -> list[float]:
    """How many neighbouring pairs of the question's words stand near one another in each passage, in the same order,
    each with the weight of its words; scaled so that the best passage read has 1 and the worst 0."""
    wanted = list(dict.fromkeys(pairwise(reading.get("tokens", ()))))
    if not wanted or not held:
        return [0.0] * len(held)
    values = [sum(weight(first) + weight(second) for first, second in sorted(_pairs_of(w, wanted))) for w in held]
    read = [value for value, words in zip(values, held, strict=True) if words]
    low, high = min(read, default=0.0), max(read, default=0.0)
    if high <= low:
        return [float(value > 0) for value in values]
    return [(value - low) / (high - low) if words else 0.0 for value, words in zip(values, held, strict=True)]


def _private(passage: Passage) -> bool:
    """Contracts and policies: questions paraphrase them, and shared word order misled there when it was measured."""
    return passage.document.metadata.get("legal_kind") in ("contract", "policy")


def _pairs_of(words: Sequence[str], wanted: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    followers: dict[str, set[str]] = {}
    for first, second in wanted:
        followers.setdefault(first, set()).add(second)
    found: set[tuple[str, str]] = set()
    for place, word in enumerate(words):
        for second in followers.get(word, ()):
            if second in words[place + 1 : place + 1 + _NEAR]:
                found.add((word, second))
    return found


# --- sections and terms -----------------------------------------------------------------------------------------


def _section(reading: Mapping[str, Any], passage: Passage, keys: Sequence[str]) -> float:
    """1 where the passage's document is the section or authority that the question names."""
    cited, sections = set(reading.get("citations", ())), set(reading.get("sections", ()))
    if not cited and not sections:
        return 0.0
    if cited & set(keys):
        return 1.0
    own = str(passage.document.metadata.get("section") or "").split(":")[-1]
    numbers = {key.rsplit(" ", 1)[-1].split(":")[-1] for key in keys if "§" in key} | ({own} if own else set())
    return 1.0 if sections & numbers else 0.0


def _article(reading: Mapping[str, Any], passage: Passage, keys: Sequence[str]) -> float:
    """Whether the passage's article of a uniform code governs the transaction that the question names."""
    article = article_of(passage.document.metadata, keys)
    return fit(article, reading.get("tokens", ())) if article else 0.0


def boosted(reading: Mapping[str, Any], settings: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The terms of `terminology_boost` that the question uses, as stems."""
    asked = [stem(word) for word in reading.get("tokens", ())]
    found = []
    for term in settings.get("terminology_boost", ()):
        words = tuple(stem(word) for word in tokens(str(term)))
        if words and any(tuple(asked[n : n + len(words)]) == words for n in range(len(asked))):
            found.append(words)
    return found


def _terms(terms: Sequence[tuple[str, ...]], held: tuple[str, ...]) -> float:
    if not terms:
        return 0.0
    present = sum(any(tuple(held[n : n + len(term)]) == term for n in range(len(held))) for term in terms)
    return TERM_WEIGHT * present / len(terms)


# --- authority --------------------------------------------------------------------------------------------------


def _authority(
    reading: Mapping[str, Any], passage: Passage, settings: Mapping[str, Any], today: date
) -> dict[str, float]:
    meta = passage.document.metadata
    kind, path = str(meta.get("legal_kind", "")), str(meta.get("jurisdiction_path", ""))
    if kind in ("contract", "policy", "brief", "complaint"):
        return {}
    forum = str(reading.get("forum", "")) if settings.get("jurisdiction_filtering", True) else ""
    found: dict[str, float] = {}
    binding = False
    if forum:
        moment = datetime(today.year, today.month, today.day, tzinfo=UTC)
        binding = standing(passage.document, forum, str(reading.get("law", "")), moment).value == "binding"
        outside = foreign(str(meta.get("court_path") or path), forum)
        found["forum"] = FORUM_WEIGHT if binding else -FORUM_WEIGHT if outside else 0.0
    if kind in ("opinion", "order"):
        status = str(meta.get("precedential_status", "unknown"))
        found["rank"] = RANK_WEIGHT * rank_of(str(meta.get("court_path", "")), status) if forum else 0.0
        if settings.get("date_relevance_weighting", True) and not binding and meta.get("decided"):
            found["date"] = DATE_WEIGHT * age_weight(str(meta["decided"]), today)
    return found


def _today(passages: Sequence[Passage]) -> date:
    """The day against which age is counted: the latest date on which one of these documents was added, so that the same
    library ranks the same every day."""
    days = [day for passage in passages if (day := passage.document.added_at[:10])]
    try:
        return date.fromisoformat(max(days, default="2026-01-01"))
    except ValueError:
        return date(2026, 1, 1)


def _in_dissent(passage: Passage) -> bool:
    parts = passage.document.metadata.get("opinion_parts") or ()
    part = part_at(parts, passage.chunk.start) if isinstance(parts, (list, tuple)) else None
    return part is not None and part.get("name") == "dissent"


def _asks_history(reading: Mapping[str, Any]) -> bool:
    return bool(reading.get("history")) if "history" in reading else history_words(str(reading.get("text", "")))


def _stopped(keys: Mapping[str, Sequence[str]], library: Library) -> dict[str, bool]:
    """Which documents the library reports as no longer good: one look-up for all."""
    every = list(dict.fromkeys(key for own in keys.values() for key in own))
    by_key: dict[str, list[Fact]] = {}
    for fact in library.facts("treatment", every) if every else ():
        by_key.setdefault(fact.key, []).append(fact)
    return {
        document: signal_of([fact for key in own for fact in by_key.get(key, ())], document).value == "stop"
        for document, own in keys.items()
    }
