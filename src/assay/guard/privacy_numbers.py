"""Identifiers that show by their form or by the word before them: numbers, addresses, accounts, devices.

Check digits decide where there are some: payment cards by Luhn (ISO/IEC 7812-1), IBAN by mod 97 (ISO 13616), NHS
numbers by mod 11. A bare number without a telling word or a check digit is left alone: it may be a dose or a count.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from assay.guard.privacy_terms import terms

_ID = r"(?=[A-Za-z./#-]{0,6}\d|[A-Z0-9]{2,}-)[A-Za-z0-9][A-Za-z0-9./-]*[A-Za-z0-9]"
_GAP = r"(?:\s*(?:number|no\.?|nr\.?|num\.?|id|\#|code|serial(?:\s+number)?|is|was|are)\b\.?|\s*[:#=])*\s*[:#=]?\s*"
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|square|sq|terrace|way|crescent"
    r"|close|parkway|pkwy|highway|hwy|circle|cir|gardens|grove|row|mews)"
)


_SSN = re.compile(r"(?<![\w-])(?!000|666)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_IP4 = re.compile(r"(?<![\w.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w.]\d|\w)")
_IP6 = re.compile(
    r"(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)"
    r"(?![\w:])|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){1,6}:(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}(?![\w:"
    r"])"
)
_IP_CONTEXT = re.compile(r"\b(?:ip|address|logged|login|host|server|access(?:ed)?|from)\b", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+[^\s<>\"')\].,;:]", re.IGNORECASE)
_PERSONAL_URL = re.compile(
    r"patient|chart|portal|profile|record|user|member|login|account|facebook\.com/\w|twitter\.com/\w|x\.com/\w"
        r"|instagram\.com/\w|linkedin\.com/in/|tiktok\.com/@|myhealth|mychart|~\w|/people/"
        r"|[?&](?:id|name|mrn|uid)=|/[a-z]+[.-][a-z]+\.\d+",
    re.IGNORECASE,
)  # fmt: skip
_PHONE = re.compile(
    r"""(?<![\w./-])(?:
      \+\d{1,3}[\s.-]?(?:\(0?\d{1,4}\)[\s.-]?)?\d{1,5}(?:[\s./-]?\d{2,8}){1,4}
    | \(\d{3,5}\)[\s.-]?\d{3,4}[\s.-]?\d{3,6}
    | \d{3}[.-]\d{3}[.-]\d{4}
    | 0\d{2,4}[\s/-]\d{3,4}[\s-]?\d{3,6}
    )(?![\w-])""",
    re.VERBOSE,
)
_CALLED = re.compile(
    r"\b(?P<fax>fax|telefax)?(?:phone|tel(?:ephone)?\.?|telefon|mobile|cell(?:\s?phone)?"
    r"|handy|pager|call(?:\s+(?:me|us|him|her))?|text|whatsapp|reach\s+me|hotline"
    r"|contact|ext\.?)?"
    r"(?:\s*(?:is|at|on|number|no\.?|nr\.?|:|\#))*\s*:?\s*(?P<id>\+?\(?\d[\d\s()./-]{5,17}\d)(?![\w%])",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\w-])(?:\d[ -]?){12,18}\d(?![\w-])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?\b")
_NHS = re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])")
_VIN = re.compile(r"\b(?=[A-HJ-NPR-Z0-9]*\d)(?=[A-HJ-NPR-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}\b")
_ADDRESS = re.compile(
    rf"\b\d{{1,5}}[A-Za-z]?\s+(?:[NSEW]\.?\s+)?(?:[A-Z0-9][\w'’.-]*\s+){{1,4}}?(?i:{_STREET})\b\.?"
    r"(?:\s+(?:NW|NE|SW|SE))?(?:,?\s+(?:Apt|Apartment|Unit|Suite|Flat|\#)\.?\s*\w+)?"
    r"(?:,\s*[A-Z][\w'’.-]+(?:\s+[A-Z][\w'’.-]+){0,2})?(?:,?\s+(?:[A-Z]{2}|D\.?C\.?)\b)?(?:,?\s+\d{5}(?:-\d{4})?\b)?"
        r"|\b[A-ZÄÖÜ][\wäöüß.-]*(?:straße|strasse|str\.|weg|allee|platz|gasse|ring|damm)\s+\d{1,4}\s?[a-z]"
        r"?(?:,?\s+(?:D-)?\d{4,5}\s+[A-ZÄÖÜ][\wäöüß-]+)?"
        r"|\b\d{1,4},?\s+(?:bis\s+)?(?:rue|avenue|boulevard|place|chemin|impasse)\s+(?:de\s+"
        r"|du\s+|des\s+|la\s+|l['’])*[A-Z][\w'’-]+(?:,?\s+\d{5}\s+[A-Z][\w'’-]+)?"
        r"|\b(?:Calle|Avenida|Plaza|Paseo|Via|Viale|Piazza)\s+(?:de\s+|del\s+|la\s+)*[A-Z][\w'’-]+(?:\s+[A"
        r"-Z][\w'’-]+)?,?\s+\d{1,4}(?:,?\s+\d{5}\s+[A-Z][\w'’-]+)?"
)  # fmt: skip
_ZIP = re.compile(
    r"\b(?:zip(?:\s?code)?|postal\s+code|post\s?code|plz)\b\s*[:#]?\s*(?:is\s+)?(?P<id>[A-Z]{0,2}\d[A-"
    r"Z0-9-]*(?:\s?\d[A-Z]{2})?)",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-Z]{2}\s\d{5}(?:-\d{4})?)\b")
_LIVES = re.compile(
    r"\b(?:lives?|living|resides?|residing|resident|residence|home|wohnhaft|wohnt"
        r"|vive|habite|moved|address)\b[\s:]+(?:(?:is|in|at|near|en|à|of|to|der|on|from"
        r"|the\s+(?:city|town|village)\s+of)\s+){0,2}"
    r"(?P<id>[A-ZÄÖÜ][\w'’-]+(?:\s+[A-ZÄÖÜ][\w'’-]+){0,2}(?:,\s*[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)?)?)"
)  # fmt: skip
_OLD = re.compile(
        r"\b(?P<id>9\d|1[0-2]\d)(?=[\s-]*(?:years?[\s-]*(?:old|of\s+age)|y/?o\b|yrs?[\s-]*old"
        r"|-year-old|[\s-]?jährige?|años|ans\b|[FMfm]\b(?!\w|/)))"
        r"|\b(?:aged?|age\s+(?:of|is)|is|was|turned|turning)\s*:?\s+(?P<id2>9\d|1[0-2]\d)(?!\.\d)(?=\s*(?:"
        r"[,.;)?!]|$|and\b|with\b|years?\s+old|has\b))(?!\s*(?:days|months|weeks|%|mg"
        r"|mm))"
)  # fmt: skip


def identifiers(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of everything that is an identifier by form or by its label. May overlap."""
    lower = text.lower()
    has_digit = any(c.isdigit() for c in text)
    if "@" in text:
        yield from ((*m.span(), "email") for m in _EMAIL.finditer(text))
    if "http" in lower or "www." in lower:
        yield from ((*m.span(), "url") for m in _URL.finditer(text) if _PERSONAL_URL.search(m.group()))
    yield from _places(text, lower)
    if has_digit:
        yield from _by_label(text, lower)
        yield from _by_form(text, lower)
        yield from _telephones(text, lower)
        yield from ((*m.span("id" if m["id"] else "id2"), "age") for m in _OLD.finditer(text))


def _by_label(text: str, lower: str) -> Iterator[tuple[int, int, str]]:
    for kind, gates in terms()["gates"].items():
        if any(gate in lower for gate in gates):
            for match in _labelled(kind).finditer(text):
                yield (*match.span("id"), kind)


@functools.lru_cache(maxsize=32)
def _labelled(kind: str) -> re.Pattern[str]:
    label = rf"\b(?:{'|'.join(terms()['labels'][kind])})\b"
    if kind == "photo":
        return re.compile(
            rf"{label}[^.?!\n]{{0,24}}?(?P<id>[\w-]+\.(?:jpe?g|png|heic|gif|tiff?|bmp|dcm))\b", re.IGNORECASE
        )
    if kind in ("nhs", "ssn"):
        return re.compile(rf"{label}{_GAP}(?P<id>\d(?:[\s-]?\d){{7,11}})(?![\w-])", re.IGNORECASE)
    value = _ID if kind not in ("account", "mrn") else rf"(?:\d[\d -]{{3,16}}\d|{_ID})"
    return re.compile(
        rf"{label}(?:\s+and\s+member)?{_GAP}(?P<id>{value})(?!\s*(?:%|mg|ml|patients"
        r"|participants|years?|trials?|studies|weeks|months|days|of\b))",
        re.IGNORECASE,
    )


def _by_form(text: str, lower: str) -> Iterator[tuple[int, int, str]]:
    yield from ((*m.span(), "ssn") for m in _SSN.finditer(text))
    if text.count(".") >= 3:
        near = _IP_CONTEXT.search(text)
        yield from (
            (*m.span(), "ip") for m in _IP4.finditer(text) if near and "section" not in lower and "version" not in lower
        )
    if text.count(":") >= 3:
        yield from (
            (*m.span(), "ip") for m in _IP6.finditer(text) if any(c.isalpha() for c in m.group()) or "::" in m.group()
        )
    yield from ((*m.span(), "card") for m in _CARD.finditer(text) if luhn(m.group()))
    yield from ((*m.span(), "iban") for m in _IBAN.finditer(text) if iban(m.group()))
    yield from ((*m.span(), "vehicle") for m in _VIN.finditer(text) if vin(m.group()))
    if "nhs" in lower:
        yield from ((*m.span(), "nhs") for m in _NHS.finditer(text) if nhs(m.group()))


def _telephones(text: str, lower: str) -> Iterator[tuple[int, int, str]]:
    fax = "fax" in lower
    for match in _PHONE.finditer(text):
        if 7 <= sum(c.isdigit() for c in match.group()) <= 15:
            before = lower[max(0, match.start() - 48) : match.start()]
            yield (*match.span(), "fax" if fax and "fax" in before else "phone")
    if fax or any(
        word in lower
        for word in ("phone", "tel", "mobile", "cell", "handy", "pager", "call", "text", "whatsapp", "reach", "contact")
    ):
        for match in _CALLED.finditer(text):
            word = match.group()[: match.start("id") - match.start()].strip(" :#")
            if word and any(c.isalpha() for c in word) and 7 <= sum(c.isdigit() for c in match["id"]) <= 15:
                yield (*match.span("id"), "fax" if match["fax"] else "phone")


def _places(text: str, lower: str) -> Iterator[tuple[int, int, str]]:
    if any(c.isdigit() for c in text):
        yield from ((*m.span(), "geo") for m in _ADDRESS.finditer(text))
        yield from ((*m.span(), "geo") for m in _POSTCODE.finditer(text))
        if "zip" in lower or "post" in lower or "plz" in lower:
            yield from ((*m.span("id"), "geo") for m in _ZIP.finditer(text))
    yield from ((*m.span("id"), "geo") for m in _LIVES.finditer(text))


def luhn(number: str) -> bool:
    """Whether the digits pass the Luhn check and look like a payment card (13 to 19 digits, first digit 3 to 6)."""
    digits = [int(c) for c in number if c.isdigit()]
    if not 13 <= len(digits) <= 19 or not 3 <= digits[0] <= 6:
        return False
    doubled = [d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def iban(number: str) -> bool:
    """Whether the letters and digits pass ISO 13616 mod 97."""
    plain = number.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def nhs(number: str) -> bool:
    """Whether ten digits pass the NHS number's mod 11 check."""
    digits = [int(c) for c in number if c.isdigit()]
    if len(digits) != 10:
        return False
    check = 11 - sum(d * (10 - i) for i, d in enumerate(digits[:9])) % 11
    return check != 10 and check % 11 == digits[9]


_VIN_VALUES = {
    **{str(d): d for d in range(10)},
    **dict(
        zip(
            "ABCDEFGHJKLMNPRSTUVWXYZ",
            (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
            strict=True,
        )
    ),
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(number: str) -> bool:
    """Whether a vehicle identification number passes its check digit (49 CFR 565.15)."""
    total = sum(_VIN_VALUES[c] * weight for c, weight in zip(number, _VIN_WEIGHTS, strict=True)) % 11
    return number[8] == ("X" if total == 10 else str(total))
