"""Says of one citation what holds, each in a flag of its own: True, False or None (unknown), with the reason.

Well formed is not in range, in range is not consistent, and none of them is found. It reads tables and what it is
given; it asks no service. `bounds` and `agreement` hold the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from assay.domains.legal.citations import agreement, bounds
from assay.domains.legal.citations.extract import parse
from assay.domains.legal.citations.holdings import FactLibrary, look_up
from assay.domains.legal.citations.matching import same_name
from assay.domains.legal.citations.model import UNCHECKED, Flag, LegalCitation, Validation

Holdings = Mapping[str, Sequence[Mapping[str, Any]]]


def validate(
    citation: LegalCitation | str,
    as_of: date | datetime | None = None,
    library: FactLibrary | None = None,
    *,
    holdings: Holdings | None = None,
    supports_sentence: bool | None = None,
    pin_found: bool | None = None,
    quotation_found: bool | None = None,
) -> Validation:
    """The flags of a citation. A string is parsed first; one that is no citation is not well formed.

    `as_of`: the day after which nothing can have been decided; today where not given. `library` or `holdings` (key ->
    what is held under it, from `look_up`) answer whether it is in the library and carries this name. The last three are
    found out elsewhere and passed on.
    """
    if isinstance(citation, str):
        read = parse(citation)
        if read is None:
            return Validation(None, well_formed=Flag(False, "the text is not a citation in any form that is known"))
        citation = read
    day = as_of.date() if isinstance(as_of, datetime) else as_of or date.today()
    held = holdings if holdings is not None else look_up([citation], library) if library is not None else None
    in_library, name_matches = _held(citation, held)
    return Validation(
        citation=citation,
        well_formed=_well_formed(citation),
        in_range=bounds.check(citation, day.year),
        consistent=agreement.check(citation),
        resolved=_resolved(citation),
        in_library=in_library,
        name_matches=name_matches,
        pin_found=_told(pin_found, "page or passage"),
        quotation_found=_told(quotation_found, "quotation"),
        supports_sentence=_told(supports_sentence, "sentence"),
    )


def _well_formed(citation: LegalCitation) -> Flag:
    if any(part[:1] in ("_", "-") for part in (citation.volume, citation.page) if part):
        return Flag(None, "volume or page is left blank in the source")
    return Flag(True, f"read as {citation.kind}, {citation.form} form")


def _resolved(citation: LegalCitation) -> Flag:
    if citation.form == "full":
        return Flag(True, "it names its authority itself")
    if citation.key:
        return Flag(True, f"it points to {citation.key}: {citation.reason}")
    return Flag(None, citation.reason or "the text before it is not known")


def _held(citation: LegalCitation, held: Holdings | None) -> tuple[Flag, Flag]:
    if held is None:
        return Flag(None, "no library was asked"), UNCHECKED
    if not citation.key:
        return Flag(None, "it points to no authority for certain"), UNCHECKED
    keys = (citation.key, *citation.parallel)
    if not any(key in held for key in keys):
        return Flag(None, "the library was not asked for it"), UNCHECKED
    documents = [document for key in keys for document in held.get(key, ())]
    if not documents:
        return Flag(False, f"the library holds no document cited as {citation.key}; it may exist elsewhere"), UNCHECKED
    found = Flag(True, f"the library holds {len(documents)} document(s) cited as {citation.key}")
    return found, _name(citation, [str(document.get("name") or "") for document in documents])


def _name(citation: LegalCitation, names: Sequence[str]) -> Flag:
    known = [name for name in names if name]
    if citation.kind != "case" or not citation.name or not known:
        return Flag(None, "there are no two names to compare")
    if any(same_name(citation.name, name) for name in known):
        return Flag(True, f"the library's document is {known[0]}")
    return Flag(False, f"the library's document under this citation is {known[0]}, not {citation.name}")


def _told(value: bool | None, what: str) -> Flag:
    if value is None:
        return Flag(None, f"the {what} was not compared")
    return Flag(value, f"the {what} was compared with the source and {'agrees' if value else 'does not agree'}")
