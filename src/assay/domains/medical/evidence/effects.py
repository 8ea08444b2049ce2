"""Effect estimates with their intervals: OR, RR, HR, IRR, PR, RD, MD, SMD, NNT, as reports print them.

An estimate needs a named measure in its sentence and an interval; "odds ratios were calculated" states none. Intervals
stand behind "95% CI", "CI", "confidence interval", or, once a sentence has named one, in the same form behind the next
estimate ("4.28, 1.52 to 12.09"). An interval that does not hold its estimate is kept as printed and flagged: reports
do contain such. Middle dots are decimal points. The level of the interval is None where none is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assay.textual.sentences import sentences
from assay.types import Record

_NUMBER = r"[-−–]?\s?(?:\d{1,3}(?:,\d{3})+|\d+)?[.·]?\d+"
_BETWEEN = r"\s*(?:to|through|[-−–—‐‑;,/]|and)\s*"
_MEASURES = (
    (
        "SMD",
        r"standardi[sz]ed\s+mean\s+differences?|\bSMDs?\b|\bHedges['’]?\s*g\b|\bCohen['’]?s\s+d\b|\beffect\s+sizes?\b",
    ),
    ("IRR", r"\bincidence\s+(?:rate|density)\s+ratios?|\bIRRs?\b|\baIRR\b"),
    ("HR", r"\bhazards?\s+ratios?|\b[as]?HRs?\b|\bsub-?hazard\s+ratios?"),
    ("OR", r"\bodds\s+ratios?|\b[ac]?ORs?\b|\bAOR\b|\bor\s*="),
    ("PR", r"\bprevalence\s+ratios?|\ba?PRs?\b"),
    ("RD", r"\b(?:absolute\s+)?risk\s+(?:differences?|reductions?)|\bARR\b|\bRDs?\b|\bARD\b"),
    ("RR", r"\b(?:relative\s+risks?|risk\s+ratios?|rate\s+ratios?|relative\s+rates?)|\ba?RRs?\b"),
    ("NNT", r"\bnumbers?\s+needed\s+to\s+(?:treat|harm|screen)|\bNN(?:T[BH]?|H|S)\b"),
    (
        "MD",
        r"\b(?:weighted\s+)?mean\s+(?:[\w-]+\s+){0,2}differences?|\bdifferences?\s+(?:in|between|of)\s+(?:the\s+)?(?:adjusted\s+)?"
        r"means?|\bW?MDs?\b|\b(?:treatment|between-?group|adjusted|estimated|net|group)\s+(?:mean\s+)?differences?",
    ),
)
_MEASURE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _MEASURES))
_LOOSE = re.compile(_MEASURE.pattern.replace(r"\b[ac]?ORs?\b|", "").replace(r"|\bor\s*=", ""), re.IGNORECASE)
_MARK = (
    r"(?:(?P<level>9\d(?:\.\d)?|80|99\.\d)\s*(?:-\s*)?(?:%|percent|per\s+cent)\s*(?:-\s*)?)?"
    r"(?:confidence\s+(?:intervals?|limits?)|credible\s+intervals?|CIs?|CrIs?|C\.I\.)"
)
_INTERVAL = re.compile(
    rf"{_MARK}(?:\s*[(\[]\s*(?:95\s*%\s*)?(?:CI|CrI)s?\s*[)\]])?[\s:=,;(\[]*(?:(?:of|from|was|were|between)\s+)?"
    rf"(?P<low>{_NUMBER})\s*%?{_BETWEEN}(?P<high>{_NUMBER})(?![\d%]*\s*%\s*(?:CI|conf))",
    re.IGNORECASE,
)
_FOLLOW_ON = re.compile(
    rf"(?<![\w.·])(?P<estimate>{_NUMBER})\s*[,;]?\s*[(\[,]\s*(?P<low>{_NUMBER})\s*(?:to|[-−–—]|,)\s*(?P<high>{_NUMBER})(?=\s*[)\],;])"
)
_BARE_NUMBER = re.compile(rf"(?<![\w.·/])(?P<value>{_NUMBER})(?P<unit>\s*(?:%|percent|per\s+cent))?(?![\w·]|\.\d)")
_P_VALUE = re.compile(r"\bP\s*(?:-?\s*values?)?\s*:?\s*(?P<sign>[<>=≤≥])\s*(?P<value>0?[.·]\d+|1\.0+|0)", re.IGNORECASE)
_RATIOS = frozenset({"OR", "RR", "HR", "IRR", "PR"})
_REACH = 90
_GROUPED = re.compile(r",(?=\d{3}\b)")


@dataclass(frozen=True, slots=True)
class Effect(Record):
    """One estimate with its interval; text[start:end] is where it stands, measure to upper limit.

    `contains_estimate` False flags an interval that does not hold its estimate. `p` is as printed ("<0.001").
    """

    measure: str
    estimate: float
    lower: float
    upper: float
    start: int
    end: int
    level: float | None = None
    p: str = ""
    contains_estimate: bool = True

    @property
    def crosses_null(self) -> bool:
        """Whether the interval holds "no effect": 1 for ratios, 0 for differences."""
        null = 1.0 if self.measure in _RATIOS else 0.0
        return self.lower <= null <= self.upper


def effects_of(text: str) -> tuple[Effect, ...]:
    """The effects in `text`, in order. A text without a marker of an interval costs one search."""
    if not re.search(r"\bC(?:r)?Is?\b|confidence|credible|C\.I\.", text):
        return ()
    found: list[Effect] = []
    for span in sentences(text):
        found.extend(_in_sentence(text[span.start : span.end], span.start))
    return tuple(found)


def _in_sentence(text: str, shift: int) -> Iterator[Effect]:
    measures = [(match.start(), match.end(), match.lastgroup or "") for match in _measure_matches(text)]
    if not measures:
        return
    taken: list[tuple[int, int]] = []
    level: float | None = None
    for match in _INTERVAL.finditer(text):
        level = float(match["level"]) if match["level"] else level
        estimate = _estimate_before(text, match.start(), taken)
        taken.append(match.span())
        if estimate is None:
            continue
        effect = _effect(text, shift, measures, estimate, match, level)
        if effect is not None:
            taken.append((estimate.start(), estimate.end()))
            yield effect
    if not taken:
        return
    for match in _FOLLOW_ON.finditer(text):
        if match.start() < taken[0][0] or any(match.start() < end and start < match.end() for start, end in taken):
            continue
        effect = _effect(text, shift, measures, match, match, level)
        if effect is not None and effect.contains_estimate:
            yield effect


def _measure_matches(text: str) -> list[re.Match[str]]:
    exact = list(_MEASURE.finditer(text))
    starts = {match.start() for match in exact}
    loose = [match for match in _LOOSE.finditer(text) if match.start() not in starts]
    words = [match for match in loose if len(match.group()) > 6]  # abbreviations count in capitals only
    return sorted((*exact, *words), key=lambda match: match.start())


def _estimate_before(text: str, mark: int, taken: list[tuple[int, int]]) -> re.Match[str] | None:
    """The last free number in the words before an interval; none behind a full stop, a semicolon ends an aside."""
    begin = max((end for _, end in taken if end <= mark), default=0)
    begin = max(begin, mark - _REACH)
    numbers = [match for match in _BARE_NUMBER.finditer(text, begin, mark) if not _is_p_value(text, match.start())]
    return numbers[-1] if numbers else None


def _is_p_value(text: str, start: int) -> bool:
    return re.search(r"\bP\s*(?:-?values?)?\s*[<>=≤≥]\s*$", text[max(0, start - 14) : start], re.IGNORECASE) is not None


def _effect(
    text: str,
    shift: int,
    measures: list[tuple[int, int, str]],
    estimate: re.Match[str],
    interval: re.Match[str],
    level: float | None,
) -> Effect | None:
    before = [item for item in measures if item[0] < interval.start()]
    chosen = before[-1] if before else None
    if chosen is None:
        return None
    is_percent = bool(estimate.groupdict().get("unit"))
    if is_percent and chosen[2] in _RATIOS:
        return None
    value, low, high = (
        _value(part)
        for part in (estimate.groupdict().get("value") or estimate["estimate"], interval["low"], interval["high"])
    )
    if low > high or (chosen[2] in _RATIOS and (low < 0 or value < 0)):
        low, high = _unsigned(interval, low, high)
    if low > high:
        return None
    start = min(chosen[0], estimate.start()) if estimate.start() - chosen[0] <= _REACH else estimate.start()
    p = _p_after(text, interval.end(), measures)
    return Effect(
        chosen[2],
        abs(value) if chosen[2] in _RATIOS else value,
        low,
        high,
        start + shift,
        interval.end() + shift,
        level,
        p,
        low <= (abs(value) if chosen[2] in _RATIOS else value) <= high,
    )


def _unsigned(interval: re.Match[str], low: float, high: float) -> tuple[float, float]:
    """The limits with the sign of the second (or of both, for a ratio) read as a dash."""
    return (abs(low), abs(high)) if abs(low) <= abs(high) else (low, high)


def _value(raw: str) -> float:
    clean = _GROUPED.sub("", raw).replace("·", ".").replace("−", "-").replace("–", "-").replace(" ", "")
    return float(clean)


def _p_after(text: str, start: int, measures: list[tuple[int, int, str]]) -> str:
    until = min((at for at, _, _ in measures if at >= start), default=len(text))
    match = _P_VALUE.search(text, start, min(until, start + 40))
    return f"{match['sign']}{match['value'].replace('·', '.')}" if match else ""
