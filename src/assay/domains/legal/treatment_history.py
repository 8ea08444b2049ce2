"""Treatment as history behind a citation: "Doe v. Roe, 1 F.2d 2 (1st Cir. 1930), rev'd on other grounds, 3 U.S. 4".

Rules from the usage of citation manuals; the words stand in treatment.toml. No text is remembered here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.domains.legal.treatment_reading import CASE, CITE, CITED, FULL_CASE, Made, Reading, agent_of

if TYPE_CHECKING:
    from assay.domains.legal.citations import LegalCitation

_LEFT_YEAR = re.compile(
    r"\(?[^()]{0,80}\d{4} ?\)(?: ?\((?:[^()]|\([^()]*\)){0,300}\))*[)\]]* ?[,;]? ?[(\[]?(?:(?:and|later|then|but|as"
    r"|since|partially|\w+ly) )*$"
)
_LEFT_CITE = re.compile(
    rf"(?:{CITE}(?:,? (?:at )?[\d–\-—, n.]+)?|\bsupra(?:,? at [\d–\-]+)?|{CASE}) ?, ?(?:(?:and|as|\w+ly) )?$"
)
_LEFT_WEAK = re.compile(r"(?:[)\]\d_]|-{2,}) ?[,;] ?(?:(?:and|as|later|then|but|since|\w+ly) )*$")
_RIGHT = re.compile(
    r"^,?\s?(?:in (?:\w+ )?part|(?:up)?on (?:other|another|different|unrelated|reh)|in other respects|sub nom"
    r"|sub silentio"
    r"|as (?:moot|recogni[sz]ed|stated|noted)|by |pursuant to|without (?:published )?opinion|after |pending "
    r"|and (?:remanded|superseded|withdrawn|replaced|vacated|rev|aff|reh|mod|dis)"
    rf"|,?\s?en banc|per curiam|mem\b|No\. \d|slip op|in light of|for (?:reh|recon)|\(?{CITE}|{CASE},)"
)
_ACTIVE = re.compile(
    r"^(?:the|a|an|our|its|this|that|his|her|their|such|these|those|any|all|both|summary|judgment|and held|holding"
    r"|because)\b",
    re.I,
)

_CHAINED = re.compile(
    r"(?:aff[’']?d|reh[’']?g(?: en banc)? granted|cert\. (?:granted|denied)|(?:panel |slip )?opinion|judgment|order"
    r"|decision|affirmed|rev[’']?d\.?|reversed|vac[’']?d|vacated|modified|remanded|withdrawn|overruled|superseded"
    r"|amended)"
    r"(?: (?:in (?:\w+ )?part|on (?:other|different) grounds))?,? ?(?:and |but )?$"
)


def history_form(reading: Reading) -> Made | None:
    """The trigger as history behind a citation, or None."""
    if not reading.kind.history:
        return None
    low = max(0, reading.at - 400)
    left = _unchained(" ".join(reading.text[low : reading.at].split()) + " ")
    right = " ".join(reading.text[reading.after : reading.after + 160].split())
    by_year = _LEFT_YEAR.search(left) is not None or _LEFT_CITE.search(left) is not None
    follows = _RIGHT.match(right) is not None
    short = reading.trigger.rstrip(".").replace("’", "'").lower() in ("rev'd", "rev'g", "aff'd", "aff'g", "vac'd")
    cited = short and (CITED.search(left[-250:]) or FULL_CASE.search(left[-250:]))
    if not (cited or (by_year and not _ACTIVE.match(right)) or (_LEFT_WEAK.search(left) and follows)):
        return None
    if reading.trigger.lower().endswith(("ing", "'g", "’g", "'g.", "’g.")):
        return _backwards(reading)
    if reading.trigger[:1].isupper():
        return None
    target = outer_citation(reading)
    name, keys = (target.name, (target.key, *target.parallel)) if target else ("", ())
    by = agent_of(reading)
    return Made("history", tuple(key for key in keys if key), name, by[0], by[1])


def _backwards(reading: Reading) -> Made | None:
    """ "X, rev'g Y": the authority stands behind the trigger, and what treats it before."""
    behind = next((c for c in reading.citations if c.start >= reading.after and c.kind == "case"), None)
    if behind is None or not behind.key or behind.core_start - reading.after > 120:
        return None
    by = outer_citation(reading)
    keys = tuple(key for key in (behind.key, *behind.parallel) if key)
    return Made("history", keys, behind.name, by.name if by else "", by.key if by else "")


def _unchained(left: str) -> str:
    """`left` without earlier words of history at its end: "aff'd in part and (rev'd in part)"."""
    while (match := _CHAINED.search(left)) is not None:
        left = left[: match.start()].rstrip() + " "
    return left


def outer_citation(reading: Reading) -> LegalCitation | None:
    """The case citation to which words behind it belong: the last one before them that is not inside parentheses that
    close before them, and that is no later history itself ("cert. denied, ...")."""
    text, at = reading.text, reading.at
    low = max(0, at - 900)
    hidden = _inside(text, low, at)
    for citation in reversed(reading.citations):
        if citation.kind != "case" or not low <= citation.core_start or citation.core_end > at:
            continue
        if citation.core_start in hidden or citation.form not in ("full", "short", "id"):
            continue
        before = " ".join(text[max(low, citation.core_start - 40) : citation.core_start].split())
        if re.search(r"(?:cert\.|certiorari|reh[’']?g|rehearing|appeal|aff[’']?d|rev[’']?d)[^()]{0,30},?$", before):
            continue
        return citation if citation.key else None
    return None


def _inside(text: str, low: int, at: int) -> set[int]:
    """The positions of text[low:at] inside parentheses that close before `at`."""
    hidden: set[int] = set()
    depth = 0
    for place in range(at - 1, low - 1, -1):
        character = text[place]
        if character == ")":
            depth += 1
        elif character == "(" and depth:
            depth -= 1
        elif character == "(":
            break
        if depth:
            hidden.add(place)
    return hidden
