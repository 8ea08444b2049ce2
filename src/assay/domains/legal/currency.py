"""Is a legal source still good, as far as this library can tell?

A signal, never a blessing: stop, warning, caution, none found, or unknown where it was not assessed. It rests on what
documents of the library report (treatment facts, each with its words) and on what the document's own metadata say.
"None found" means: none in N documents as of DATE. This is no citator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assay.domains.legal.kinds import LAW, UNKNOWN
from assay.domains.legal.names import name_key
from assay.domains.legal.sources import own_keys
from assay.domains.legal.treatment_words import words
from assay.ports import Library
from assay.types import DocumentInfo, Fact, Finding

NONE_FOUND = "none found"
ORDER = ("stop", "warning", "caution")
_REPEALED = re.compile(r"^.{0,160}?(?:\[(?:Repealed|REPEALED|Omitted|Expired)[^\]]{0,80}\]|\bRepealed\.)", re.DOTALL)
_SAID = re.compile(
    r"^(?:(?!\bnot\b|\bnever\b)[^.;]){0,60}?"
    r"\b(?P<what>overruled|abrogated|superseded|vacated|reversed|withdrawn|repealed"
    r"|depublished)\b(?P<rest>[^.;]{0,120})",
    re.IGNORECASE,
)
_ACTIVE = re.compile(r"^\s+(?!by|in part|on other|as |sub nom|and |effective)(?:the\s+)?[\dA-Z]")
_AS_OF = re.compile(r"\d{4}-\d\d(?:-\d\d)?")


@dataclass(frozen=True, slots=True)
class Signal:
    """What was found against an authority: the worst severity and the facts behind it, worst first."""

    value: str
    facts: tuple[Fact, ...] = ()


def assess(document: DocumentInfo, text: str, kind: str, as_of: datetime, library: Library) -> Finding:
    """The finding on currency, as of the day of asking."""
    today = as_of.date().isoformat()
    told = _told(document.metadata)
    if told is not None:
        return Finding("currency", "stop", told, as_of=today)
    if kind in LAW:
        return _law(document, text, today)
    keys = keys_of(document)
    if not keys or kind not in ("opinion", "order", "regulation"):
        why = "no citation of this document is known" if kind in ("opinion", "order") else "only decisions are assessed"
        return Finding("currency", UNKNOWN, f"not assessed: {why}", as_of=today)
    signal = signal_of(library.facts("treatment", keys), document.id)
    count = library.count()
    among = f"in {count:,} documents as of {today}; this library is no citator"
    if signal.value == NONE_FOUND:
        return Finding("currency", NONE_FOUND, f"no negative treatment found {among}", as_of=today)
    return Finding("currency", signal.value, f"{described(signal.facts[0])} ({among})", as_of=today)


def keys_of(document: DocumentInfo) -> tuple[str, ...]:
    """Keys under which treatment of this document is looked up: its citations, and its full name."""
    stored = document.metadata.get("authority_keys")
    if isinstance(stored, (list, tuple)):
        keys = tuple(stored)
    else:
        keys = () if "legal_kind" in document.metadata else own_keys(document.metadata)
    name = document.metadata.get("case_name") or document.title
    full = name_key(str(name)) if keys or document.metadata.get("case_name") else ""
    return tuple(dict.fromkeys(key for key in (*keys, full) if isinstance(key, str) and key))


def signal_of(facts: Sequence[Fact], own: str = "") -> Signal:
    """The worst of these treatments. What a document says of itself, and neutral treatment, do not count."""
    against = [
        (ORDER.index(severity(fact)), fact) for fact in facts if fact.document_id != own and severity(fact) in ORDER
    ]
    if not against:
        return Signal(NONE_FOUND)
    against.sort(key=lambda pair: (pair[0], str(pair[1].value.get("date", "")), pair[1].document_id, pair[1].start))
    return Signal(ORDER[against[0][0]], tuple(fact for _, fact in against))


def severity(fact: Fact) -> str:
    """The severity of a treatment fact: in part or on other grounds it warns but does not stop; a dissent's word is a
    caution."""
    level = str(fact.value.get("severity", "neutral"))
    if fact.value.get("part") == "dissent" and level in ORDER:
        return "caution"
    partial = fact.value.get("other_grounds") or fact.value.get("in_part")
    return "warning" if level == "stop" and partial else level


def described(fact: Fact) -> str:
    """One treatment in words, with who says so and the words themselves."""
    value = fact.value
    kind = str(value.get("kind", "treated")).replace("_", " ")
    how = " on other grounds" if value.get("other_grounds") else " in part" if value.get("in_part") else ""
    by = f" by {value['by']}" if value.get("by") else ""
    where = value.get("where") or fact.document_id
    quote = " ".join(str(value.get("quote", "")).split())
    return f"{kind}{how}{by}, reported in {where}: “{quote}”"


def _told(metadata: Mapping[str, Any]) -> str | None:
    """What metadata say against the document in words ("Overruled by ..."), or None."""
    for key in ("later_history", "currency", "status"):
        value = metadata.get(key)
        if not isinstance(value, str):
            continue
        match = _SAID.match(value.strip())
        # "Reversed 886 F.3d 1179" is what this decision did; "Reversed by ..." is what became of it.
        if (
            match
            and not _ACTIVE.match(match["rest"])
            and not re.search(r"\b(?:in part|on other grounds)\b", match["rest"])
        ):
            return f"the document's metadata says so ({key}: {value.strip()[:160]})"
    return None


def _law(document: DocumentInfo, text: str, today: str) -> Finding:
    match = _REPEALED.match(text[:400])
    if match:
        return Finding("currency", "stop", "its heading says that it is no longer in force", *match.span(), as_of=today)
    ended = document.metadata.get("effective_to") or document.metadata.get("repealed")
    if isinstance(ended, str) and _AS_OF.match(ended) and ended[:10] <= today:
        return Finding("currency", "stop", f"no longer in force since {ended[:10]}, its metadata says", as_of=today)
    for key in ("code_as_of", "status_as_of", "as_of"):
        value = document.metadata.get(key)
        if isinstance(value, str) and _AS_OF.match(value) and value[:10] <= today:
            reason = f"the text is that of {value[:10]} ({key}); later amendments are not assessed"
            return Finding("currency", f"text as of {value[:10]}", reason, as_of=today)
    return Finding("currency", UNKNOWN, "not assessed: the text bears no date of its version", as_of=today)


def history_words(text: str) -> bool:
    """Whether a question asks what became of an authority, so that a bad one may be shown."""
    return _HISTORY.search(text) is not None or words().trigger.search(text) is not None


_HISTORY = re.compile(
    r"\b(?:overturn\w*|overrul\w*|still (?:good|valid|binding|controlling|law|be|apply|stand|the law)|good law"
    r"|subsequent (?:history|treatment)|later history"
    r"|history of|histor(?:y|ical)|became of|happened to|formerly|used to|previously|before it was|originally"
    r"|no longer)\b",
    re.IGNORECASE,
)
