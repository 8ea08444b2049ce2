"""Reads a claim beside its quotations: are its words the quotations' own, and nothing more than links between them?

An honest quoter's marks say nothing themselves: the bracket of a changed capital ("[t]he"), a marked omission
("[...]"). A claim may say which source speaks ("According to ...") where that is the source it cites, and may join its
quotations by a semicolon or an "and".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import permutations

from assay.textual.normalise import comparable
from assay.textual.similarity import listed

MAX_PERMUTED = 4
"""Up to this many quotations a claim may give in an order of its own; more must stand in the order they are cited."""
_CAPITAL = re.compile(r"\[([^\W\d_])\](?=\w)")
_OMISSION = r"\s*(?:\[\s*(?:…|\.\s?\.\s?\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\))\s*"
_OMISSION_SPACED = re.compile(_OMISSION)
_OMISSION_AT_MARK = re.compile(_OMISSION + r"(?=[,;.])")
_LINK = re.compile(r"[\s\"']*[.;,]{0,2}[\"']*(?:\s+(?:and|also|in addition,)\b)?\s+[\"']*")
_BEFORE_MARK = re.compile(r"\s+(?=[,;:.)\]])")
_BACKWARD = listed("""it he she they this these those that such its his her their them him both neither either""")
_SAID_BY = re.compile(
    r"(?:According to|As (?:stated|noted|explained|reported|held|provided|described) (?:in|by)|In|Per|Under)\s+"
    r"(?:the (?:article|page|document|paper|study|case|opinion|section|agreement)\s+)?(?P<title>.{3,300}?),\s+(?=\S)",
    re.DOTALL,
)
_SAYS = re.compile(
    r"(?:(?:The\s+)?(?:article|page|document|paper|study|case|opinion|section|agreement)\s+)?(?P<title>.{3,300}?)\s+"
    r"(?:states|reports|provides|says|notes|explains|shows)\s+that\s+(?=\S)",
    re.DOTALL | re.IGNORECASE,
)


def unmarked(text: str) -> str:
    """`text` without an honest quoter's marks: "[t]he" as "the", "[...]" as one space."""
    return _OMISSION_SPACED.sub(" ", _OMISSION_AT_MARK.sub("", _CAPITAL.sub(r"\1", text)))


def unintroduced(claim: str, titles: Sequence[str]) -> str:
    """The claim without an introduction that names its source, where every one of `titles` is that source's name."""
    wanted = {_name(title) for title in titles}
    if len(wanted) != 1 or not claim:
        return claim
    for pattern in (_SAID_BY, _SAYS):
        rest = _behind(pattern, claim, wanted)
        if rest:
            return rest
    return claim


def _behind(pattern: re.Pattern[str], claim: str, wanted: set[str]) -> str:
    """What follows the introduction. A title may itself hold a comma or "that": every end of it is tried."""
    (title,) = wanted
    match = pattern.match(claim)
    while match:
        if _name(match["title"]) == title:
            return claim[match.end() :]
        if len(match["title"]) > len(title) + 20:
            return ""
        wider = pattern.pattern.replace("{3,300}?", f"{{{len(match['title']) + 1},300}}?")
        match = re.match(wider, claim, pattern.flags)
    return ""


def _name(title: str) -> str:
    return " ".join(re.findall(r"\w+", comparable(title).lower()))


def said_word_for_word(claim: str, quoted: Sequence[str]) -> bool:
    """Whether `claim` is the texts of `quoted`, word for word, with at most links between them."""
    whole = _bare(claim)
    texts = [_bare(text) for text in quoted]
    if whole == _bare(" ".join(quoted)):
        return True
    if len(texts) < 2 or len(whole) < sum(map(len, texts)):
        return False
    orders = permutations(texts) if len(texts) <= MAX_PERMUTED else [tuple(texts)]
    return any(_linked(whole, order) for order in orders)


def _bare(text: str) -> str:
    return _BEFORE_MARK.sub("", comparable(unmarked(text)))


def _linked(whole: str, order: Sequence[str]) -> bool:
    rest = whole
    for index, text in enumerate(order):
        if index:
            link = _LINK.match(rest)
            if link is None:
                return False
            rest = rest[link.end() :]
        if not (rest[:1].lower() + rest[1:]).startswith(text):
            return False
        rest = rest[len(text) :]
    return not rest.strip(" .,;:\"'")


def points_back(text: str) -> str:
    """The first word of `text` where it refers to something said before; "" where it does not."""
    first = re.match(r"\W*([A-Za-z]+)", text)
    return first.group(1) if first and first.group(1).lower() in _BACKWARD else ""
