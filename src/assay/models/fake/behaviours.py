"""What the fake model says: one function a behaviour, prompt in, text out, the same every time.

The well-behaved answer quotes the sentences that share most words with the question. Every other one goes wrong in one
known way, so that a test can tell which check caught it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from assay.models.fake.prompt import Prompt, sentences
from assay.textual.tokens import STOP_WORDS

_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CLAIMS = 3
_ENOUGH = 1 / 3
_ORDER = re.compile(
    r"(?:ignore|disregard|forget|override)\b[^.\n]*\b(?:instruction|rule|prompt|above|previous)[^.\n]*[.,:;!]?\s*([^\n]*)",
    re.IGNORECASE,
)
_SAY = re.compile(
    r"(?:say|answer|reply|respond|output|write|state|print)\b[^:\"“\n]{0,40}[:\"“][\s\"“]*([^\s\"”][^\"”\n]*)",
    re.IGNORECASE,
)
_NEGATABLE = re.compile(r"\b(is|are|was|were|has|have|had|can|may|must|shall|should|will|would|does|did)\b(?! not)")
_REFUSAL = "The passages do not answer the question."


@dataclass(frozen=True, slots=True)
class _Said:
    """A claim with its one quotation."""

    text: str
    passage: int
    quote: str


def _words(text: str) -> set[str]:
    found = (word.casefold() for word in _WORD.findall(text))
    return {word.removesuffix("s") for word in found if len(word) > 2 and word not in STOP_WORDS}


def _candidates(prompt: Prompt) -> list[_Said]:
    """Sentences that share enough words with the question, the best first."""
    asked = _words(prompt.question)
    ranked = []
    for place, passage in enumerate(prompt.passages):
        for position, sentence in enumerate(sentences(passage.text)):
            shared = len(asked & _words(sentence))
            if shared and shared >= _ENOUGH * len(asked):
                ranked.append((-shared, place, position, _Said(" ".join(sentence.split()), passage.number, sentence)))
    return [item[3] for item in sorted(ranked, key=lambda item: item[:3])]


def _form(claims: list[_Said], refusal: str = "") -> str:
    items = [
        {"text": claim.text, "quotes": [{"passage": claim.passage, "quote": claim.quote}]} for claim in claims[:_CLAIMS]
    ]
    return json.dumps({"claims": items, "refusal": refusal if not items else ""}, ensure_ascii=False)


def _faithful(prompt: Prompt) -> str:
    return _form(_candidates(prompt), _REFUSAL)


def _changed(change: Callable[[_Said], _Said]) -> Callable[[Prompt], str]:
    return lambda prompt: _form([change(claim) for claim in _candidates(prompt)], _REFUSAL)


def _hallucinate(prompt: Prompt) -> str:
    topic = " ".join(sorted(_words(prompt.question))[:4]) or "the matter"
    first = f"A study of 1,887 cases settled {topic} at 73.4 percent in March 1987."
    second = f"The Brandenstein Commission confirmed {topic} without any exception."
    number = prompt.passages[0].number if prompt.passages else 1
    return _form([_Said(first, number, first), _Said(second, number, second)])


def _misquote(claim: _Said) -> _Said:
    """The first of every four longer words of the quotation becomes another word."""
    seen = 0

    def other(found: re.Match[str]) -> str:
        nonlocal seen
        if len(found[0]) < 4:
            return found[0]
        seen += 1
        return "purportedly" if seen % 4 == 1 else found[0]

    return replace(claim, quote=_WORD.sub(other, claim.quote))


def _wrong_number(prompt: Prompt) -> str:
    """Numbers in the claim are one too high; sentences with numbers come first."""

    def higher(found: re.Match[str]) -> str:
        whole, dot, fraction = found[0].partition(".")
        return f"{int(whole) + 1}{dot}{fraction}"

    claims = sorted(_candidates(prompt), key=lambda claim: not _NUMBER.search(claim.quote))
    changed = []
    for claim in claims:
        text = _NUMBER.sub(higher, claim.text)
        changed.append(replace(claim, text=text if text != claim.text else f"In 1987 of 2,046 cases: {claim.text}"))
    return _form(changed, _REFUSAL)


def _negate(claim: _Said) -> _Said:
    """The claim says the opposite of its quotation."""
    if re.search(r"\bnot\b ?", claim.text):
        return replace(claim, text=re.sub(r"\bnot\b ?", "", claim.text, count=1))
    text, changes = _NEGATABLE.subn(r"\1 not", claim.text, count=1)
    return replace(claim, text=text if changes else f"It is not true that {claim.text[:1].lower()}{claim.text[1:]}")


def _misattribute(prompt: Prompt) -> str:
    """Quotations are exact, and said to stand in the next passage (or in one that does not exist)."""
    numbers = [passage.number for passage in prompt.passages]

    def other(number: int) -> int:
        return numbers[(numbers.index(number) + 1) % len(numbers)] if len(numbers) > 1 else number + 1

    return _form([replace(claim, passage=other(claim.passage)) for claim in _candidates(prompt)], _REFUSAL)


def _inject(prompt: Prompt) -> str:
    """Does what a passage tells it to do; well behaved where none gives orders."""
    for passage in prompt.passages:
        for sentence in sentences(passage.text):
            order = _ORDER.search(sentence) or _SAY.search(sentence)
            if order is None:
                continue
            said = _SAY.search(passage.text)
            text = (said[1] if said else order[1] or sentence).strip(" \"“”'")
            return _form([_Said(text, passage.number, sentence)])
    return _faithful(prompt)


def _half(prompt: Prompt) -> str:
    whole = _faithful(prompt)
    return whole[: len(whole) // 2]


_SAYS: Mapping[str, Callable[[Prompt], str]] = {
    "faithful": _faithful,
    "hallucinate": _hallucinate,
    "misquote": _changed(_misquote),
    "wrong_number": _wrong_number,
    "negate": _changed(_negate),
    "misattribute": _misattribute,
    "inject": _inject,
    "refuse": lambda prompt: _form([], "I cannot answer this from the passages."),
    "garbage": lambda prompt: "Sure! Here is what I think: {claims: [oops, this is }not{ JSON",
    "empty": lambda prompt: "",
    "length": _half,
}
_TRANSPORT = ("stall", "break_off", "cut_off", "fail", "html")

BEHAVIOURS: tuple[str, ...] = (*_SAYS, *_TRANSPORT)
"""What the fake can be told to do. The last five concern the transport and answer faithfully as far as they come:
`stall` stops in the middle and waits, `break_off` closes the connection in the middle, `cut_off` ends a stream in the
middle without a finish reason, `fail` answers with an HTTP status (`fail-429`), `html` sends a web page. `length`
ends in the middle and says that the token limit was reached."""


def known(behaviour: str) -> bool:
    """Whether the fake can do this; `fail` may carry a status, such as fail-503."""
    head, _, status = behaviour.partition("-")
    return head in BEHAVIOURS and (not status or (head == "fail" and status.isdigit() and 400 <= int(status) <= 599))


def say(behaviour: str, prompt: Prompt) -> str:
    """The text of the answer."""
    return _SAYS.get(behaviour, _faithful)(prompt)
