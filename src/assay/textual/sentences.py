"""Sentences of law, medicine and engineering: one function, shared by chunking, answering and verification.

Rules, not a model: a full stop ends a sentence unless the word before it or the text behind it says otherwise
("ProCD, Inc. v. Zeidenberg, 86 F.3d 1447 (7th Cir. 1996)", "17 U.S.C. § 107", "No. 95-1654", "p < 0.05", "e.g.").
Headings, table rows and code blocks are units of their own and are not cut. In doubt it does not split: a sentence
that is too long can still be quoted, half a citation cannot. Linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assay.textual.splitting import Unit, UnitKind, layout


class Span(NamedTuple):
    """text[start:end], without white space at its ends."""

    start: int
    end: int
    kind: UnitKind = "prose"

    def of(self, text: str) -> str:
        """The characters of the span."""
        return text[self.start : self.end]


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# A full stop behind these never ends a sentence: a name, a number or the rest of a citation follows.
_NEVER = _words(
    """mr mrs ms messrs mmes dr prof hon gen rep reps sen sens sgt capt lt col maj rev gov pres supt atty
    v vs cf viz e.g i.e approx ca circa incl esp resp ex rel ie eg op loc eds"""
)
# Behind these it ends none where a number follows: "No. 95-1654", "Fig. 2", "Art. IV", "p. 12".
_BEFORE_NUMBER = _words(
    """no nos fig figs eq eqs sec secs sect art arts ch chs cl para paras par p pp vol vols ref refs exh exhs tbl suppl
    ver vers"""
)
_NUMBER_NEXT = re.compile(r"[\d§(#]|[IVXLC]+\b|[A-Za-z]{0,2}\d|[A-Z]\b")
# Behind these it ends one only where the next word is one that starts sentences.
_WEAK = _words(
    """inc corp co ltd llc l.l.c plc bros cir ct cts supp ed stat reg regs app dist div dept dep't ass'n assn int'l
    nat'l gov't comm'n cal mass conn del ill ind pa va wash tex fla ga mich minn wis okla ariz colo tenn ala ark la md
    me mo mont neb nev n.h n.j n.m n.y n.c n.d s.c s.d r.i vt w.va wyo haw ky kan ore miss u.s u.s.c u.s.c.a u.s.c.s
    c.f.r
    f f.2d f.3d f.4th s.ct l.ed jr sr etc al id jan feb mar apr jun jul aug sept oct nov dec
    ave st blvd rd mt ft tab max min av avg sp spp subsp var p.m a.m ph.d m.d j.d b.a m.a m.sc d.phil ph.d.s
    code ann rptr evid civ crim proc fed const amend bankr jud mun pub priv gen'l sup super cty twp ins mfg mut ry
    r.r mem tr cert aff'd rev'd mfrs univ inst lab hosp assoc est ext tel subch subd subdiv cmt annot sch"""
)
_STARTERS = _words(
    """the this that these those there then thus therefore they it its he she his her we our you your in on at by for
    from with without under upon when where while whereas whether if although though because since as after before
    during until unless however moreover furthermore nevertheless accordingly additionally conversely finally first
    second third both each every all any no not none neither either such some many most several few a an and but or
    nor so yet to what which who how why is are was were be has have had do does did can could may might must shall
    should will would let here further instead indeed also only even only plaintiff plaintiffs defendant defendants
    appellant appellee petitioner respondent congress section patients participants results methods conclusions
    background objective objectives use see note"""
)

_END = re.compile(
    r"""
      (?<![.!?…])[.!?…]++["'”’»)\]]*+(?:\[\d{1,3}(?:[,\u2013-][ ]?\d{1,3})*\])*+(?=\s)
    | [。！？]["”’」』）]*+
    | [؟۔।॥](?=\s)
    """,
    re.VERBOSE,
)
_OPENERS = "\"'“‘«([{*_¿¡"
_MARKER = re.compile(
    r"(?:[-*+•‣◦▪–—]|\(?\w{1,5}[.)]|\d+(?:\.\d+)*\.?|(?:Section|SECTION|Sec\.|§+)\s*[\d.:-]+\.?)[ \t]+"
)
_WINDOW = 48


def sentences(text: str) -> list[Span]:
    """The sentences of `text` in order. Every character that is not white space lies in exactly one span."""
    found: list[Span] = []
    for unit in layout(text):
        found.extend(unit_sentences(text, unit))
    return found


def unit_sentences(text: str, unit: Unit) -> list[Span]:
    """The sentences of one unit of layout: headings, rows and code whole, prose and list items cut."""
    if unit.kind in ("heading", "row", "code"):
        return [Span(unit.start, unit.end, unit.kind)]
    spans: list[Span] = []
    start = unit.start
    for place in _ends(text, unit.start, unit.end):
        spans.append(Span(start, place, unit.kind))
        start = _skip_space(text, place, unit.end)
    if start < unit.end:
        spans.append(Span(start, unit.end, unit.kind))
    return spans


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    marker = _MARKER.match(text, start, end)
    body = marker.end() if marker else start
    for match in _END.finditer(text, body, end):
        after = _skip_space(text, match.end(), end)
        if after < end and _is_end(text, body, match.start(), match.end(), after, end):
            yield match.end()


def _is_end(text: str, body: int, mark: int, closed: int, after: int, end: int) -> bool:
    """Whether the stop at `mark` (closers up to `closed`) ends a sentence when text[after:] follows."""
    if text[mark] not in ".…":
        return text[mark] not in "!?" or not _continues(text, after, end)
    word = _word_before(text, body, mark)
    if word is None or _continues(text, after, end):
        return False
    plain = word.lstrip("".join(_OPENERS) + "[,;").replace("’", "'")
    lower = plain.lower()
    if lower in _NEVER:
        return False
    if lower in _BEFORE_NUMBER:
        return _NUMBER_NEXT.match(text, after, end) is None and _starts_sentence(text, after, end)
    if lower in _WEAK or ("." in plain.strip(".") and not plain[0].isdigit()):
        return closed > mark + 1 or _starts_sentence(text, after, end)
    if len(plain) == 1 and plain.isalpha() and plain.isupper():
        return _starts_sentence(text, after, end)
    return True


def _word_before(text: str, body: int, mark: int) -> str | None:
    """The word that the stop follows; None for a stop that stands alone, as in ". . ."."""
    if mark == body or text[mark - 1].isspace():
        return None
    window = text[max(body, mark - _WINDOW) : mark]
    return window.split()[-1]


def _continues(text: str, after: int, end: int) -> bool:
    """A lower-case letter or a mark that cannot open a sentence follows."""
    while after < end and text[after] in _OPENERS:
        after += 1
    return after < end and (text[after].islower() or text[after] in ",;:)]}%=<>≤≥&")


def _starts_sentence(text: str, after: int, end: int) -> bool:
    window = text[after : min(end, after + _WINDOW)].lstrip(_OPENERS)
    first = re.match(r"[^\W\d_]+", window)
    return first is not None and first.group()[0].isupper() and first.group().lower() in _STARTERS


def _skip_space(text: str, place: int, end: int) -> int:
    while place < end and text[place].isspace():
        place += 1
    return place
