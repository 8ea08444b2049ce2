"""The words of a question that tell its subject, and whether evidence meets enough of them.

Evidence on damages for goods shares "damages", "recover" and "owner" with a question on patent infringement, and not
one word that tells what is asked. Words that any text of a field has are no sign of a common subject; nor is the head
of a pair whose telling modifier is missed ("insider trading" beside "usage of trade"). In a question that tells a
story first, the words of the sentence that asks count: the story is in the asker's own words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import NamedTuple

from assay.textual.sentences import sentences
from assay.textual.similarity import GENERIC_WEIGHT, listed, weight
from assay.textual.tokens import STOP_WORDS, stem, tokens

MET_SHARE = 0.4
"""Evidence that meets a smaller share of a question's telling words, and fewer than two of them, is on another
subject."""
ENOUGH = 2
SHORT = 4
"""In a question of so few telling words the head of a pair counts only with its modifier; a longer one has others."""
_COMMON = frozenset(
    stem(word)
    for word in listed(
        """damage recover recovery own owner ownership liable liability pay payment right remedy claim law legal court
        party parties person people duty obligation breach notice sue suit action rule act agreement contract
        contractual penalty require requirement apply applicable application enforce enforceable enforcement valid void
        allow permit decide determine happen need want look like long short much many change time day week month year
        term condition clause provision section article statute code state due cost price value amount good bad new old
        first second third last next full free part whole real true simple special general available bear hold fail
        failure refuse keep take put turn start end begin stop defendant plaintiff injury loss property interest order
        treatment therapy patient risk rate outcome efficacy effective effectiveness safe safety disease clinical trial
        dose control increase decrease reduce high higher low lower improve improvement associate association predict
        cause function object class parameter argument default error file return option list name call version module
        add difference same better worse best more less most least another other others somebody anyone someone make
        work still even ever never always before after without under over between during against about compare while
        because owe wrong sort deal issue problem thing any one both either usual plus early late measure necessary
        influence practice technique routine must non regular normal and/or versus
        care health adverse event incidence hospital raise affect lead help treat"""
    )
)
_ASKS = re.compile(r"\?\s*$")
_WORD = re.compile(r"[^\W_][\w'’.]*")
_ASIDE = re.compile(r"\s*\([A-Z][A-Za-z0-9-]{1,9}\)")


class Subject(NamedTuple):
    """The telling words of a question, each stem with how often it stands there, and its pairs (modifier, head)."""

    counts: tuple[tuple[str, int], ...]
    pairs: frozenset[tuple[str, str]]
    acronyms: frozenset[str]


class Met(NamedTuple):
    """How much of a subject evidence meets: the share by occurrences, how many words, what it lacks, of how many."""

    share: float
    words: int
    lacks: tuple[str, ...]
    wanted: int

    @property
    def enough(self) -> bool:
        """Whether that is enough to speak of the subject at all."""
        return self.share >= MET_SHARE or self.words >= ENOUGH


def on_subject(question: str, have: frozenset[str], plain: str, heading: frozenset[str] = frozenset()) -> Met:
    """How far evidence of the tokens `have` and the folded text `plain` speaks of what `question` asks. The sentence
    that asks is judged first, then the whole; a text that asks nothing, or tells less than two words, is met. A
    document whose title or headings (tokens `heading`) have a telling word is on the subject by its own account."""
    whole = _subject(question)
    if "?" not in question or sum(count for _, count in whole.counts) < ENOUGH:
        return Met(1.0, 0, (), 0)
    asking = met(_subject(_asking(question)), have, plain)
    if asking.enough:
        return asking
    titled = met(whole, heading)
    return titled._replace(share=1.0) if titled.words else met(whole, have, plain)


@functools.lru_cache(maxsize=512)
def _subject(text: str) -> Subject:
    """What a text is about, word by word. An abbreviation in brackets only repeats the words before it."""
    text = _ASIDE.sub("", text)
    counts: dict[str, int] = {}
    pairs: set[tuple[str, str]] = set()
    acronyms: set[str] = set()
    last, end = "", 0
    for match in _WORD.finditer(text):
        key = _telling(match.group())
        if key:
            counts[key] = counts.get(key, 0) + 1
            if last and text[end : match.start()] == " ":
                pairs.add((last, key))
            if match.group().isupper():
                acronyms.add(key)
        last, end = key, match.end()
    return Subject(tuple(counts.items()), frozenset(pairs), frozenset(acronyms))


def _asking(question: str) -> str:
    parts = [span.of(question) for span in sentences(question)]
    return " ".join(part for part in parts if _ASKS.search(part)) or question


def _telling(word: str) -> str:
    if word.lower() in STOP_WORDS or len(word) < 3:
        return ""
    found = [token for token in tokens(word) if not token.replace(".", "").isdigit()]
    if not found or found[0] in _COMMON or weight(found[0]) == GENERIC_WEIGHT:
        return ""
    return found[0]


def met(wanted: Subject, have: Iterable[str], plain: str = "") -> Met:
    """How much of `wanted` the tokens `have` meet; `plain` is the folded text in which acronyms may be spelled out."""
    stems = frozenset(have)
    total = sum(count for _, count in wanted.counts)
    if not total:
        return Met(1.0, 0, (), 0)
    found = {
        key for key, _ in wanted.counts if _has(key, stems) or (key in wanted.acronyms and spelled_out(key, plain))
    }
    if total <= SHORT:
        found -= {head for modifier, head in wanted.pairs if modifier not in found}
    share = sum(count for key, count in wanted.counts if key in found) / total
    return Met(share, len(found), tuple(key for key, _ in wanted.counts if key not in found), total)


def _has(key: str, stems: frozenset[str]) -> bool:
    """Whether `key` is among the stems, or one of them begins as it does (enforce, enforceable)."""
    return key in stems or (len(key) >= 5 and key[: max(5, min(len(key) - 2, 7))] in _beginnings(stems))


@functools.lru_cache(maxsize=64)
def _beginnings(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(word[:length] for word in stems for length in (5, 6, 7) if len(word) >= length - 1)


def spelled_out(acronym: str, plain: str) -> bool:
    """Whether consecutive words of the folded text `plain` begin with the letters of the acronym."""
    letters = re.sub(r"[^a-z]", "", acronym.lower()).removesuffix("s")
    if not 2 <= len(letters) <= 6 or not plain:
        return False
    return re.search(r"\b" + r"[a-z]*[\s-]+(?:(?:of|and|the|in|for)\s+)?".join(letters) + r"[a-z]*", plain) is not None
