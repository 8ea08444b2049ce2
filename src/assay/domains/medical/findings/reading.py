"""A result sentence as a row of symbols: which arm, which outcome, which word of direction, which p-value.

Words of the question's intervention, comparator and outcome become I, C and O; words of reporting become the classes of
cues.toml (UP, DOWN, BETTER, SAME, NOT, THAN, ...); p-values, intervals and compared numbers become what they say. Every
other word is dropped, so that nothing of a topic is left. This module decides nothing; `direction` does.
"""

from __future__ import annotations

import functools
import html
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import Any, NamedTuple

_WORD = re.compile(
    r"""(?P<p>\bp\s*(?:value|-value)?s?\s*(?:for\s+\w+\s*)?(?:\((?:[^()]{1,20})\)\s*)?[:,]?\s*
      (?P<op>[<>=≤≥⩽⩾]|less\s+than|greater\s+than|was|of|is)+\s*(?P<pv>[01]?[.·,]\d+|[01]\b(?![.·]))
      |(?<![\w.])(?P<pns>p\s*=\s*n\.?s\.?))
    | (?P<range>\[?\(?\s*(?:95|90|99)\s*%?\s*(?:ci|c\.i\.|confidence\s+intervals?(?:\s*\[ci\]|\s*\(ci\))?|cis?)
      \s*[\])]?\s*[,:;=of]*\s*[\[(]?\s*(?P<lo>[-−–]?\s?\d+(?:[.·]\d+)?)\s*%?\s*(?:to|–|-|−|,|;|—|and)
      \s*(?P<hi>[-−–]?\s?\d+(?:[.·]\d+)?))
    | (?P<spread>(?:±|\+/-|\+-)\s*\d+(?:[.·]\d+)?\s*%?
      |\[\s*[-−–]?\d+(?:[.·]\d+)?\s*(?:[-–−,;]|to)\s*[-−–]?\d+(?:[.·]\d+)?\s*\]
      |\(\s*(?:iqr|range|sd|se|sem|interquartile\s+range)?[:,=\s]*\d+(?:[.·]\d+)?\s*(?:[-–−]|to)\s*\d+(?:[.·]\d+)?\s*\))
    | (?P<place>\b(?:at|after|for|within|over|until|through|to|week|weeks|month|months|day|days|year|years
      |table|fig|figure|figs|group|phase|stage|grade|type|visit|hour|hours|aged?
      |n\s*=|t\s*=|f\s*=|z\s*=|df\s*=|vitamin|score\s+of|scores?\s+of|cd|il|hba|every|≥|≤|>|<|⩾|⩽)
      \.?\s*\d+(?:[.·,-]\d+)*(?:th|st|nd|rd)?\b(?!\s*%|[.·]\d))
    | (?P<dose>(?<![\w.])\d+(?:[.·,]\d+)*[\s-]?(?:mg|mcg|µg|μg|g|iu|ml|kg|week|month|year|day|hour|min
      |minutes?|hours?|days)\b
      (?!\s*/|s?\s*(?:in|vs|versus|for|and|with|compared))
      (?=\s*(?:of|dose|once|twice|daily|per|group|bid|qd|-|\w+ly\b)))
    | (?P<num>(?<![\w.])[-−–]?\d+(?:[.·,]\d+)*%?(?:/\d+)?
      (?:\s*\(\s*(?P<pct>\d+(?:[.·]\d+)?)\s*%\s*\)
      |\s*\[\s*(?P<pct2>\d+(?:[.·]\d+)?)\s*%\s*\]|\s*\(\s*\d+(?:[.·]\d+)?\s*\))?)
    | (?P<word>[^\W\d_](?:[\w'’/+-]*\w)?)
    | (?P<stop>[.;:](?=\s|$)|[,()\[\]])""",
    re.VERBOSE | re.IGNORECASE,
)


def _split(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_SMALL = _split(
    """a an the of in on at to for from by with and or as was were is are be been being that this these those which
    who whose it its their his her our we they there had has have did do does than then per each mean median
    group groups arm arms patients patient participants subjects women men children level levels score scores
    rate rates number total change changes time day days week weeks month months year years hour hours min
    minutes mg kg ml dose doses daily twice once after before during plus using use used between among into over
    under within measured compared versus vs treatment therapy received receive receiving given i.e e.g or no
    not low high"""
)


GENERIC = -1.0
"""The value of a symbol that names an arm in general words only."""


class Prompt(NamedTuple):
    """What is asked about: the words of each element that tell it from the other two."""

    intervention: frozenset[str]
    comparator: frozenset[str]
    outcome: frozenset[str]
    comparator_is_control: bool
    intervention_is_control: bool
    outcome_is_bad: bool | None
    texts: tuple[str, str, str] = ("", "", "")


class Symbol(NamedTuple):
    """A class of word at text[start:end]; `value` holds a number where there is one."""

    kind: str
    start: int
    end: int
    value: float = 0.0
    word: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The symbols of one sentence and its place."""

    start: int
    end: int
    symbols: tuple[Symbol, ...]

    @property
    def kinds(self) -> list[str]:
        """The classes alone, in order."""
        return [symbol.kind for symbol in self.symbols]


@functools.lru_cache(maxsize=1)
def cues() -> Mapping[str, Any]:
    """The tables of cues.toml."""
    raw = resources.files("assay.domains.medical.findings").joinpath("cues.toml").read_text(encoding="utf-8")
    return tomllib.loads(raw)


@functools.lru_cache(maxsize=1)
def _classes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    order = (
        "not",
        "insig",
        "sig",
        "same",
        "diff",
        "than",
        "vs",
        "down",
        "up",
        "better",
        "worse",
        "both",
        "between",
        "but",
        "trend",
        "hazard",
        "within",
        "change",
    )
    return tuple((name, re.compile(cues()["words"][name])) for name in order)


@functools.lru_cache(maxsize=20_000)
def cue(word: str) -> str:
    """The class of a lower-case word of reporting, upper case; "" for any other word."""
    return next((name.upper() for name, pattern in _classes() if pattern.fullmatch(word)), "")


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A light stem: plural and verb endings off, so that the words of a question meet those of a sentence."""
    for ending in ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ed", "es", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


_LETTERED = re.compile(r"\(\s*(?:groups?\s+)?([a-z0-9]{1,2})(?:\s+(?:group|arm))?\s*\)|\bgroup\s+([a-z0-9]{1,3})\b")
_CONTRASTS = _split(
    "high low early late with without weekly daily once twice alone plus long short before after single"
)


def contrast_words(text: str, other: str, outcome: str) -> frozenset[str]:
    """The small words and group letters that this arm has and the other has not: "high" dose against "low" dose."""
    own = set(re.findall(r"[a-z]+", text))
    others = set(re.findall(r"[a-z0-9]+", f"{other} {outcome}"))
    letters = {first or second for first, second in _LETTERED.findall(text)}
    return frozenset((own - others) & _CONTRASTS) | frozenset(letters - {"a", "an", "the"} - others)


def content_words(text: str) -> list[str]:
    """The stems of the telling words of an element of a question, with the initials of a phrase as one more word."""
    words = [match.lower() for match in re.findall(r"[^\W_]+(?:['’/+-][^\W_]+)*", text)]
    kept = [stem(word) for word in words if word not in _SMALL and not word.replace("-", "").isdigit()]
    kept += [
        stem(part) for word in words if "-" in word for part in word.split("-") if len(part) > 3 and part not in _SMALL
    ]
    if len(words) >= 2:
        kept += ["".join(word[0] for word in words if word not in _SMALL), "".join(word[0] for word in words)]
    return [word for word in kept if len(word) > 1] + re.findall(r"\bgroup ([a-z0-9])\b", text.lower())


@functools.lru_cache(maxsize=512)
def prompt(intervention: str, comparator: str, outcome: str) -> Prompt:
    """The telling words of a question: those of one arm that do not stand in the other."""
    intervention, comparator, outcome = (html.unescape(html.unescape(t)) for t in (intervention, comparator, outcome))
    i, c, o = (frozenset(content_words(text)) for text in (intervention, comparator, outcome))
    arms = cues()["arms"]
    control = re.compile(rf"\b(?:{arms['comparator']}|no|without|not)\b")
    return Prompt(
        (i - c - o) | contrast_words(intervention.lower(), comparator.lower(), outcome.lower()),
        (c - i - o) | contrast_words(comparator.lower(), intervention.lower(), outcome.lower()),
        o,
        control.search(comparator.lower()) is not None or not comparator.strip(),
        control.search(intervention.lower()) is not None and control.search(comparator.lower()) is None,
        is_bad(outcome),
        (intervention.lower(), comparator.lower(), outcome.lower()),
    )


@functools.lru_cache(maxsize=512)
def is_bad(outcome: str) -> bool | None:
    """Whether less of the outcome is better (True), more of it is (False), or neither is known (None)."""
    bad, good = (_polarity(name) for name in ("bad", "good"))
    words = re.findall(r"[^\W_][\w-]*", outcome.lower())
    votes = sum(bool(bad.match(word)) for word in words) - sum(bool(good.match(word)) for word in words)
    return None if votes == 0 else votes > 0


@functools.lru_cache(maxsize=2)
def _polarity(name: str) -> re.Pattern[str]:
    return re.compile(cues()["polarity"][name])


def read(text: str, asked: Prompt, spans: Iterable[tuple[int, int]]) -> list[Sentence]:
    """The sentences at `spans` as rows of symbols."""
    return [Sentence(start, end, tuple(_symbols(text, start, end, asked))) for start, end in spans]


def _symbols(text: str, start: int, end: int, asked: Prompt) -> list[Symbol]:
    read_in_order = [symbol for match in _WORD.finditer(text, start, end) if (symbol := _symbol(match, asked))]
    return _merged(_turned(_specific(read_in_order), asked))


def _specific(row: list[Symbol]) -> list[Symbol]:
    """Without the general names of arms ("treatment", "control") where the sentence names an arm by its own words."""
    named = {symbol.kind for symbol in row if symbol.kind in "IC" and symbol.value != GENERIC}
    return [symbol for symbol in row if symbol.kind not in ("I", "C") or symbol.value != GENERIC or not named]


_TIMED = re.compile(r"\b(?:times?|latency|onset|duration|days?|hours?|delay|speed)\b")
_AMOUNTS, _VALUES = frozenset(("UP", "DOWN")), frozenset(("BETTER", "WORSE"))
_BESIDE = 2
_QUICK = re.compile(r"faster|earlier|accelerat\w*|rapid\w*|quick\w*|sooner|hasten\w*")
_SLOW = re.compile(r"slower|later|delay\w*|slow(?:ed|s)")


def _turned(row: list[Symbol], asked: Prompt) -> list[Symbol]:
    """Words of speed turned where the outcome is a time, and a word of amount read with the value behind it: "less
    satisfied" is worse, "more effective" is better."""
    timed = _TIMED.search(asked.texts[2]) is not None
    found: list[Symbol] = []
    for read_one in row:
        symbol = _of_speed(read_one) if timed else read_one
        before = found[-1] if found else None
        if before and before.kind in _AMOUNTS and symbol.kind in _VALUES and symbol.start - before.end <= _BESIDE:
            same = (before.kind == "UP") == (symbol.kind == "BETTER")
            found[-1] = symbol._replace(kind="BETTER" if same else "WORSE", start=before.start)
        else:
            found.append(symbol)
    return found


def _of_speed(symbol: Symbol) -> Symbol:
    """A word of speed as what it says of a time: sooner is less of it, later is more."""
    if symbol.kind == "UP" and _QUICK.match(symbol.word):
        return symbol._replace(kind="DOWN")
    if symbol.kind == "DOWN" and _SLOW.match(symbol.word):
        return symbol._replace(kind="UP")
    return symbol


def _merged(row: Iterable[Symbol]) -> list[Symbol]:
    found: list[Symbol] = []
    for symbol in row:
        if found and symbol.kind in "IOC" and found[-1].kind == symbol.kind:
            new = symbol.word not in found[-1].word.split()
            found[-1] = found[-1]._replace(
                end=symbol.end,
                value=max(0.0, found[-1].value) + max(0.0, symbol.value) * new,
                word=f"{found[-1].word} {symbol.word}",
            )
        else:
            found.append(symbol)
    return found


def _symbol(match: re.Match[str], asked: Prompt) -> Symbol | None:
    kind = match.lastgroup
    if match["word"]:
        name = _word_class(match["word"], asked)
        value = 1.0 if name == "O" else GENERIC if name in ("i", "c") else 0.0
        return Symbol(name.upper(), *match.span(), value, stem(match["word"].lower())) if name else None
    if match["p"]:
        return Symbol(_p_class(match), *match.span())
    if match["range"]:
        low, high = _number(match["lo"]), _number(match["hi"])
        return Symbol("CI", *match.span(), value=_excludes(low, high))
    if match["num"]:
        share = match["pct"] or match["pct2"]
        return Symbol("NUM", *match.span(), value=_number(share or match["num"].split("(")[0].split("/")[0]))
    return Symbol("," if match.group() in ",()[]" else ";", *match.span()) if kind == "stop" else None


def _word_class(written: str, asked: Prompt) -> str:
    word = written.lower()
    base = stem(word)
    if base in asked.intervention or word in asked.intervention:
        return "I"
    if base in asked.comparator or word in asked.comparator:
        return "C"
    arm = _compound_arm(word, asked) if _JOINED.search(word) else ""
    if arm:
        return arm
    named = cue(word) or ("NOT" if word.endswith(("n't", "n’t")) else "")
    if base in asked.outcome or word in asked.outcome:
        return "O" if named in ("", "UP", "DOWN", "BETTER", "WORSE", "HAZARD", "TREND", "CHANGE", "WITHIN") else named
    if named:
        return named
    return _generic_arm(word, asked) or _short_form(written, asked)


_JOINED = re.compile(r"[-/+]")


def _compound_arm(word: str, asked: Prompt) -> str:
    """The arm that a compound names: "placebo-treated", "drug-alone"; "" where its parts name none, or both."""
    parts = [part for part in _JOINED.split(word) if len(part) > 1]
    named = {
        name
        for part in parts
        for name, arm in (("I", asked.intervention), ("C", asked.comparator))
        if part in arm or stem(part) in arm
    }
    if len(named) == 1:
        return named.pop()
    if named:
        return ""
    general = [_generic_arm(part, asked) for part in parts]
    reference = "i" if asked.intervention_is_control else "c"
    return reference if reference in general else ""


def _short_form(written: str, asked: Prompt) -> str:
    """An abbreviation in capitals whose letters run through one element's words and no other's."""
    if not (2 <= len(written) <= 7 and sum(c.isupper() for c in written) >= 2):
        return ""
    letters = written.lower().replace("-", "")
    fitting = [name for name, text in zip("ICO", asked.texts, strict=True) if _abbreviates(letters, text)]
    return fitting[0] if len(fitting) == 1 else ""


@functools.lru_cache(maxsize=4096)
def _abbreviates(letters: str, text: str) -> bool:
    """Whether `letters` stand in `text` in this order, the first at the start of a word (Schwartz and Hearst 2003)."""
    for match in re.finditer(rf"\b{re.escape(letters[0])}", text):
        rest = iter(text[match.start() :])
        if all(letter in rest for letter in letters):
            return len(letters) > 2 or letters[1] in {word[0] for word in text.split()}
    return False


@functools.lru_cache(maxsize=4)
def _arm_words(name: str) -> re.Pattern[str]:
    return re.compile(cues()["arms"][name])


def _generic_arm(word: str, asked: Prompt) -> str:
    if _arm_words("comparator").fullmatch(word):
        return "i" if asked.intervention_is_control else "c"
    if _arm_words("intervention").fullmatch(word):
        return "c" if asked.intervention_is_control else "i"
    return ""


def _p_class(match: re.Match[str]) -> str:
    if match["pns"]:
        return "PNS"
    value = _number(match["pv"])
    operator = match["op"].lower()
    if operator.startswith((">", "≥", "⩾", "greater")):
        return "PNS" if value >= 0.0099 else "PSIG"
    return "PSIG" if value < 0.05 or (value == 0.05 and operator.startswith(("<", "≤", "less"))) else "PNS"


def _number(written: str | None) -> float:
    plain = (written or "").replace("·", ".").replace("−", "-").replace("–", "-").replace(" ", "").rstrip("%")
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+", plain):
        plain = plain.replace(",", "")
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        return 0.0


def _excludes(low: float, high: float) -> float:
    """1 where an interval lies above its null value, -1 below, 0 where it holds it: 1 for ratios, 0 for differences."""
    if low > high:
        low, high = high, low
    if low < 0 < high or (0 < low <= 1 <= high and high < 50):
        return 0.0
    if low > 1 or low >= 0:
        return 1.0 if low >= 1 or high > 1 else -1.0
    return -1.0


_PAIRS = re.compile(r"(?P<ic>IN+CN|ICNN|NINC|NNIC)|(?P<ci>CN+IN|CINN|NCNI|NNCI)")


def compared_numbers(row: Sequence[Symbol]) -> float:
    """The sign of the first pair of numbers of the two arms, intervention minus comparator; 0.0 where there is none:
    "5.4 in A and 3.3 in B", "A and B: 5.4 and 3.3", or "5.4 versus 3.3" read in the order of the arms."""
    kept = [symbol for symbol in row if symbol.kind in ("I", "C", "NUM")]
    letters = "".join("N" if symbol.kind == "NUM" else symbol.kind for symbol in kept)
    match = _PAIRS.search(letters)
    if match:
        numbers = [symbol.value for symbol in kept[match.start() : match.end()] if symbol.kind == "NUM"]
        return _sign(numbers[0] - numbers[-1]) * (1.0 if match["ic"] else -1.0)
    return _versus(row)


def _versus(row: Sequence[Symbol]) -> float:
    numbers = [place for place, symbol in enumerate(row) if symbol.kind == "NUM"]
    for first, second in pairwise(numbers):
        between = [symbol.kind for symbol in row[first + 1 : second]]
        if "VS" in between and row[first].value != row[second].value:
            arms = [symbol.kind for symbol in row[:first] if symbol.kind in ("I", "C")]
            return _sign(row[first].value - row[second].value) * (
                -1.0 if arms[-2:] in (["C"], ["C", "I"], ["I", "C"]) and arms[-2:] != ["I", "C"] else 1.0
            )
    return 0.0


def _sign(value: float) -> float:
    return (value > 0) - (value < 0) + 0.0
