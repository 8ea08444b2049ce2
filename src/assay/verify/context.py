"""The sentence around a quotation, and whether the quotation may stand without the rest of it.

A quotation is out of context where it leaves out a negation, condition, exception, contrast or attribution of its own
sentence ("plaintiff contends that ..."), or the lead-in of its list, or is cut inside a clause.
Further sentences are not read: a statement refuted in the next paragraph is beyond this check.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from assay.textual.polarity import Marker, markers
from assay.textual.sentences import Span as Sentence
from assay.textual.sentences import sentences
from assay.verify.cuts import closes_clause, is_harmless_aside, open_quotation, opening_fault
from assay.verify.locate import Span

FULL_TEXT = 16_000
"""Documents up to this length are cut into sentences whole; of longer ones only the surroundings are."""
SURROUNDINGS = 5_000
MAX_LEAD = 600
MAX_QUOTATION = 1500
QUOTED = "the sentence stands in a quotation that began before it"
MIN_FRAGMENT_WORDS = 4
_RISKY = frozenset({"negation", "condition", "contrast", "attribution", "hedge"})
_HARMLESS = frozenset(
    {
        "non",
        "conditional",
        "conditionally",
        "sole",
        "mainly",
        "primarily",
        "just",
        "alone",
        "merely",
        "at least",
        "at most",
        "instead of",
        "rather than",
    }
)
_TERMINAL = re.compile(r"[.!?][\"'”’)\]]*(?:\s*\[\d[\d,\s–-]*\])*\s+$")
_LAST_STOP = re.compile(r"[.!?;][\"'”’)\]]*\s+(?=[\"'“‘(\[*]*[A-Z0-9§])")
_ENDS = re.compile(r"[.!?][\"'”’)\]*_`]*$")
_OPENS_CLAUSE = re.compile(r"(?:[,;:(\[—–]|--|\s-|[\"“])\s*$")
_LABEL = re.compile(
    r"^[\s\W]*(?:(?:\(?(?:\w{1,5}|[ivxlc]+)[.)]|[-*+•‣–]|\d+(?:[.:-]\d+)*\.?|§+\s*\S+|Section\s+\S+)\s*)*"
    r"(?:[A-Z][A-Z&/ ,-]{2,48}:)?[\s\W]*$"
)
_MARKER = re.compile(r"(?:\(?\w{1,5}[.)]|[-*+•‣–]|\d+(?:\.\d+)+)\s+")


class Context(NamedTuple):
    """A quotation's span, the full sentence or sentences around it, and why it may not stand alone ("" if it may).

    `offered` is what should be quoted instead: the full sentences, with a list's lead-in where that matters.
    """

    span: Span
    unit: Span
    offered: Span
    fault: str
    complete: bool


def context(text: str, span: Span) -> Context:
    """Where the quotation text[span] stands among the sentences of `text`, and what it leaves out of them."""
    around = sentences_around(text, span)
    covering = [s for s in around if s.start < span.end and span.start < s.end]
    if not covering:
        return Context(span, span, span, "", True)
    unit = Span(min(covering[0].start, span.start), max(covering[-1].end, span.end))
    left = _left(text[unit.start : span.start], text[span.start : span.end])
    right = _right(text[span.start : span.end], text[span.end : unit.end])
    if all(s.kind == "code" for s in covering) and (_worded(left) or _has_words(right)):
        return _code_context(text, span, unit)
    fault = _cut_fault(left, right, text[span.start : span.end])
    lead = _lead_in(text, around, covering[0], span)
    lead_fault = _lead_fault(text, lead, span) if lead else ""
    offered = Span(lead.start, unit.end) if lead and lead_fault else unit
    complete = not _worded(left) and not _has_words(right)
    opened = quotation_around(text, unit.start)
    if opened is not None:
        around_it = [s for s in around if s.start <= opened < s.end]
        offered = Span(min(offered.start, around_it[0].start if around_it else opened), offered.end)
        return Context(span, unit, offered, fault or QUOTED, complete)
    return Context(span, unit, offered, fault or lead_fault, complete)


def quotation_around(text: str, place: int) -> int | None:
    """Where the quotation opens, in the paragraph of `place`, that is still open there; None where none is."""
    start = max(text.rfind("\n\n", 0, place), place - MAX_QUOTATION, 0)
    opened = open_quotation(text[start:place])
    if opened is None or _quotation_end(text, place) is None:
        return None
    return start + opened


def _quotation_end(text: str, place: int) -> int | None:
    """Where the next closing mark stands in the paragraph of `place`: an opening mark without one is a stray."""
    blank = text.find("\n\n", place)
    end = min(blank if blank >= 0 else len(text), place + MAX_QUOTATION)
    match = re.compile(r"(?<=\S)[\"”]").search(text, place, end)
    return match.start() if match else None


def sentences_around(text: str, span: Span) -> list[Sentence]:
    """The sentences near `span`, with offsets into `text`."""
    if len(text) <= FULL_TEXT:
        return list(_sentences(text))
    start = max(0, span.start - SURROUNDINGS)
    end = min(len(text), span.end + SURROUNDINGS)
    if start > 0:
        blank = text.find("\n\n", start, span.start)
        start = blank + 2 if blank >= 0 else start
    if end < len(text):
        blank = text.rfind("\n\n", span.end, end)
        end = blank if blank >= 0 else end
    return [Sentence(s.start + start, s.end + start, s.kind) for s in _sentences(text[start:end])]


@functools.lru_cache(maxsize=64)
def _sentences(text: str) -> tuple[Sentence, ...]:
    return tuple(sentences(text))


def elision_fault(text: str, first: Span, second: Span) -> str:
    """Why an ellipsis between two parts may not stand for what it leaves out; "" if it may; "stitched" where the
    parts are pieces of different sentences."""
    gap = text[first.end : second.start]
    around = sentences_around(text, Span(first.start, second.end))
    crossed = [s for s in around if first.end < s.end < second.start or first.end <= s.start <= second.start]
    aside = re.fullmatch(r"\.?\s*\(([^()]*)\)\s*", gap)
    if aside and not crossed:
        return "" if is_harmless_aside(aside.group(1)) else "the ellipsis leaves out a limit in brackets"
    if crossed or _LAST_STOP.search(gap + text[second.start : second.start + 1]):
        whole = _ENDS.search(text[first.start : first.end]) or gap[:1] in ".!?"
        starts = any(s.start == second.start for s in around) or _TERMINAL.search(gap)
        return "" if whole and starts else "stitched"
    risky = [m for m in markers(gap) if m.kind in _RISKY or m.kind in ("modality", "quantifier")]
    if risky:
        return f"the ellipsis leaves out {_shown(gap, risky)}"
    if re.match(r"\s*[,;(\[—–-]", gap) and re.search(r"[,;)\]—–-]\s*$", gap):
        return ""
    return "the ellipsis leaves out a part of the clause"


# --- what the cut leaves out ------------------------------------------------------------------------------------


def _left(before: str, quoted: str) -> str:
    """What stands before the quotation in its own sentence. A line of stops that our splitter did not cut ends it."""
    if _TERMINAL.search(before) and re.match(r"[\"'“‘(\[*]*[A-Z0-9§]", quoted):
        return ""
    before = before[before.rfind("\n\n") + 2 :] if "\n\n" in before else before
    stops = list(_LAST_STOP.finditer(before + quoted[:1]))
    return before[stops[-1].end() :] if stops and stops[-1].end() <= len(before) else before


def _right(quoted: str, after: str) -> str:
    if _ENDS.search(quoted) and (not after or after[0].isspace() or after[0] in "\"'”’)]"):
        return ""
    after = after.split("\n\n", 1)[0]
    stops = (stop.start() for stop in _LAST_STOP.finditer(after))
    return after[: next((at for at in stops if after.count("(", 0, at) <= after.count(")", 0, at)), len(after))]


def _cut_fault(left: str, right: str, quoted: str) -> str:
    if not _worded(left) and not _has_words(right):
        return ""
    lefts, rights = _risky(left, closing=False), _risky(right, closing=True)
    if lefts:
        return f"the sentence begins with {_shown(left, lefts)}, which the quotation leaves out"
    if rights:
        return f"the sentence goes on with {_shown(right, rights)}, which the quotation leaves out"
    opening = opening_fault(left, quoted) if _worded(left) else ""
    if opening:
        return opening
    if _has_words(right) and not closes_clause(quoted, right):
        return "the quotation ends inside a clause"
    if len(re.findall(r"\w+", quoted)) < MIN_FRAGMENT_WORDS:
        return "the quotation is a fragment"
    return ""


def _risky(cut: str, *, closing: bool) -> list[Marker]:
    """Markers in a cut-off part that may turn what is left. A contrast before a comma does not govern what follows."""
    found = [
        m
        for m in markers(cut)
        if (m.kind in _RISKY or m.value == "only")
        and " ".join(cut[m.start : m.end].lower().split()) not in _HARMLESS
        and not _in_name(cut, m)
    ]
    if not closing and _OPENS_CLAUSE.search(cut):
        found = [m for m in found if m.kind != "contrast"]
    return found


def _in_name(cut: str, marker: Marker) -> bool:
    """Whether a marker is a word of a name inside its sentence ("the Preliminary Business Plan")."""
    first, behind = cut[marker.start], cut[marker.end :]
    before = cut[: marker.start].rstrip()
    return first.isupper() and before[-1:].isalpha() and re.match(r"\s+[A-Z][a-z]", behind) is not None


def _has_words(cut: str) -> bool:
    return re.search(r"\w", cut) is not None


def _worded(cut: str) -> bool:
    """Whether a cut-off part holds words beyond a list marker, a section number or a heading's label."""
    return _has_words(cut) and _LABEL.match(cut) is None


def _shown(cut: str, found: list[Marker]) -> str:
    return ", ".join(dict.fromkeys(f"“{cut[m.start : m.end]}”" for m in found[:3]))


# --- code and lists ---------------------------------------------------------------------------------------------


def _code_context(text: str, span: Span, unit: Span) -> Context:
    """In code, whole lines may stand alone."""
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    newline = text.find("\n", span.end)
    after = text[span.end : newline if newline >= 0 else len(text)]
    whole = not before.strip() and not after.strip()
    return Context(span, unit, unit, "" if whole else "the quotation cuts a line of code", whole)


def _lead_in(text: str, around: list[Sentence], first: Sentence, span: Span) -> Sentence | None:
    """The unfinished sentence that a list item completes ("The following are void:"), where `span` opens the item."""
    marker = _MARKER.match(text, first.start, first.end)
    if first.kind != "item" or marker is None or span.start > marker.end():
        return None
    index = around.index(first)
    sibling = first
    for candidate in reversed(around[max(0, index - 24) : index]):
        if candidate.kind == "heading" or first.start - candidate.start > 4 * MAX_LEAD:
            return None
        if re.search(r"(?::|--|—|–)\s*$", text[candidate.start : candidate.end]):
            same = _marker_kind(text, sibling) == _marker_kind(text, first)
            return candidate if same and candidate.end - candidate.start <= MAX_LEAD else None
        if candidate.kind == "prose":
            return None
        sibling = candidate if _MARKER.match(text, candidate.start, candidate.end) else sibling
    return None


def _marker_kind(text: str, item: Sentence) -> str:
    """Items of one list share the shape of their markers: digits, letters, capitals, or the bullet itself."""
    marker = _MARKER.match(text, item.start, item.end)
    sign = re.sub(r"[\s().]", "", marker.group()) if marker else ""
    if sign[:1].isdigit():
        return "1" + "." * sign.count(".")
    return ("A" if sign.isupper() else "a") if sign.isalpha() else sign


def _lead_fault(text: str, lead: Sentence, span: Span) -> str:
    if lead.start <= span.start < lead.end:
        return ""
    words = text[lead.start : lead.end]
    found = [m for m in markers(words) if m.kind in ("negation", "attribution") or m.value == "unless"]
    conditions = [m for m in markers(words[-60:]) if m.kind == "condition"]
    if found:
        return f"the list is led in by {_shown(words, found)}, which the quotation leaves out"
    if conditions:
        return f"the list is led in by {_shown(words[-60:], conditions)}, which the quotation leaves out"
    return ""
