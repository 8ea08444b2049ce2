"""What a confidence model looks at: named numbers of one passage, and of one answer with the passages behind it.

Signals of the ranking are taken by their names, whatever they are; one that was not measured is simply absent. Nothing
here looks at the words of a domain, and nothing is a threshold: the numbers go into a fitted model and nowhere else.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from assay.textual.names import names
from assay.textual.quantities import quantities
from assay.textual.similarity import jaccard, rarity, weight
from assay.textual.tokens import token_set, tokens
from assay.types import Claim, Passage

READ = 8
"""Passages from which the list's features are read: as many as an answer is made from, however many were asked for."""
_LEADING = ("bm25", "cosine", "late", "maxsim")
_BY_LENGTH = frozenset({"bm25"})
"""Signals that grow with the question: also given for each unit of its words' weight."""


class Asked(NamedTuple):
    """A question's distinct tokens with their weights, and its names, numbers and pairs of neighbouring tokens."""

    wanted: Mapping[str, float]
    total: float
    named: frozenset[str]
    numbers: frozenset[str]
    pairs: frozenset[tuple[str, str]]


def asked(question: str, passages: Sequence[Passage]) -> Asked:
    """The question as the features see it. Rarity is counted among the passages."""
    listed = tokens(question)
    texts = [token_set(_whole(passage)) for passage in passages]
    among = rarity([[token for token in listed if token in text] for text in texts])
    most = math.log(1 + max(0.0, len(texts) - 0.5) / 1.5) or 1.0
    wanted = {token: weight(token) * (0.3 + 0.7 * among.get(token, most) / most) for token in dict.fromkeys(listed)}
    named = frozenset(token for name in names(question) for token in tokens(question[name.start : name.end]))
    numbers = frozenset(found.key for found in quantities(question))
    return Asked(wanted, sum(wanted.values()) or 1.0, named, numbers, frozenset(pairwise(listed)))


# --- passages -------------------------------------------------------------------------------------------------------


def passage_features(question: str, passages: Sequence[Passage]) -> list[dict[str, float]]:
    """One row a passage, for its relevance. What the list says is read from its first `READ` passages."""
    head = passages[:READ]
    of = asked(question, head)
    columns = _columns(passages, of)
    best = {name: max(v for v in values[:READ] if math.isfinite(v)) for name, values in columns.items() if _any(values)}
    shared = _list_features(head, of, {name: values[:READ] for name, values in columns.items()})
    most = max((passage.score for passage in head), default=0.0)
    rows = []
    for at, passage in enumerate(passages):
        row = {f"list.{name}": value for name, value in shared.items()}
        for name, values in columns.items():
            if math.isfinite(values[at]):
                row[name] = values[at]
                row[f"{name}.behind"] = best.get(name, values[at]) - values[at]
        row |= {"rank": math.log(at + 1.0), "score": passage.score, "score.behind": most - passage.score}
        row["covers"] = _share(of.wanted, of.total, token_set(_whole(passage)))
        rows.append(row)
    return rows


def _any(values: Sequence[float]) -> bool:
    """Whether a signal was measured for any of the passages that are read."""
    return any(map(math.isfinite, values[:READ]))


def _columns(passages: Sequence[Passage], of: Asked) -> dict[str, list[float]]:
    """Raw signals by name, one value a passage (NaN where a passage does not have it)."""
    found: dict[str, list[float]] = {}
    for at, passage in enumerate(passages):
        for signal in passage.signals:
            found.setdefault(signal.name, [math.nan] * len(passages))[at] = signal.raw
    for name in [name for name in found if name in _BY_LENGTH]:
        found[f"{name}.each"] = [value / of.total for value in found[name]]
    return found


def _list_features(passages: Sequence[Passage], of: Asked, columns: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """What the whole list says: best values, how they fall, whether the signals agree, what the list covers."""
    row: dict[str, float] = {
        "words": math.log(1 + len(of.wanted)),
        "documents": len({p.document.id for p in passages}) / max(1, len(passages)),
        "covers": _share(of.wanted, of.total, frozenset().union(*(token_set(_whole(p)) for p in passages))),
        "best_covers": max((_share(of.wanted, of.total, token_set(_whole(p))) for p in passages), default=0.0),
        "gap": _gap([p.score for p in passages], passages),
    }
    for name, values in columns.items():
        held = [value for value in values if math.isfinite(value)]
        if held:
            row[f"{name}.best"] = max(held)
            row[f"{name}.rest"] = max(held) - fmean(held)
            row[f"{name}.gap"] = _gap(values, passages)
    leaders = {
        max(range(len(passages)), key=lambda at, v=columns[name]: _low(v[at]))  # type: ignore[misc]
        for name in _LEADING
        if name in columns
    }
    row["agree"] = float(len({passages[at].document.id for at in leaders}) == 1) if leaders else 0.0
    row["leads"] = float(0 in leaders and len(leaders) == 1) if leaders else 0.0
    return row


def _gap(values: Sequence[float], passages: Sequence[Passage]) -> float:
    """How far the best document is ahead of the best of any other."""
    best: dict[str, float] = {}
    for value, passage in zip(values, passages, strict=True):
        if math.isfinite(value):
            best[passage.document.id] = max(value, best.get(passage.document.id, -math.inf))
    ordered = sorted(best.values(), reverse=True)
    return ordered[0] - ordered[1] if len(ordered) > 1 else 0.0


# --- answers --------------------------------------------------------------------------------------------------------


def answer_features(
    question: str,
    passages: Sequence[Passage],
    claims: Sequence[Claim],
    dropped: Sequence[Claim] = (),
) -> dict[str, float]:
    """One row for an answer: the list's features, what the cited sentences cover, what the checks said."""
    passages = passages[:READ]
    of = asked(question, passages)
    columns = _columns(passages, of)
    row = {f"list.{name}": value for name, value in _list_features(passages, of, columns).items()}
    row |= _cited_signals(passages, columns, claims)
    row |= _coverage(of, passages, claims)
    row |= _checks(claims, dropped)
    return row


def _cited_signals(
    passages: Sequence[Passage], columns: Mapping[str, Sequence[float]], claims: Sequence[Claim]
) -> dict[str, float]:
    """Signals of the passages that the first claim cites, and how they stand to the best."""
    first = {citation.document_id for claim in claims[:1] for citation in claim.citations}
    cited = [at for at, passage in enumerate(passages) if passage.document.id in first]
    row: dict[str, float] = {"cited.rank": math.log(1.0 + (cited[0] if cited else len(passages)))}
    for name, values in columns.items():
        ours = [values[at] for at in cited if math.isfinite(values[at])]
        held = [value for value in values if math.isfinite(value)]
        if ours:
            row[f"cited.{name}"] = max(ours)
            row[f"cited.{name}.behind"] = max(held) - max(ours)
    return row


def _coverage(of: Asked, passages: Sequence[Passage], claims: Sequence[Claim]) -> dict[str, float]:
    """How much of the question the cited sentences, their headings and their passages have."""
    texts = [token_set(_cited_text(claim)) for claim in claims]
    first = texts[0] if texts else frozenset()
    together = frozenset().union(*texts)
    headings = {p.document.id: token_set(_heading(p)) for p in reversed(passages)}
    home = next((c.document_id for claim in claims[:1] for c in claim.citations), "")
    around = frozenset().union(*(token_set(_whole(p)) for p in passages if p.document.id == home))
    numbers = (
        frozenset(q.key for claim in claims for q in quantities(_cited_text(claim))) if of.numbers else frozenset()
    )
    return {
        "claim.covers": _share(of.wanted, of.total, first),
        "claim.best": max((_share(of.wanted, of.total, text) for text in texts), default=0.0),
        "claims.cover": _share(of.wanted, of.total, together),
        "claim.heading": _share(of.wanted, of.total, first | headings.get(home, frozenset())),
        "document.covers": _share(of.wanted, of.total, around | headings.get(home, frozenset())),
        "claim.lacks": max((value for token, value in of.wanted.items() if token not in around), default=0.0),
        "claim.names": _held(of.named, first | headings.get(home, frozenset())),
        "claim.numbers": _held(of.numbers, numbers),
        "claim.pairs": _pair_share(of, [_cited_text(claim) for claim in claims]),
    }


def _checks(claims: Sequence[Claim], dropped: Sequence[Claim]) -> dict[str, float]:
    """Counts, support, how alike the claims are, and each check's scores by its name."""
    documents = [{citation.document_id for citation in claim.citations} for claim in claims]
    shared = [documents[0] & other for other in documents[1:]] if documents else []
    row = {
        "claims": math.log(1 + len(claims)),
        "dropped": math.log(1 + len(dropped)),
        "kept": len(claims) / max(1, len(claims) + len(dropped)),
        "support": claims[0].support if claims else 0.0,
        "supporters": math.log(1 + len(set().union(*documents))),
        "same_source": fmean([float(bool(both)) for both in shared]) if shared else 1.0,
        "alike": _alike(claims),
    }
    for name, scores in _by_check(claims).items():
        row[f"check.{name}.first"], row[f"check.{name}.best"] = scores[0], max(scores)
        row[f"check.{name}.mean"] = fmean(scores)
    failed = _failures(dropped)
    return row | {f"failed.{name}": math.log(1 + count) for name, count in failed.items()}


def _alike(claims: Sequence[Claim]) -> float:
    """How much the first claim shares with the nearest claim from another document: sources that agree."""
    if not claims:
        return 0.0
    first = token_set(claims[0].text)
    home = {citation.document_id for citation in claims[0].citations}
    others = [c for c in claims[1:] if not home & {citation.document_id for citation in c.citations}]
    return max((jaccard(first, token_set(other.text)) for other in others), default=0.0)


_SCORED = ("about", "coverage")
_FAILING = ("about", "context", "coverage")


def _by_check(claims: Sequence[Claim]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for claim in claims:
        for check in claim.checks:
            if check.name in _SCORED:
                found.setdefault(check.name, []).append(check.score)
    return found


def _failures(dropped: Sequence[Claim]) -> dict[str, int]:
    counts = dict.fromkeys(_FAILING, 0)
    for claim in dropped:
        for check in claim.checks:
            if check.name in counts and not check.passed:
                counts[check.name] += 1
    return counts


# --- words ----------------------------------------------------------------------------------------------------------


def _share(wanted: Mapping[str, float], total: float, have: Iterable[str]) -> float:
    held = have if isinstance(have, frozenset) else frozenset(have)
    return sum(value for token, value in wanted.items() if token in held) / total


def _held(wanted: frozenset[str], have: frozenset[str]) -> float:
    """The share of `wanted` that is held; 1 where nothing is wanted."""
    return len(wanted & have) / len(wanted) if wanted else 1.0


def _pair_share(of: Asked, texts: Sequence[str]) -> float:
    """The share of the question's neighbouring tokens that are neighbours there too; 0 where it has no two."""
    if not of.pairs:
        return 0.0
    return len(of.pairs & frozenset().union(*(_pair_set(text) for text in texts))) / len(of.pairs)


def _cited_text(claim: Claim) -> str:
    return "\n".join(dict.fromkeys((claim.text, *(citation.quote for citation in claim.citations))))


def _heading(passage: Passage) -> str:
    return "\n".join((passage.document.title, *passage.chunk.breadcrumb))


def _whole(passage: Passage) -> str:
    return f"{_heading(passage)}\n{passage.chunk.text}"


def _low(value: float) -> float:
    return value if math.isfinite(value) else -math.inf


@functools.lru_cache(maxsize=1024)
def _pair_set(text: str) -> frozenset[tuple[str, str]]:
    listed = tokens(text)
    return frozenset(pairwise(listed))
