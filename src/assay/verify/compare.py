"""Compares one sentence of a claim with one sentence of the source, word by word, and says what differs.

The sentences are rows of words (`assay.verify.words`); a longest common subsequence pairs them. What the claim adds,
leaves out, replaces or moves is then judged by its kind. The judgement is strict: only a claim that says less than
the source in the source's own order and words (or listed equivalents) passes. Everything else is for the quotation
itself to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assay.textual.normalise import plain
from assay.textual.polarity import ANTONYMS
from assay.textual.similarity import longest_common
from assay.textual.tokens import stem
from assay.types import Check
from assay.verify.cuts import closes_clause, harmless_asides, opening_fault
from assay.verify.equivalents import same_meaning
from assay.verify.words import Word, words

HARD = 0.0
"""The score of a failed check that contradicts or goes beyond the source."""
SOFT = 0.5
"""The score of a failed check that leaves the claim unproven."""
COVERAGE_FLOOR = 0.2
"""A claim of which one sentence covers less is about something else."""
NEAR = 0.75
"""From this coverage on, a changed limiting word is a changed statement, not another way to put it."""
_ANTONYM_STEMS = {stem(one): stem(two) for one, two in ANTONYMS.items()}
_GOVERNING = frozenset({"negation", "modality", "condition", "contrast", "attribution", "hedge", "comparator"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a claim's sentence differs from a source's. Every word of either side is in exactly one list."""

    claim: tuple[Word, ...]
    source: tuple[Word, ...]
    pairs: tuple[tuple[int, int], ...]
    added: tuple[Word, ...]
    moved: tuple[Word, ...]
    missing: tuple[Word, ...]
    coverage: float
    text: str
    """The source's sentence in normal form: the words of `source` point into it."""

    @property
    def near(self) -> bool:
        """Close enough to the source's wording that a difference in a small word is a difference in meaning."""
        return self.coverage >= NEAR

    @property
    def same(self) -> bool:
        """Word for word."""
        return not self.added and not self.moved and not self.missing


def compare(claim: str, source: str, known: frozenset[str] = frozenset()) -> Comparison:
    """The comparison of two sentences. `known`: keys of words that the source's title and headings supply."""
    mine, theirs = words(claim), words(source)
    pairs = _paired(mine, theirs)
    used_mine, used_theirs = {i for i, _ in pairs}, {j for _, j in pairs}
    rest = [word for j, word in enumerate(theirs) if j not in used_theirs]
    spare = Counter(word.key for word in rest)
    added, moved = [], []
    supplied = _supplied(mine, theirs, pairs, known) if known else frozenset()
    for i, word in enumerate(mine):
        if i in used_mine or i in supplied:
            continue
        if _take(spare, word.key):
            moved.append(word)
        else:
            added.append(word)
    moved_keys = Counter(word.key for word in moved)
    missing = [word for word in rest if not _take(moved_keys, word.key)]
    return Comparison(
        mine, theirs, tuple(pairs), tuple(added), tuple(moved), tuple(missing), _coverage(mine, added), plain(source)
    )


def _supplied(
    mine: Sequence[Word], theirs: Sequence[Word], pairs: Sequence[tuple[int, int]], known: frozenset[str]
) -> frozenset[int]:
    """Positions of opening words that only say which source speaks ("In ProCD v. Zeidenberg, ..."): all of them known
    from its title or headings, and put where the source's sentence has nothing, so that they replace nothing. Further
    on, a word of the title may stand in another one's place."""
    first = pairs[0] if pairs else (0, 0)
    gap = range(first[0])
    replaced = any(word.weight > 0 for word in theirs[: first[1]])
    told = any(mine[i].key in known for i in gap)
    plain = all(mine[i].key in known or mine[i].kind in ("free", "small") for i in gap)
    return frozenset(gap) if told and plain and not replaced else frozenset()


def _take(counts: Counter[str], key: str) -> bool:
    if counts[key] > 0:
        counts[key] -= 1
        return True
    return False


def _paired(mine: Sequence[Word], theirs: Sequence[Word]) -> list[tuple[int, int]]:
    """Positions of equal words in order; then, inside the gaps, of listed equivalents."""
    pairs = longest_common([w.key for w in mine], [w.key for w in theirs])
    filled: list[tuple[int, int]] = []
    last = (-1, -1)
    for pair in [*pairs, (len(mine), len(theirs))]:
        filled.extend(_equivalents(mine, theirs, last, pair))
        if pair[0] < len(mine):
            filled.append(pair)
        last = pair
    return filled


def _equivalents(
    mine: Sequence[Word], theirs: Sequence[Word], last: tuple[int, int], pair: tuple[int, int]
) -> Iterable[tuple[int, int]]:
    j = last[1] + 1
    for i in range(last[0] + 1, pair[0]):
        for k in range(j, pair[1]):
            if same_meaning(mine[i].key, theirs[k].key):
                yield i, k
                j = k + 1
                break


def _coverage(mine: Sequence[Word], added: Sequence[Word]) -> float:
    total = sum(word.weight for word in mine)
    return 1.0 - sum(word.weight for word in added) / total if total else 1.0


# --- judgement --------------------------------------------------------------------------------------------------


def checks(found: Comparison) -> list[Check]:
    """What the comparison means, one check a kind of difference; a failed check scores HARD or SOFT."""
    return [
        _numbers(found),
        _names(found),
        _negation(found),
        _modality(found),
        _limits(found),
        _direction(found),
        _order(found),
        _cuts(found),
        _forms(found),
        _covered(found),
    ]


def _check(name: str, hard: str = "", soft: str = "") -> Check:
    if hard:
        return Check(name, False, HARD, hard)
    return Check(name, not soft, SOFT if soft else 1.0, soft)


def _graded(found: Comparison, name: str, reason: str) -> Check:
    """A failure that changes the statement where the wording is near, and leaves it unproven where it is free."""
    return _check(name, hard=reason) if found.near else _check(name, soft=reason)


def _of(items: Iterable[Word], *kinds: str) -> list[Word]:
    return [word for word in items if word.kind in kinds]


def _listed(items: Iterable[Word]) -> str:
    return ", ".join(dict.fromkeys(f"“{word.shown}”" for word in items))


def _numbers(found: Comparison) -> Check:
    added = _of(found.added, "number", "comparator", "operator")
    if added:
        return _check("numbers", hard=f"the source does not say {_listed(added)}")
    moved = _of(found.moved, "number", "comparator", "operator")
    lost = _of(found.missing, "comparator") + [w for w in _of(found.missing, "operator") if _inside(found, w)]
    if lost:
        return _check("numbers", soft=f"the claim drops the bound in {_listed(lost)}")
    return _check("numbers", soft=f"{_listed(moved)} stands elsewhere in the source's sentence" if moved else "")


def _names(found: Comparison) -> Check:
    added = _of(found.added, "name")
    if added:
        return _check("names", hard=f"the source's sentence does not name {_listed(added)}")
    moved = _of(found.moved, "name")
    return _check("names", soft=f"{_listed(moved)} stands elsewhere in the source's sentence" if moved else "")


def _negation(found: Comparison) -> Check:
    added = _of((*found.added, *found.moved), "negation")
    missing = _of(found.missing, "negation")
    if added:
        return _graded(found, "negation", f"{_listed(added)} is not so in the source")
    inside = [word for word in missing if _inside(found, word)]
    if inside:
        return _graded(found, "negation", f"the claim leaves out {_listed(inside)}")
    return _check("negation", soft=f"the claim leaves out {_listed(missing)}" if missing else "")


def _modality(found: Comparison) -> Check:
    added = _of((*found.added, *found.moved), "modality")
    missing = [word for word in _of(found.missing, "modality") if _inside(found, word)]
    if added:
        return _graded(found, "modality", f"the source does not say {_listed(added)}")
    return _graded(found, "modality", f"the claim leaves out {_listed(missing)}") if missing else _check("modality")


def _limits(found: Comparison) -> Check:
    """Quantifiers, conditions, exceptions, contrasts, attribution, hedges."""
    added = _of((*found.added, *found.moved), "quantifier", "condition", "attribution", "hedge", "contrast")
    if added:
        return _graded(found, "limits", f"the source does not say {_listed(added)} there")
    missing = _of(found.missing, "quantifier", "condition", "attribution", "hedge", "contrast")
    governing = [word for word in missing if word.kind in _GOVERNING or word.value == "only" or _inside(found, word)]
    return _check("limits", soft=f"the claim leaves out {_listed(governing)}" if governing else "")


def _direction(found: Comparison) -> Check:
    added = _of(found.added, "direction")
    opposite = [
        word for word in found.added if any(_ANTONYM_STEMS.get(word.key) == other.key for other in found.missing)
    ]
    against = {word.value for word in _of(found.missing, "direction")}
    if opposite or (against and any(word.value not in against for word in added)):
        return _check("direction", hard=f"the source does not say {_listed((*added, *opposite))}")
    if added:
        return _graded(found, "direction", f"the source does not say {_listed(added)}")
    moved = _of(found.moved, "direction")
    missing = [word for word in _of(found.missing, "direction") if _inside(found, word)]
    reason = f"{_listed(moved)} stands elsewhere in the source" if moved else ""
    return _check("direction", soft=reason or (f"the claim leaves out {_listed(missing)}" if missing else ""))


def _order(found: Comparison) -> Check:
    """Subject and object, before and after: the same words in another order may say the reverse."""
    moved = [word for word in found.moved if word.weight > 0 or word.kind == "relation"]
    if moved:
        return _check("order", soft=f"{_listed(moved)} stands in another order in the source")
    changed = _of(found.added, "relation", "small")
    lost = [w for w in _of(found.missing, "relation") if w.value in ("by", "than", "against") and _inside(found, w)]
    reason = f"the source does not say {_listed(changed)} there" if changed else ""
    return _check("order", soft=reason or (f"the claim leaves out {_listed(lost)}" if lost else ""))


def _cuts(found: Comparison) -> Check:
    """Words left out between words that are kept, or cut off inside a clause: only what says little may go."""
    asides = _dropped_asides(found)
    inside = [
        word
        for word in found.missing
        if word.weight > 0
        and word.kind != "direction"
        and _inside(found, word)
        and not any(start <= word.start < end for start, end in asides)
    ]
    if inside:
        return _check("cuts", soft=f"the claim leaves out {_listed(inside[:6])} from the source's sentence")
    return _check("cuts", soft=_edge_fault(found))


def _dropped_asides(found: Comparison) -> list[tuple[int, int]]:
    """The asides in round brackets that the claim leaves out whole and may leave out."""
    kept = {found.source[j].start for _, j in found.pairs}
    return [(a, b) for a, b in harmless_asides(found.text) if not any(a <= place < b for place in kept)]


def _edge_fault(found: Comparison) -> str:
    """Why the claim may not begin or end where it does in the source's sentence; "" if it may."""
    kept = _kept(found)
    if not kept:
        return ""
    first, last = kept[0], kept[-1]
    before = [word for word in found.missing if word.end <= first.start and word.weight > 0]
    after = [word for word in found.missing if word.start >= last.end and word.weight > 0]
    lead = re.sub(r"\b(?:the|an?)\s+$", "", found.text[: first.start])
    if before and opening_fault(lead, found.text[first.start :]):
        return f"the claim leaves out {_listed(before[:6])} from the beginning of a clause"
    if after and not closes_clause(found.text[: last.end], found.text[last.end :]):
        return f"the claim leaves out {_listed(after[:6])} from the end of a clause"
    return ""


def _forms(found: Comparison) -> Check:
    """Words of one stem that are not one word: the indemnified party is not the indemnifying one."""
    unlike = [
        found.claim[i]
        for i, j in found.pairs
        if found.claim[i].kind in ("content", "name") and not _one_word(found.claim[i], found.source[j])
    ]
    return _check("forms", soft=f"the source has {_listed(unlike)} in another form" if unlike else "")


def _one_word(mine: Word, theirs: Word) -> bool:
    """Equal, or differing in number or tense alone; listed equivalents have different keys and are let pass."""
    if mine.key != theirs.key or mine.value == theirs.value:
        return True
    return bool(_bases(mine.value) & _bases(theirs.value))


def _bases(word: str) -> set[str]:
    """The forms that `word` may be inflected from by -s or -ed."""
    found = {word}
    for ending, rest in (("ies", "y"), ("ied", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ed", ""), ("ed", "e")):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            found.add(word[: len(word) - len(ending)] + rest)
    return found


def _covered(found: Comparison) -> Check:
    added = [word for word in found.added if word.weight > 0 and word.kind == "content"]
    if not added:
        return Check("coverage", True, 1.0)
    reason = f"the source's sentence does not say {_listed(added[:6])}"
    return _check("coverage", hard=reason if found.coverage < COVERAGE_FLOOR else "", soft=reason)


def _inside(found: Comparison, word: Word) -> bool:
    """Whether a word of the source stands between words that the claim keeps."""
    kept = _kept(found)
    return bool(kept) and kept[0].start <= word.start <= kept[-1].start


def _kept(found: Comparison) -> list[Word]:
    """The source's words that the claim keeps, articles and auxiliaries left out: an article may stand anywhere."""
    return [found.source[j] for _, j in found.pairs if found.source[j].kind != "free"]
