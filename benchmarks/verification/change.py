"""One change to one sentence: what stood there, what stands there now, and where. The common ground of all rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.verification.corpora import Source
from benchmarks.verification.sentences import squash


@dataclass(frozen=True, slots=True)
class Change:
    """`text` is the changed sentence; text[start:end] == `after` stands where `before` stood."""

    text: str
    start: int
    end: int
    before: str
    after: str
    rule: str


Rule = Callable[[str, Source], Iterator[Change]]
CITATION = re.compile(
    r"\b(?:U\.S\.|F\.\s?(?:2d|3d|Supp)|S\.\s?Ct|Cir\.|L\.\s?Ed|Stat\.|Fed\. Reg|C\.F\.R|slip op|N\.E\.|A\.2d|P\.2d)"
)


def replace(text: str, span: tuple[int, int], after: str, rule: str) -> Change:
    """The change that puts `after` in place of text[span]; a stray double blank or blank before a stop is mended."""
    start, end = span
    if not after and text[end : end + 1] == " " and (start == 0 or text[start - 1] == " "):
        end += 1
    changed = text[:start] + after + text[end:]
    return Change(changed, start, start + len(after), text[start:end], after, rule)


def like(model: str, word: str) -> str:
    """`word` with the first letter's case of `model`; all capitals where the model is."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def capital(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


SAFE_START = re.compile(
    r"(?:The|A|An|In|No|Each|Any|All|When|If|Patients|There|Some|Most|Many|Several|On|At|By|For|To|Under|After|Before|"
    r"During|With|Every|Other|Another|Although|While|Where|As|Women|Men|Children|Participants|"
    r"Subjects|Our|Among)\b(?![.-])"
)


def small(text: str) -> str | None:
    """`text` with a small first letter, or None where the first word might be a name."""
    return text[:1].lower() + text[1:] if SAFE_START.match(text) else None


def in_brackets(text: str, position: int) -> bool:
    """True if `position` lies within round or square brackets."""
    before = text[:position]
    return before.count("(") > before.count(")") or before.count("[") > before.count("]")


def in_code(text: str, position: int) -> bool:
    """True if `position` lies between back quotes or asterisks that hold a code name."""
    return text[:position].count("`") % 2 == 1


def in_quotation(text: str, position: int) -> bool:
    """True if `position` lies between double quotation marks."""
    before = text[:position]
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


def swaps(pairs: Mapping[str, str], rule: str, *, unless: str = r"(?!)") -> Rule:
    """A rule that swaps whole words by `pairs`, once, where neither `unless` nor the new word stands in the sentence.

    `unless` is matched against the surroundings: 24 characters before and 24 after the word.
    """
    pattern = re.compile(
        r"(?<![\w`'’./-])(?:" + "|".join(sorted(map(re.escape, pairs), key=len, reverse=True)) + r")(?![\w`'’-])", re.I
    )
    barred = re.compile(unless, re.I)

    def apply(text: str, source: Source) -> Iterator[Change]:
        for match in pattern.finditer(text):
            after = pairs[match[0].lower()]
            around = (
                f"{text[max(0, match.start() - 24) : match.start()]}⟨{match[0]}⟩{text[match.end() : match.end() + 24]}"
            )
            if (
                match[0].isupper()
                or in_code(text, match.start())
                or in_quotation(text, match.start())
                or barred.search(around)
            ):
                continue
            if not re.search(rf"(?<!\w){re.escape(after)}(?!\w)", text, re.I):
                yield replace(text, match.span(), like(match[0], after), f"{rule}: {match[0].lower()} to {after}")

    return apply


def differs(change: Change, original: str) -> bool:
    """True if the change is where it says and the new sentence is not the old one in other white space or case."""
    rebuilt = original[: change.start] + change.after + original[change.start + len(change.before) :]
    plain = squash(change.text).casefold() != squash(original).casefold()
    return plain and rebuilt == change.text and change.text[change.start : change.end] == change.after
