"""The safety rules: which sentence is a person's emergency, and which is a question about research.

A rule is a pattern over the normalised question (`words.read`). A person speaks of themself or of one other person
("I", "my mother", "he"), of now, and of a sign, a substance with its amount, a wish to die, a medicine to take or a
complaint to name. Words of research between the person and the sign ("I need evidence on ...") break the pattern; a
word of research elsewhere does not, because people in need also ask for literature. The rules stand in rules.toml,
the words in lexicon.toml; this module compiles them.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

from assay.domains.medical.safety.words import lexicon

Action = Literal["pass", "emergency", "self_harm", "poisoning", "personal_dosage", "personal_diagnosis"]


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` decides for `action`, unless `unless` matches in the same sentences.

    `gate`: the group of words of which one must occur for the rule to be tried. `language`: that of the message.
    """

    action: Action
    name: str
    reason: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    gate: str
    language: str


@functools.lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """All rules, in the order in which they are tried: the first that matches decides."""
    return tuple(
        Rule(
            entry["action"],
            entry["name"],
            entry["reason"],
            compiled(entry["pattern"]),
            compiled(entry["unless"]) if "unless" in entry else None,
            entry.get("gate", "person"),
            entry.get("language", "en"),
        )
        for entry in _table()["rule"]
    )


@functools.lru_cache(maxsize=1)
def person_words() -> frozenset[str]:
    """Words without which no personal rule can match."""
    table = lexicon()["lists"]
    entries = [entry for name in ("self", "relative", "foreign_relative", "pronoun") for entry in table[name]]
    return frozenset(form for entry in entries for form in _first_words(entry))


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern with its named parts put in, between blanks."""
    return re.compile(f" (?:{_expanded(pattern)})(?= )")


_NAMED = re.compile(r"\{([A-Za-z]\w*)\}")
_OPTIONAL = re.compile(r"(\w)\?")


def _first_words(entry: str) -> set[str]:
    """The first words of a lexicon entry with each optional letter in and out ("neighbou?r": neighbour, neighbor)."""
    head = entry.split()[0].split("(")[0]
    return {_OPTIONAL.sub(r"\1", head), _OPTIONAL.sub("", head)}


def _expanded(pattern: str) -> str:
    return _NAMED.sub(lambda match: _part(match[1]), pattern)


@functools.lru_cache(maxsize=256)
def _part(name: str) -> str:
    lists = lexicon()["lists"]
    if name[0] == "W" and name[1:].isdigit():
        return rf"(?:(?!{_part('research')} |\|)[^ ]+ ){{0,{name[1:]}}}?"
    if name == "drug":
        return rf"(?:{'|'.join(lists['medicine'])}|\w+(?:{'|'.join(lists['drug_stem'])})s?)"
    if name in lists:
        return f"(?:{'|'.join(lists[name])})"
    return f"(?:{_expanded(_table()['parts'][name])})"


@functools.lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    raw = resources.files("assay.domains.medical.safety").joinpath("rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(raw)
