"""Features of the direction model: what a row of symbols says of the outcome, with the order of the arms and without.

All are counts or signs over closed classes; none is a word of a topic. See `reading` for the classes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from assay.domains.medical.findings.reading import Prompt, Sentence, Symbol, compared_numbers

_SIGN = {"UP": 1.0, "DOWN": -1.0}
_CLAUSE_APART = 3
_ENDS = frozenset((";", "BUT", "PSIG", "PNS"))
_ORDERS = {"INCN": 1, "ICNN": 1, "NINC": 1, "NNIC": 1, "CNIN": -1, "CINN": -1, "NCNI": -1, "NNCI": -1}
"""Two arms and their two numbers in every order that pairs them: +1 where the intervention's comes first."""
_ARMS = frozenset("IC")
_KEPT = frozenset(
    [
        "I",
        "C",
        "O",
        "UP",
        "DOWN",
        "BETTER",
        "WORSE",
        "SAME",
        "DIFF",
        "CHANGE",
        "NOT",
        "INSIG",
        "SIG",
        "THAN",
        "VS",
        "BOTH",
        "BETWEEN",
        "BUT",
        "PSIG",
        "PNS",
    ]
)


def features(sentences: Sequence[Sentence], asked: Prompt) -> dict[str, float]:
    """The features of one piece of evidence for one question."""
    found: defaultdict[str, float] = defaultdict(float)
    ranked = _by_outcome(sentences)
    for place, sentence in enumerate(ranked):
        weight = 1.0 if place == 0 else 0.5
        for name, value in _of_sentence(sentence, asked):
            found[name] += weight * value
    found["bias"] = 1.0
    found["bad"] = 1.0 if asked.outcome_is_bad else (-1.0 if asked.outcome_is_bad is False else 0.0)
    found["control intervention"] = float(asked.intervention_is_control)
    for name in ("near verb sided", "near value sided", "near verb", "near value", "numbers"):
        for mark in ("clause PSIG", "clause PNS", "clause NOT", "clause SAME", "bad"):
            if found.get(name) and found.get(mark):
                found[f"{name} & {mark}"] = found[name] * found[mark]
    squashed = {name: max(-2.0, min(2.0, value)) for name, value in found.items() if value}
    return squashed


def _by_outcome(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences with the most mentions of the outcome first; those without any only where no other is left."""
    scored = [(_told(sentence), -place, sentence) for place, sentence in enumerate(sentences)]
    kept = [item for item in scored if "O" in item[2].kinds] or scored
    return [item[2] for item in sorted(kept, key=lambda item: item[:2], reverse=True)][:4]


def _told(sentence: Sentence) -> float:
    """How much a sentence tells of the outcome: the distinct words that name it, then arms, directions, p-values."""
    named = len({word for symbol in sentence.symbols if symbol.kind == "O" for word in symbol.word.split()})
    kinds = set(sentence.kinds)
    return 2.0 * named + len(kinds & {"I", "C", "UP", "DOWN", "PSIG", "PNS", "SAME", "NOT", "BETTER"})


def _of_sentence(sentence: Sentence, asked: Prompt) -> Iterator[tuple[str, float]]:
    row = sentence.symbols
    kinds = [symbol.kind for symbol in row]
    outcome = _focus(row, asked)
    better = -1.0 if asked.outcome_is_bad else (1.0 if asked.outcome_is_bad is False else 0.0)
    for kind in set(kinds):
        yield f"has {kind}", 1.0
    for kind in set(_clause(kinds, outcome)):
        yield f"clause {kind}", 1.0
    yield from _cues(row, kinds, outcome, better)
    numbers = compared_numbers(row)
    if numbers:
        yield "numbers", numbers
        yield f"numbers {'sig' if 'PSIG' in kinds else 'ns' if 'PNS' in kinds else 'plain'}", numbers
    yield from _exact(row, kinds, outcome)
    yield from _nearest_p(kinds, outcome)
    yield from _intervals(row, kinds)
    yield from _table_row(row, kinds)
    yield from _ngrams(kinds, better)


def _bounds(kinds: list[str], place: int) -> tuple[int, int]:
    """The clause around a place: cut at full stops, at "but", and behind a p-value."""
    start = next((i + 1 for i in range(place - 1, -1, -1) if kinds[i] in _ENDS), 0)
    end = next((i for i in range(place, len(kinds)) if kinds[i] in _ENDS), len(kinds) - 1)
    return start, end + 1


def _exact(row: Sequence[Symbol], kinds: list[str], outcome: list[int]) -> Iterator[tuple[str, float]]:
    """Two numbers and both arms in the clause of the outcome."""
    start, end = _bounds(kinds, outcome[0] if outcome else 0)
    inside = [symbol for symbol in row[start:end] if symbol.kind in ("I", "C", "NUM")]
    sign = _ORDERS.get("".join("N" if symbol.kind == "NUM" else symbol.kind for symbol in inside))
    if sign:
        numbers = [symbol.value for symbol in inside if symbol.kind == "NUM"]
        way = float((numbers[0] > numbers[1]) - (numbers[0] < numbers[1])) * sign
        told = "sig" if "PSIG" in kinds[start:end] else "ns" if "PNS" in kinds[start:end] else "plain"
        yield "exact numbers", way
        yield f"exact numbers {told}", way


def _clause(kinds: list[str], outcome: list[int]) -> list[str]:
    """The symbols of the clause that names the outcome; the whole sentence where none does."""
    if not outcome:
        return kinds
    place = outcome[0]
    start = next((i + 1 for i in range(place - 1, -1, -1) if kinds[i] in (";", "BUT")), 0)
    end = next((i for i in range(place + 1, len(kinds)) if kinds[i] in (";", "BUT")), len(kinds))
    return kinds[start:end]


def _focus(row: Sequence[Symbol], asked: Prompt) -> list[int]:
    """The places of the outcome that hold most of its words: "LDL cholesterol", not "HDL cholesterol"."""
    places = [place for place, symbol in enumerate(row) if symbol.kind == "O"]
    if len(places) < 2:
        return places
    most = max(row[place].value for place in places)
    return [place for place in places if row[place].value == most]


def _cues(row: Sequence[Symbol], kinds: list[str], outcome: list[int], better: float) -> Iterator[tuple[str, float]]:
    """Every word of direction with its sign, the arm it belongs to, whether it is negated, and how near the outcome."""
    found = []
    for place, kind in enumerate(kinds):
        if kind not in ("UP", "DOWN", "BETTER", "WORSE"):
            continue
        sign = _SIGN.get(kind, better if kind == "BETTER" else -better)
        negated = "NOT" in kinds[max(0, place - 3) : place] or "INSIG" in kinds[max(0, place - 2) : place + 3]
        distance = min((_apart(kinds, place, o) for o in outcome), default=9)
        found.append((distance, place, kind, sign, negated))
    for nearest, (_, place, kind, sign, negated) in enumerate(sorted(found)[:4]):
        rank = "near" if nearest == 0 else "far"
        base = "verb" if kind in _SIGN else "value"
        if negated:
            yield f"{rank} {base} negated", 1.0
            continue
        side, known = _side(kinds, place)
        turned = sign * (side or 1.0)
        yield f"{rank} {base} sided", turned
        yield f"{rank} {base} {known}", turned
        if side < 0:
            yield f"{rank} {base} comparator", sign
        if known != "both":
            yield f"{rank} {base}", sign
        if rank == "near":
            yield f"word {row[place].word}", 1.0
            yield f"word {row[place].word} sided", side or 1.0
        if kind == "BETTER" and sign == 0:
            yield f"{rank} better of unknown", side or 1.0
    if found:
        yield "cues", 1.0
        yield (
            "cue sum",
            sum(sign * (_side(kinds, place)[0] or 1.0) for _, place, _, sign, negated in found if not negated),
        )


def _apart(kinds: list[str], place: int, outcome: int) -> int:
    """Symbols between a word and the outcome; the end of a clause counts more."""
    between = kinds[min(place, outcome) : max(place, outcome)]
    return abs(place - outcome) + _CLAUSE_APART * sum(kind in _ENDS for kind in between)


def _side(kinds: list[str], place: int) -> tuple[float, str]:
    """Of which arm the word at `place` speaks (+1 intervention, -1 comparator, 0 neither), and how that is known:
    "both" arms named around "than" or "versus", "one" of them, the nearest arm alone ("near"), or "none"."""
    start, end = _bounds(kinds, place)
    after, before = kinds[place + 1 : end], kinds[start:place]
    for mark in ("THAN", "VS"):
        if mark in after:
            cut = after.index(mark)
            reference = next((kind for kind in after[cut:] if kind in _ARMS), "")
            subject = _first_arm(after[:cut]) or _first_arm(reversed(before))
            if subject and reference and subject != reference:
                return _sign_of(subject), "both"
            if reference:
                return -_sign_of(reference), "one"
            if subject:
                return _sign_of(subject), "one"
    if "VS" in before:
        cut = before.index("VS")
        reference = _first_arm(before[cut:])
        subject = next((kind for kind in before[cut + 1 :] if kind in _ARMS and kind != reference), "") or _first_arm(
            after
        )
        if subject and reference and subject != reference:
            return _sign_of(subject), "both"
        if reference and cut <= 1:
            return -_sign_of(reference), "one"
    following = next(((i, kind) for i, kind in enumerate(after) if kind in _ARMS), None)
    preceding = next(((i, kind) for i, kind in enumerate(reversed(before)) if kind in _ARMS), None)
    if following and (preceding is None or following[0] <= preceding[0] + 2):
        return _sign_of(following[1]), "near"
    if preceding:
        return _sign_of(preceding[1]), "near"
    return 0.0, "none"


def _first_arm(kinds: Iterable[str]) -> str:
    return next((kind for kind in kinds if kind in _ARMS), "")


def _sign_of(arm: str) -> float:
    return 1.0 if arm == "I" else -1.0


def _nearest_p(kinds: list[str], outcome: list[int]) -> Iterator[tuple[str, float]]:
    values = [(place, kind) for place, kind in enumerate(kinds) if kind in ("PSIG", "PNS")]
    if not values:
        return
    after = [(place - o, kind) for place, kind in values for o in outcome if place > o]
    nearest = min(after)[1] if after else values[0][1]
    yield f"nearest {nearest}", 1.0
    if len({kind for _, kind in values}) == 1:
        yield f"only {nearest}", 1.0


def _table_row(row: Sequence[Symbol], kinds: list[str]) -> Iterator[tuple[str, float]]:
    """A row of a table: numbers without words of reporting, the p-value bare at its end."""
    numbers = [symbol.value for symbol in row if symbol.kind == "NUM"]
    if len(numbers) < 3 or not set(kinds) <= {
        "O",
        "I",
        "C",
        "NUM",
        ",",
        ";",
        "WITHIN",
        "CI",
        "DIFF",
        "CHANGE",
        "HAZARD",
        "PSIG",
        "PNS",
    }:
        return
    yield "table", 1.0
    last = next((value for value in reversed(numbers) if 0 < abs(value) < 1.0), None)
    if last is not None:
        yield ("table p small" if abs(last) < 0.05 else "table p large"), 1.0
    yield "table numbers", float((numbers[0] > numbers[1]) - (numbers[0] < numbers[1]))


def _intervals(row: Sequence[Symbol], kinds: list[str]) -> Iterator[tuple[str, float]]:
    excluding = [symbol.value for symbol in row if symbol.kind == "CI"]
    if excluding:
        yield "interval", 1.0
        yield "interval sign", excluding[0]
        if excluding[0] == 0.0:
            yield "interval holds null", 1.0
        if "HAZARD" in kinds:
            yield "ratio sign", excluding[0]


def _ngrams(kinds: list[str], better: float) -> Iterator[tuple[str, float]]:
    """Runs of up to four symbols, arms and outcome included; BETTER and WORSE by the outcome's polarity."""
    names = {
        "BETTER": "UP" if better > 0 else "DOWN" if better < 0 else "BETTER",
        "WORSE": "DOWN" if better > 0 else "UP" if better < 0 else "WORSE",
    }
    kept = [names.get(kind, kind) for kind in kinds if kind in _KEPT]
    seen = set()
    for size in (2, 3, 4):
        for start in range(len(kept) - size + 1):
            run = " ".join(kept[start : start + size])
            if run not in seen:
                seen.add(run)
                yield f"run {run}", 0.25
