"""Where a sentence may be cut so that what is kept still says what the whole sentence says.

Kept words may begin at a clause of their own, not behind a fronted limit ("In patients with diabetes, ..."), a verb of
saying ("the brochure said: ...") or an opening quotation mark; they may end where a clause ends or before an aside in
brackets. Negations, conditions and attributions in what is cut are `assay.verify.context`'s to find. In doubt a cut is
a fault: the full sentence can always be shown instead.
"""

from __future__ import annotations

import re

from assay.textual.polarity import markers
from assay.textual.similarity import listed

_OPENS_CLAUSE = re.compile(r"(?:[,;:(\[—–]|--|\s-|[\"“])\s*$")
_CLOSES_CLAUSE = re.compile(r"^\s*(?:[,;:)\]—–]|--|-\s|[\"”]|[.!?](?:\s|$))")
_CAPITALS = re.compile(r"^\W*(?:[A-Z]{4,}[ &/,]*)+$")
_FINDERS = (
    r"(?:we|courts?|tribunals?|judges?|panels?|circuits?|stud(?:y|ies)|trials?|authors?|results?|data|findings?"
    r"|analys[ei]s|reviews?|meta-analys[ei]s|evidence|experiments?|sections?|articles?|acts?|statutes?|rules?|code"
    r"|agreements?|clauses?|guidelines?|observations?)"
)
_HOLDING = re.compile(
    rf"\b{_FINDERS}\s+(?:\w+ly\s+|also\s+|thus\s+|ha(?:ve|s|d)\s+){{0,2}}(?:h[eo]ld|holds|conclude[sd]?|f[io]und|finds?"
    r"|show(?:s|ed|n)?|demonstrate[sd]?|determined?|ruled?|note[sd]?|observed?|reported?|reports|confirm(?:s|ed)?"
    r"|establish(?:es|ed)|states?|stated|provides?|indicate[sd]?|reveal(?:s|ed)?)\s+that,?\s*$",
    re.IGNORECASE,
)
_AND = re.compile(r"(?:[,;:]|--|[—–])\s*and\s+$")
_FINITE = listed(
    """is are was were has have had do does did may must shall will can cannot could should would might isn't aren't
    wasn't weren't hasn't haven't hadn't don't doesn't didn't won't can't"""
)
_SUBORDINATE = listed("that which who whom whose where when whether if because while whereas")
_SPOKEN = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|answer(?:s|ed|ing)?|repl(?:y|ies|ied|ying)|respond(?:s|ed|ing)?|outputs?|outputted"
    r"|writ(?:e|es|ing|ten)|wrote|tell(?:s|ing)?|told|ask(?:s|ed)?|print(?:s|ed)?|repeat(?:s|ed)?|quot(?:e|es|ed|ing)"
    r"|testif(?:y|ies|ied|ying)|declar(?:e|es|ed|ing)|announc(?:e|es|ed|ing)|exclaim(?:s|ed)?|insist(?:s|ed)?"
    r"|pretend(?:s|ed)?|promis(?:e|es|ed)|stat(?:e|es|ed|ing)|report(?:s|ed|ing)?|remark(?:s|ed)?)\b"
    r"[^.;!?\"]{0,60}?(?:\bthat,?|:|,)?\s*[\"“‘']?\s*$",
    re.IGNORECASE,
)
_SPOKEN_END = re.compile(r"(?:\bthat,?|:|[\"“‘'])\s*$")
_FRONTED = listed(
    """in among amongst amid for at during under within with without by after before following upon on throughout across
    between given compared relative depending based unlike according considering regarding concerning because due
    assuming using as once since per of from to through via versus despite against beyond outside inside over below
    above behind like until till if unless when where whenever wherever"""
)
_CONTRAST = re.compile(r"^\W*(?:although|though|while|whereas|despite|in spite of)\b", re.IGNORECASE)
_SCOPED_END = re.compile(
    r"^\s*[,—–-]+\s*(?:in|among|amongst|for|under|during|within|at|on|by|as|but|or|nor|to|of|from|than|per)\b",
    re.IGNORECASE,
)
_DISCOURSE = re.compile(
    r"(?:\w+ly|however|moreover|furthermore|therefore|thus|hence|then|here|also|indeed|still|overall|nevertheless"
    r"|nonetheless|besides|further|first|second|third|next|again|of note|of course|to be sure|as expected|as noted"
    r"|as (?:a|the) (?:result|consequence)|in other words|on the other hand|on the contrary|for (?:example|instance)"
    r"|in (?:conclusion|summary|sum|short|brief|addition|fact|particular|contrast|turn|general|our view|our opinion)"
    r"|by contrast|in (?:this|the present|our|the current) (?:study|paper|article|report|review|work|trial|opinion)"
    r"|to (?:this|that) end|for (?:this|that|these) reasons?|after all|at least|e\.g\.|i\.e\.)",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"\b(?:between|both|combin\w+|together|either|neither|sum|difference|comparing)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\((?P<inner>[^()]*(?:\([^()]*\)[^()]*)?)\)\s*")
_LIMITING_ASIDE = re.compile(
    r"\s*(?:in|among|for|on|at|under|during|within|with|by|or|nor|but|not|only|of|from|after|before|per)\b",
    re.IGNORECASE,
)
_ASIDE_RISKS = frozenset({"negation", "condition", "contrast", "attribution"})
_MARKS = re.compile(r"(?P<opening>“|(?<![\w.,;:!?)\]%*`'\"])\"(?=[\w\[(‘'*`$-]|$))|(?P<closing>”|\")")
_SAID_AFTER = re.compile(
    r"^[\s,\"”’'—–-]+(?:[\w.'’]+\s+){0,5}(?:said|says|wrote|writes|answered|replied|replies|responded|testified|declared"
    r"|announced|insisted|insists|claimed|claims|stated|states|added|explained|told|tells|reported|thought|thinks"
    r"|remarked|warned|asked)\b(?!\s+(?:that|to)\b)",
    re.IGNORECASE,
)
_OPEN_ENDED = re.compile(
    r"\b(?:a|an|the|of|to|in|on|at|by|for|from|with|as|like|is|are|was|were|be|been|than|and|or|between|into|equals?"
    r"|shape|value|tuple|following|called|named)\s*$",
    re.IGNORECASE,
)


def opening_fault(before: str, kept: str) -> str:
    """Why `kept` may not begin its sentence without `before`; "" if it may."""
    before = _unlabelled(before)
    if _spoken(before):
        return "the quotation begins behind words that say who speaks"
    if inside_quotation(before):
        return "the quotation stands inside quotation marks that it leaves out"
    if not opens_clause(before, kept):
        return "the quotation begins inside a clause"
    fronted = _fronted(before)
    return f"the sentence begins with “{fronted}”, which the quotation leaves out" if fronted else ""


def opens_clause(before: str, kept: str = "") -> bool:
    """Whether a clause may begin after `before`: behind punctuation, "the court held that", a label, or an "and" that
    joins two full clauses."""
    if any(pattern.search(before) for pattern in (_OPENS_CLAUSE, _HOLDING, _CAPITALS)):
        return True
    return _AND.search(before) is not None and _is_clause(kept)


def closes_clause(kept: str, rest: str) -> bool:
    """Whether a sentence may be cut between `kept` and `rest`: at a clause's punctuation, before a closing aside, or
    before an "and" that adds another statement rather than completing a pair ("between A and B")."""
    aside = _ASIDE.match(rest)
    if aside and rest[:1].isspace() and is_harmless_aside(aside["inner"]) and not _OPEN_ENDED.search(kept):
        behind = rest[aside.end() :]
        return not behind or closes_clause(kept, behind)
    if _SCOPED_END.match(rest) or _SAID_AFTER.match(rest):
        return False
    if _CLOSES_CLAUSE.match(rest):
        return True
    return re.match(r"\s+and\b", rest) is not None and _PAIRED.search(kept) is None


def is_harmless_aside(inner: str) -> bool:
    """Whether words in round brackets may be left out: they repeat, name, date or cite; they do not limit."""
    if _LIMITING_ASIDE.match(inner):
        return False
    risks = (m for m in markers(inner) if m.kind in _ASIDE_RISKS or m.value == "only")
    return all(inner[m.start : m.end].lower() in ("non", "at least", "at most") for m in risks)


def harmless_asides(text: str) -> list[tuple[int, int]]:
    """The spans of asides in round brackets in `text` that may be left out, brackets included."""
    found = []
    for match in re.finditer(r"(?<=\s)\([^()]*\)(?=[\s.,;:]|$)", text):
        if is_harmless_aside(match.group()[1:-1]) and not _OPEN_ENDED.search(text[: match.start()]):
            found.append(match.span())
    return found


def inside_quotation(before: str) -> bool:
    """Whether `before` opens a quotation that it does not close."""
    return open_quotation(before) is not None


def open_quotation(before: str) -> int | None:
    """Where `before` opens a quotation that it does not close. A mark behind a letter, digit or stop closes; one
    that closes nothing (inches, a stray mark) counts for nothing."""
    opened: int | None = None
    for match in _MARKS.finditer(before):
        if match.lastgroup == "closing":
            opened = None
        elif opened is None:
            opened = match.start()
    return opened


def _spoken(before: str) -> bool:
    match = _SPOKEN.search(before)
    if match is None or _SPOKEN_END.search(before) is None:
        return False
    return _HOLDING.search(before) is None


def _unlabelled(before: str) -> str:
    return re.sub(r"^[\s\W]*(?:[A-Z][A-Z&/ ,-]{2,48}|[A-Z][a-z]+):\s+(?=\S)", "", before)


def _is_clause(kept: str) -> bool:
    """Whether `kept` has a subject and, behind it, a finite verb that no relative pronoun takes."""
    opening = re.findall(r"[\w']+", re.split(r"[;:(]", kept.lower(), maxsplit=1)[0])[:20]
    verb = next((place for place, word in enumerate(opening) if word in _FINITE), 0)
    return verb > 0 and not _SUBORDINATE.intersection(opening[:verb])


def _fronted(before: str) -> str:
    """The limit that the sentence opens with ("In patients with diabetes"); "" if there is none. In front of a comma
    anything but a connecting word or a concession limits the clause that follows, or is a part of it."""
    segments = [" ".join(part.split()) for part in re.split(r"[,;:]", before) if part.strip()]
    telling = [part for part in segments if not _DISCOURSE.fullmatch(part)]
    if not telling or _CONTRAST.match(before):
        return ""
    first = re.match(r"[\W_]*([A-Za-z]+)", telling[0])
    if first and first.group(1).lower() in _FRONTED:
        return telling[0]
    return telling[-1] if re.search(r",\s*$", before) else ""
