"""Rules for true claims whose quotation is not letter for letter the passage's: print, brackets, omission.

Each gives the passage's text, the quotation and the claim; the meaning is the same in all three.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.verification.change import SAFE_START, in_brackets, small
from benchmarks.verification.context import extracts
from benchmarks.verification.corpora import Source
from benchmarks.verification.draw import number, pick
from benchmarks.verification.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Rendering:
    """A faithful rendering of one sentence: the passage as it stands then, the quotation, the claim."""

    passage: str
    quote: str
    claim: str
    before: str
    after: str
    rule: str


_LIGATURES = (("ffi", "ﬃ"), ("ffl", "ﬄ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ"))
_LONG_WORD = re.compile(r"(?<![\w`'.:/-])[a-z]{9,18}(?![\w`'.:/-])")
_STRAIGHT = {"“": '"', "”": '"', "‘": "'", "’": "'"}


def printed(sentence: Sentence, source: Source) -> Iterator[Rendering]:
    """The same words in other print: line breaks, quotation marks, hyphenation, ligatures, blanks, dashes, accents."""
    text, raw = sentence.text, sentence.raw
    if "\n" in raw:
        yield Rendering(source.text, text, text, raw, text, "line breaks in the passage only")
        yield Rendering(source.text, raw, text, text, raw, "line breaks in passage and quotation")
    else:
        broken = _broken(text)
        yield Rendering(source.text, broken, text, text, broken, "line breaks in the quotation only")
    yield from _quotation_marks(sentence, source)
    yield from _hyphenated(sentence, source)
    for plain, ligature in _LIGATURES:
        if plain in text:
            yield _both_ways(sentence, source, text.replace(plain, ligature), f"ligature {plain}")
            break
    spaced = _blanks(text)
    yield Rendering(source.text, spaced, text, text, spaced, "other blanks in the quotation")
    for dash, other in (("–", "-"), ("−", "-"), ("—", "--"), ("µ", "μ"), ("…", "...")):
        if dash in text:
            changed = text.replace(dash, other)
            yield Rendering(source.text, changed, text, text, changed, f"{dash} as {other}")
    decomposed = unicodedata.normalize("NFD", text)
    if decomposed != text:
        yield Rendering(source.text, decomposed, text, text, decomposed, "accents decomposed")


def _both_ways(sentence: Sentence, source: Source, changed: str, rule: str) -> Rendering:
    """The change stands in the passage (as extracted from a PDF) or in the quotation, by draw."""
    if number(sentence.text, rule) % 2 and sentence.raw == sentence.text:
        passage = source.text[: sentence.start] + changed + source.text[sentence.end :]
        return Rendering(passage, sentence.text, sentence.text, sentence.text, changed, f"{rule} in the passage")
    return Rendering(source.text, changed, sentence.text, sentence.text, changed, f"{rule} in the quotation")


def _broken(text: str) -> str:
    words = text.split(" ")
    step = 7 + number(text, "line") % 5
    return "\n".join(" ".join(words[i : i + step]) for i in range(0, len(words), step))


def _blanks(text: str) -> str:
    places = [m.start() for m in re.finditer(" ", text)]
    at = pick(places, text, "blank")
    blank = pick(("\u00a0", "\u2009", "  ", "\u202f", "\t"), text, "which blank")
    return text[:at] + blank + text[at + 1 :]


def _quotation_marks(sentence: Sentence, source: Source) -> Iterator[Rendering]:
    text = sentence.text
    if re.search("[“”‘’]", text):
        plain = "".join(_STRAIGHT.get(c, c) for c in text)
        yield Rendering(source.text, plain, text, text, plain, "straight quotation marks in the quotation")
    elif re.search(r"['\"]", text) and "`" not in text:
        curly = re.sub(r'(?<![\w.,)])"', "“", text).replace('"', "”")
        curly = re.sub(r"(?<![\w.,)])'", "‘", curly).replace("'", "’")
        yield _both_ways(sentence, source, curly, "curly quotation marks")


def _hyphenated(sentence: Sentence, source: Source) -> Iterator[Rendering]:
    words = list(_LONG_WORD.finditer(sentence.text))
    if words:
        match = pick(words, sentence.text, "hyphen")
        middle = match.start() + _syllable(match[0])
        joint = "-\n" if number(sentence.text, "joint") % 3 else "\u00ad"
        changed = sentence.text[:middle] + joint + sentence.text[middle:]
        yield _both_ways(sentence, source, changed, "hyphenation at a line end" if joint == "-\n" else "soft hyphen")


def _syllable(word: str) -> int:
    for at in (len(word) // 2, len(word) // 2 + 1, len(word) // 2 - 1):
        if word[at - 1] in "aeiouy" and word[at] not in "aeiouy":
            return at
    return len(word) // 2


_ASIDE = re.compile(r" \((?P<aside>[^()]{2,80})\)(?=[ ,;])")
_MATTERS = re.compile(r"\b(?:not|no|except|only|unless|without|if|excluding|other than|but|or|and/or)\b", re.I)


def bracketed(sentence: Sentence, source: Source) -> Iterator[Rendering]:
    """The quotation with the marks of an honest quoter: a changed capital or an omission, in square brackets."""
    text = sentence.text
    for cut in extracts(text, source):
        if cut.start > 0 and text[cut.start].islower():
            quote = f"[{text[cut.start].upper()}]{cut.kept[1:]}"
            claim = quote if number(text, "claim") % 2 else cut.claim
            yield Rendering(source.text, quote, claim, cut.kept, quote, "bracketed capital after a cut")
    lowered = small(text)
    if lowered and SAFE_START.match(text):
        quote = f"[{lowered[0]}]{text[1:]}"
        yield Rendering(
            source.text, quote, quote if number(text, "claim") % 3 == 0 else text, text, quote, "bracketed small letter"
        )
    for match in _ASIDE.finditer(text):
        if (
            not _MATTERS.search(match["aside"])
            and not in_brackets(text, match.start())
            and not re.search(r"(?:^| )\(?\w$|\d$", text[: match.start()])
        ):
            mark = pick((" [...]", " [ . . . ]", " […]"), text, "omission")
            quote = text[: match.start()] + mark + text[match.end() :]
            plain = text[: match.start()] + text[match.end() :]
            claim = quote if number(text, "claim") % 2 else plain
            yield Rendering(source.text, quote, claim, match[0], mark, "parenthesis left out, marked")
