"""Does the evidence speak of what the question asks? Its entities, sections, versions, years and population.

A question's required terms are found by their surface. A term may be met by the cited sentence, by the passage around
it, or by the document's title, headings and metadata. Of each kind of term at least one must be met: evidence on
another section, version or group of people is not evidence on this one. It does not judge whether the answer is right.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from assay.textual.names import Name, names, section_number
from assay.textual.similarity import listed, weight
from assay.textual.tokens import STOP_WORDS, fold, stem, token_set, tokens
from assay.types import Check, Passage, Question
from assay.verify.mentions import lacks_place, unmentioned
from assay.verify.telling import SHORT, on_subject, spelled_out

PASTED = 500
"""A question longer than this holds pasted code or text: its names are the asker's own material."""
GOVERNING = 2500
"""Characters above a sentence in which what it speaks of may have been named."""
ADDRESS_FLOOR = 0.1
"""Evidence that shares less of the question's words, its passage and title counted, is about another thing."""


NAMELESS_FLOOR = 0.3
"""Evidence that has this much of the question's words may do without its names: abbreviations and the asker's own data
are written in many ways."""


class Term(NamedTuple):
    """What the evidence must speak of. Any of `spellings` meets it; `group` joins terms of which one is enough."""

    group: str
    shown: str
    spellings: tuple[str, ...]


_POPULATIONS: dict[str, str] = {
    "children": r"child(?:ren|hood)?|p(?:a)?ediatric\w*|infants?|adolescen\w+|boys?|girls?|toddlers?|school-?age\w*"
    r"|teenage\w*|neonat\w+|newborns?|youths?|juvenile\w*|preschool\w*",
    "newborns": r"neonat\w+|newborns?|preterm|premature|infants?|perinatal",
    "older people": r"elderly|older|geriatric|aged|seniors?|nursing[ -]home\w*|aging|ageing|frail\w*",
    "pregnant women": r"pregnan\w+|gestation\w*|maternal|obstetric\w*|antenatal|prenatal|wom[ae]n|mothers?"
    r"|deliver\w+|birth\w*",
    "women": r"wom[ae]n|females?|maternal|mothers?|pregnan\w+|menopaus\w+|girls?|gyn(?:a)?ecolog\w*|breast",
    "men": r"m[ae]n|males?|prostat\w+|boys?|fathers?",
    "mice": r"mice|mouse|murine|rodents?|animals?|transgenic|knockout",
    "rats": r"rats?|rodents?|animals?",
}
_ASKED_POPULATION = re.compile(
    r"\b(?:(?P<newborns>neonates?|newborns?|preterm\s+infants?)|(?P<pregnant>pregnan(?:t|cy)\b)"
    r"|(?P<older>elderly|older\s+(?:adults?|people|patients|persons)|geriatric)"
    r"|(?P<children>child(?:ren)?|p(?:a)?ediatric|adolescents?|infants?)|(?P<women>wom[ae]n|females?)"
    r"|(?P<men>m[ae]n|males?)"
    r"|(?P<mice>mice|mouse|murine)|(?P<rats>rats?))\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\W*(?:(?:in|on|at|under|for|by|to)\s+)?(?:what|which|who|whom|whose|when|where|why|is|are|was|were|does"
    r"|do|did|has|have"
    r"|can|could|explain|define|describe|how\s+(?:does|is|are|was|were|much|many|long|did))\b",
    re.IGNORECASE,
)
_ADULTS = re.compile(r"\b(?:adults?|elderly|older)\b", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:txt|csv|json|xml|html?|py|log|xlsx?|pdf|png|jpe?g|gz|zip|ya?ml|db|ini|md|dat|exe|sh)$"
    r"|^/|^-"
)
_ASKED = {"newborns": "newborns", "pregnant": "pregnant women", "older": "older people", "children": "children",
          "women": "women", "men": "men", "mice": "mice", "rats": "rats"}  # fmt: skip
_CASE = re.compile(
    r"\b((?:[A-Z][\w.&'’-]*\s+(?:(?:of|and|the|for|&)\s+)*)+)v(?:s)?\.?\s+((?:[A-Z][\w.&'’-]*[\s,]*(?:(?:of|and|the|for|&)\s+)*)+)"
)
_VAGUE = STOP_WORDS | listed(
    """act agreement contract court case cases company corporation inc corp llc ltd co the code section article rule
    law state states united agreement document documentation library language api policy department university
    party parties v vs between"""
)


def required_terms(question: str) -> tuple[Term, ...]:
    """The terms that an answer to `question` must speak of; empty where it names nothing."""
    return _required(question)


@functools.lru_cache(maxsize=256)
def _required(question: str) -> tuple[Term, ...]:
    found: dict[tuple[str, tuple[str, ...]], Term] = {}
    named = (_term(name) for name in names(question) if _is_asked(question, name))
    for term in (*_cases(question), *named, *_populations(question)):
        if term is not None:
            found.setdefault((term.group, term.spellings), term)
    return tuple(found.values())


def _is_asked(question: str, name: Name) -> bool:
    """An abbreviation in brackets only repeats the words before it; quoted and bare code words in a request ("sort list
    `mine`") are the asker's own, in a question ("what does `sorted` return?") the library's."""
    if len(question) > PASTED and name.kind not in ("section", "version"):
        return False
    if question[: name.start].endswith("(") and question[name.end :].startswith(")"):
        return False
    bare = name.kind == "quoted" or (name.kind == "identifier" and not re.search(r"\w(?:\.|::|->)\w", name.key))
    return not bare or _QUESTION.match(question) is not None


def _term(name: Name) -> Term | None:
    if name.kind == "section":
        return Term("section", name.key, (section_number(name.key),))
    if name.kind in ("version", "year"):
        return Term(name.kind, name.key, (name.key,))
    if name.kind == "identifier":
        return _identifier(name.key)
    if name.kind == "quoted":
        words = _telling(name.key)
        return Term("name", name.key, words) if words and re.fullmatch(r"[a-z ,'-]+", name.key) else None
    spellings = _telling(name.key)
    return Term("name", name.key, spellings) if spellings else None


def _identifier(key: str) -> Term | None:
    """A qualified name or a call is the library's; a bare identifier or a file may be the asker's own."""
    if _FILE.search(key) or not re.fullmatch(r"[\w.:>/-]+", key) or len(key) < 3:
        return None
    last = re.split(r"\.|::|->|/", key)[-1]
    group = "identifier" if re.search(r"\w(?:\.|::|->)\w", key) or key.startswith("__") else "name"
    return Term(group, key, tuple(dict.fromkeys(part for part in (key, last) if len(part) > 1)))


def _telling(key: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, as written and stemmed."""
    parts = [part for part in re.findall(r"[\w-]+", key) if part not in _VAGUE and len(part) > 1]
    parts += [piece for part in parts for piece in part.split("-") if len(piece) > 2 and piece not in _VAGUE]
    return tuple(dict.fromkeys(spelling for part in parts for spelling in (part, stem(part), stem(part.rstrip("s")))))


def _cases(question: str) -> Iterator[Term]:
    """A case is known by the first telling word of a party; evidence with neither is not about it."""
    for match in _CASE.finditer(question) if len(question) <= PASTED else ():
        heads = [_telling(fold(party).lower())[:1] for party in match.groups()]
        if any(heads):
            yield Term("case", match.group().strip(" ,"), tuple(word for head in heads for word in head))


def _populations(question: str) -> Iterator[Term]:
    for match in _ASKED_POPULATION.finditer(question):
        group = _ASKED[match.lastgroup or ""]
        yield Term("population", match.group().lower(), (f"population:{group}",))


# --- meeting them -----------------------------------------------------------------------------------------------


class Speech(NamedTuple):
    """What a piece of evidence says, prepared for many terms."""

    text: str
    stems: frozenset[str]


def about(question: Question, sentence: str, passage: Passage, before: str = "", document: str = "") -> Check:
    """Whether `sentence`, with its passage, title, headings and metadata, speaks of what the question requires.

    `before` is what stands above the sentence in its document: a definition there still governs it. `document` is the
    whole text, where it is known: a product that the question names and the document nowhere has is another thing.
    """
    speech = _speech(sentence, passage, before)
    score = addresses(question.text, sentence, passage, before)
    missing = _missing(required_terms(question.text), speech, score, f"{passage.document.title}\n{sentence}")
    if missing:
        shown = " or ".join(f"“{term.shown}”" for term in missing[:4])
        return Check("about", False, 0.0, f"the evidence says nothing of {shown}")
    strange = unmentioned(question.text, speech.text, document) if document else ()
    if strange:
        shown = " or ".join(f"“{name}”" for name in strange[:4])
        return Check("about", False, 0.0, f"the document says nothing of {shown}")
    if lacks_place(question.text, sentence, _heading(passage)):
        return Check("about", False, score, "the question asks for a place, and the evidence names none")
    if score < ADDRESS_FLOOR:
        return Check("about", False, score, "the evidence shares next to nothing with the question")
    found = on_subject(question.text, speech.stems, speech.text, token_set(_titles(passage)))
    if not found.enough and (found.wanted <= SHORT or score < NAMELESS_FLOOR):
        lacks = ", ".join(f"“{word}”" for word in found.lacks[:4])
        return Check("about", False, score, f"the evidence is on another subject: it says nothing of {lacks}")
    return Check("about", True, score)


def _missing(terms: Sequence[Term], speech: Speech, score: float, nearest: str) -> list[Term]:
    """The terms of the first group of which none is met. Names may be put in other words: they are missed only where
    the rest of the question is missed too. A population is missed only where the evidence names another one."""
    for group in dict.fromkeys(term.group for term in terms):
        asked = [term for term in terms if term.group == group]
        if any(_met(term, speech) for term in asked):
            continue
        if group == "name" and score >= NAMELESS_FLOOR:
            continue
        if group == "population" and not _ASKED_POPULATION.search(nearest) and not _ADULTS.search(nearest):
            continue
        return asked
    return []


def addresses(question: str, sentence: str, passage: Passage, before: str = "") -> float:
    """How much of the question's words the evidence has, 0 to 1: in the sentence itself in full, in title and headings
    at 0.7, elsewhere in the passage or in `before` at 0.4; words weighted by `similarity.weight`. A question of fewer
    than two telling words is addressed by anything: 1.0."""
    wanted = _question_tokens(question)
    if sum(weight(token) >= 1.0 for token in wanted) < 2:
        return 1.0
    levels = (
        (1.0, token_set(sentence)),
        (0.7, token_set(_heading(passage))),
        (0.4, token_set(f"{before}\n{passage.chunk.text}")),
    )
    total = sum(weight(token) for token in wanted)
    return (
        sum(weight(token) * next((share for share, have in levels if token in have), 0.0) for token in wanted) / total
    )


@functools.lru_cache(maxsize=256)
def _question_tokens(question: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tokens(question)))


def _heading(passage: Passage) -> str:
    return "\n".join((passage.document.title, passage.document.source, *passage.chunk.breadcrumb))


def _titles(passage: Passage) -> str:
    return "\n".join((passage.document.title, passage.document.source))


def _speech(sentence: str, passage: Passage, before: str) -> Speech:
    info = passage.document
    return _prepared("\n".join((sentence, before, passage.chunk.text, _heading(passage), *_values(info.metadata))))


@functools.lru_cache(maxsize=256)
def _prepared(text: str) -> Speech:
    lines = [_prepared_line(line) for line in text.split("\n") if line]
    return Speech(" ".join(line.text for line in lines if line.text), frozenset().union(*(x.stems for x in lines)))


@functools.lru_cache(maxsize=1024)
def _prepared_line(line: str) -> Speech:
    words = fold(line).lower().split()
    return Speech(" ".join(words), frozenset(chain.from_iterable(map(_stems, words))) | token_set(line))


@functools.lru_cache(maxsize=30_000)
def _stems(piece: str) -> tuple[str, ...]:
    """The stems of what stands between two spaces."""
    return tuple(stem(word) for word in re.findall(r"[^\W_]+", piece))


def _values(metadata: Mapping[str, Any]) -> Iterator[str]:
    for value in metadata.values():
        if isinstance(value, (str, int, float)):
            yield str(value)
        elif isinstance(value, Sequence):
            yield from (str(item) for item in value if isinstance(item, (str, int, float)))


def _met(term: Term, speech: Speech) -> bool:
    if term.group == "population":
        pattern = _POPULATIONS[term.spellings[0].removeprefix("population:")]
        return re.search(rf"\b(?:{pattern})\b", speech.text) is not None
    if term.group == "version":
        return _version_met(term.spellings[0], speech.text)
    if term.group in ("section", "year"):
        return _whole(term.spellings[0], speech.text)
    if any(spelling in speech.stems or _whole(spelling, speech.text) for spelling in term.spellings):
        return True
    return term.group == "name" and " " not in term.shown and spelled_out(term.shown, speech.text)


def _whole(word: str, text: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", text) is not None


def _version_met(version: str, text: str) -> bool:
    """3.12 is met by 3.12 and 3.12.1, and 3.12.1 by 3.12 alone."""
    parent = version.rsplit(".", 1)[0] if version.count(".") > 1 else version
    return any(
        re.search(rf"(?<![\w.])v?{re.escape(form)}(?:\.\d+)*(?![\w])", text) is not None
        for form in dict.fromkeys((version, parent))
    )


__all__ = ["ADDRESS_FLOOR", "Term", "about", "addresses", "required_terms"]
