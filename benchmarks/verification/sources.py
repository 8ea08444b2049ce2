"""Rules that change where words come from: fabricated, stitched, misattributed, of another version.

Each needs more than one sentence, so each takes the pool of passages beside the sentence in hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.verification.change import Change, in_brackets, in_code
from benchmarks.verification.corpora import Source
from benchmarks.verification.draw import number, pick
from benchmarks.verification.sentences import balanced

_AUXILIARY = re.compile(
    r"(?<![-`'\w])(is|are|was|were|has been|have been|may|shall|must|will|can|should|returns|raises|"
    r"provides|includes|contains|requires|means)(?= [a-z`:*])"
)
_GENERIC = re.compile(
    r"^(?:the |a |an )?(?:patients|participants|subjects|results?|data|study|authors|findings|we|"
    r"court|method|function|class|default|value|"
    r"following|primary outcome|there|parties|party|agreement|it|this|present study|aim|objective|"
    r"purpose|trial|you|module|groups?|(?:the )?(?:differences?|changes?|effects?)(?: between "
    r"groups)?)$",
    re.I,
)


def halves(text: str) -> tuple[str, str, str] | None:
    """Subject, auxiliary and the rest of a plain sentence; None where the subject is not certain."""
    match = _AUXILIARY.search(text)
    if not match or in_brackets(text, match.start()) or in_code(text, match.start()):
        return None
    subject, rest = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    opening = re.match(
        r"(?:In|If|When|Where|Among|For|At|During|With|On|By|From|Under|Although|While|To|As|Because|"
        r"After|Before|Since|Unless|Except|There|What|How|Whether)\b",
        subject,
    )
    nested = re.search(r"\b(?:that|which|who|if|whether|when|where|and|or|to|we|not|than|as|by)\b|[,;:]", subject)
    if (
        opening
        or nested
        or not 2 <= len(subject.split()) <= 14
        or len(rest.split()) < 6
        or re.match(r"(?:when|where|what|how|if|because|why)\b", rest)
        or _GENERIC.match(subject)
    ):
        return None
    return (subject, match[1], rest) if balanced(subject) and balanced(rest) else None


def joined(first: str, second: str) -> Change | None:
    """The subject of one sentence with the predicate of another: fluent, and said by neither."""
    one, two = halves(first), halves(second)
    if one is None or two is None or one[1] != two[1] or _share(one[0], two[0]) or _share(one[2], two[2], most=2):
        return None
    text = f"{one[0]} {one[1]} {two[2]}"
    if not 55 <= len(text) <= 380:
        return None
    start = len(text) - len(two[2])
    return Change(text, start, len(text), one[2], two[2], "subject of one, predicate of another")


def _share(first: str, second: str, most: int = 0) -> bool:
    a, b = ({w.rstrip("s") for w in re.findall(r"[a-z]{4,}", t.lower())} for t in (first, second))
    return len(a & b) > most


def attribution(sentence: str, title: str, domain: str) -> str:
    """The sentence as the words of a named source."""
    frames = {
        "legal": ("According to {t}, {s}", "As stated in {t}, {s}"),
        "medical": ("According to the article “{t}”, {s}", "The article “{t}” reports that {s}"),
        "technical": ("According to the page “{t}”, {s}", "The page “{t}” states that {s}"),
    }[domain]
    return pick(frames, sentence, "frame").format(t=title.rstrip("."), s=sentence)


def nameable(source: Source) -> bool:
    """True if the source has a title that a sentence can carry."""
    return source.kind != "contract" and 8 <= len(source.title) <= 110 and source.title.count("/") == 0


# --- versions -------------------------------------------------------------------------------------------------------

_LIBRARIES = {"python": "Python", "django": "Django", "pandas": "pandas", "numpy": "NumPy"}
_OTHER_RELEASES = {
    "python": ("2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12"),
    "django": ("1.11", "2.2", "3.2", "4.0", "4.1", "4.2", "5.0", "5.1"),
    "pandas": ("0.23", "0.25", "1.0", "1.1", "1.3", "2.0", "2.2"),
    "numpy": ("1.13", "1.16", "1.18", "1.20", "1.24", "1.26", "2.0"),
}
_RELEASE_PAGE = re.compile(r"(?:releases/|whatsnew/)(\d+(?:\.\d+)*)$")
_STATED = re.compile(
    r"\b((?:[Aa]dded|[Cc]hanged|[Nn]ew|[Rr]emoved|[Dd]eprecated|[Ss]ince|[Ii]n|[Aa]s of|[Ff]rom|"
    r"[Bb]efore|[Uu]ntil|[Ww]ith|[Ss]upports?)(?: since| in)?(?: version)? (?:Python |Django |NumPy |"
    r"pandas |version )?)(\d+\.\d+(?:\.\d+)?)(?![\d.]*\d|[\w-])"
)


def documented(source: Source) -> tuple[str, str] | None:
    """The library and the release that the passage documents, as its page or its metadata says."""
    library = str(source.metadata.get("library", ""))
    if library not in _LIBRARIES:
        return None
    page = _RELEASE_PAGE.search(source.document_id)
    if page:
        return library, page[1]
    version = str(source.metadata.get("version", ""))
    return (library, ".".join(version.split(".")[:2])) if version else None


def in_version(sentence: str, library: str, version: str) -> str:
    """The sentence as a statement on one release."""
    return f"In {_LIBRARIES[library]} {version}, {sentence}"


def other_version(library: str, version: str, *parts: object) -> str:
    """Another release of the same library."""
    major = ".".join(version.split(".")[:2])
    return pick([v for v in _OTHER_RELEASES[library] if v != major], library, *parts)


def stated_versions(text: str, source: Source) -> Iterator[Change]:
    """A release that the sentence itself names becomes another."""
    for match in _STATED.finditer(text):
        parts = match[2].split(".")
        old = int(parts[1])
        new = next(
            n
            for n in (old + 1 + number(text, "version") % 3, old - 1, old + 2)
            if n >= 0 and f"{parts[0]}.{n}" not in text
        )
        after = ".".join([parts[0], str(new), *parts[2:]])
        start, end = match.span(2)
        yield Change(text[:start] + after + text[end:], start, start + len(after), match[2], after, "stated version")
