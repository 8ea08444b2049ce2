"""Admits questions, filters and limits: bounds and normalises, with an error that says what to change.

What was taken out of a question (control characters, bidirectional overrides) is noted, never silently dropped.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from assay.errors import FilterError, InputError, QuestionError
from assay.types import FieldFilter

MAX_K = 1000
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_OPERATORS = ("gte", "lte", "gt", "lt", "prefix", "any")


def admit_question(text: object, *, shortest: int = 3, longest: int = 8000) -> tuple[str, tuple[str, ...]]:
    """The question in NFC with single spaces, and notes on what was taken out of it. Raises QuestionError."""
    if not isinstance(text, str):
        raise QuestionError(f"a question must be text, not {type(text).__name__}")
    if len(text) > longest:
        raise QuestionError(
            f"the question has {len(text):,} characters",
            why=f"at most {longest:,} are read (answer.max_question)",
            next="ask a shorter question and add long texts as documents",
        )
    notes: list[str] = []
    cleaned = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for pattern, name, by in (
        (_CONTROL, "control characters", " "),
        (_BIDI, "text direction marks", ""),
        (_INVISIBLE, "invisible characters", ""),
    ):
        cleaned, count = pattern.subn(by, cleaned)
        if count:
            notes.append(f"{count} {name} were taken out of the question")
    cleaned = " ".join(unicodedata.normalize("NFC", cleaned).split())
    _refuse_unusable(cleaned, shortest)
    return cleaned, tuple(notes)


def without_persons(text: str) -> tuple[str, tuple[str, ...]]:
    """The question with a person's identifiers replaced by what they were, and a note that says which kinds."""
    # Its patterns take a while to compile, and most libraries never need them.
    from assay.guard.privacy import redact

    found = redact(text)
    if not found.spans:
        return text, ()
    kinds = ", ".join(dict.fromkeys(span.replacement for span in found.spans))
    return found.text, (f"a person's identifiers were taken out of the question: {kinds}",)


def _refuse_unusable(cleaned: str, shortest: int) -> None:
    if not cleaned:
        raise QuestionError("the question is empty", next="ask a question in words")
    if len(cleaned) < shortest:
        raise QuestionError(
            f"the question {cleaned!r} is too short",
            why=f"at least {shortest} characters are needed",
            next="ask in words",
        )
    if not any(c.isalnum() for c in cleaned):
        raise QuestionError("the question holds no word", why="only symbols were found in it", next="ask in words")


def admit_k(k: object, default: int) -> int:
    """How many passages to use: 1 to 1,000."""
    if k is None:
        return default
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= MAX_K:
        raise InputError(f"k cannot be {k!r}", why=f"it is a whole number from 1 to {MAX_K:,}")
    return k


def admit_threshold(threshold: object, default: float) -> float:
    """The least support a claim must have to be shown: 0 to 1."""
    if threshold is None:
        return default
    if isinstance(threshold, bool) or not isinstance(threshold, (int, float)) or not 0 <= threshold <= 1:
        raise InputError(f"score_threshold cannot be {threshold!r}", why="it is a number from 0 to 1")
    return float(threshold)


def admit_filters(filters: object, known: frozenset[str] | None = None) -> tuple[FieldFilter, ...]:
    """Filters from `{"field": value}`, `{"field": [values]}` or `{"field": {"gte": 2000, "lt": 2010}}`.

    `known` names the fields that the library holds; a field outside it is a FilterError that lists what there is.
    """
    if filters is None:
        return ()
    if not isinstance(filters, Mapping):
        raise FilterError(f"filters must be a mapping, not {type(filters).__name__}", next='write {"field": value}')
    found: list[FieldFilter] = []
    for name, value in filters.items():
        if known is not None and name not in known:
            listed = ", ".join(sorted(known)[:20]) or "none yet"
            raise FilterError(f"no document here has a field {name!r}", next=f"filter on one of: {listed}")
        found.extend(_conditions(str(name), value))
    return tuple(found)


def _conditions(name: str, value: Any) -> list[FieldFilter]:
    if isinstance(value, Mapping):
        unknown = [str(op) for op in value if op not in _OPERATORS]
        if unknown or not value:
            raise FilterError(f"{unknown or value!r} is no condition on {name!r}", next=f"use {', '.join(_OPERATORS)}")
        return [_condition(name, str(op), operand) for op, operand in value.items()]
    values = tuple(value) if isinstance(value, (list, tuple, set, frozenset)) else (value,)
    return [_condition(name, "any", values)]


def _condition(name: str, op: Any, operand: Any) -> FieldFilter:
    if op == "any":
        values = tuple(operand) if isinstance(operand, (list, tuple, set, frozenset)) else (operand,)
        if not values or not all(isinstance(item, (str, int, float, bool)) for item in values):
            raise FilterError(
                f"{operand!r} cannot be a value of {name!r}", next="give text, a number or a list of them"
            )
        return FieldFilter(name, "any", values)
    if op == "prefix" and not (isinstance(operand, str) and operand):
        raise FilterError(f"a prefix of {name!r} must be text", why=f"{operand!r} was given")
    if op != "prefix" and (
        isinstance(operand, bool)
        or not isinstance(operand, (int, float, str))
        or (isinstance(operand, float) and not math.isfinite(operand))
    ):
        raise FilterError(f"{operand!r} cannot bound {name!r}", next="give a number or an ISO date")
    return FieldFilter(name, op, operand)
