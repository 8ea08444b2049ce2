"""What kind of page a document is: reference, tutorial, how-to, FAQ, changelog, API operation, source and so on.

Told by the document's own metadata, else its path and title, else its structure. The kinds are those of Diátaxis
(tutorial, how-to, reference, explanation) with the special pages that every documentation set has besides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from assay.textual.similarity import listed

KINDS = (
    "reference", "tutorial", "how-to", "faq", "changelog", "timeline", "guide", "glossary", "api", "source",
    "low-level", "index",
)  # fmt: skip
_DECLARED = {
    "reference": "reference", "library": "reference", "ref": "reference", "api": "reference", "apidoc": "reference",
    "tutorial": "tutorial", "intro": "tutorial", "quickstart": "tutorial", "getting-started": "tutorial",
    "howto": "how-to", "how-to": "how-to", "cookbook": "how-to", "recipes": "how-to", "faq": "faq",
    "whatsnew": "changelog", "changelog": "changelog", "releases": "changelog", "release-notes": "changelog",
    "deprecations": "timeline", "timeline": "timeline", "migration": "changelog", "upgrading": "changelog",
    "topics": "guide", "guide": "guide", "user_guide": "guide", "user-guide": "guide", "user": "guide",
    "advanced": "guide", "explanation": "guide", "concepts": "guide", "glossary": "glossary", "openapi": "api",
    "operation": "api", "include": "source", "source": "source", "code": "source", "example": "source",
    "examples": "source", "c-api": "low-level", "internals": "low-level", "extending": "low-level",
}  # fmt: skip
_TITLE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("timeline", re.compile(r"deprecation (?:timeline|schedule|policy)|pending removal|\bdeprecations\b", re.I)),
    (
        "changelog",
        re.compile(
            r"what['’]?s new|change ?log|release (?:notes|history)|\bnotable changes\b|version history|migration guide"
            r"|upgrad(?:e|ing) (?:guide|to|from)|^(?:changes|history|news|releases)$",
            re.I,
        ),
    ),
    ("faq", re.compile(r"\bfaq\b|frequently asked|common questions|^troubleshooting$", re.I)),
    ("glossary", re.compile(r"^glossary$", re.I)),
    ("how-to", re.compile(r"how[ -]?to\b|\bcookbook\b|\brecipes\b", re.I)),
    ("tutorial", re.compile(r"\btutorial\b|getting started|quick ?start|first steps|^introduction$", re.I)),
    ("reference", re.compile(r"\bapi reference\b|\breference\b|--- ?\S", re.I)),
)
_SOURCE_FORMATS = listed(
    """python javascript typescript tsx java go rust c cpp csharp ruby php kotlin scala swift lua perl r julia bash
    powershell sql css protobuf graphql terraform"""
)
_PATH = re.compile(r"[/\\._:-]+")


class PageKind(NamedTuple):
    """The kind ("unknown" where nothing tells), why, and the span of the evidence in the text, if it is there."""

    kind: str
    reason: str
    span: tuple[int, int] | None = None


def page_kind(title: str, source: str, format: str, metadata: Mapping[str, Any], text: str) -> PageKind:
    """The kind of a page from its metadata, format, title, path and structure, in this order."""
    declared = _declared(metadata)
    titled = next((kind for kind, pattern in _TITLE if pattern.search(title)), "")
    if titled in ("timeline", "changelog", "faq", "glossary"):
        return PageKind(titled, f"its title says so ({title[:60]})", _span(title, text))
    if declared is not None:
        return declared
    if format.startswith(("openapi", "swagger")):
        return PageKind("api", "it is a machine-readable API description")
    if format in _SOURCE_FORMATS:
        return PageKind("source", f"it is {format} source code")
    if titled:
        return PageKind(titled, f"its title says so ({title[:60]})", _span(title, text))
    return _by_path(source) or _by_structure(text)


def _declared(metadata: Mapping[str, Any]) -> PageKind | None:
    for key in ("doc_type", "doc_kind", "kind", "type"):
        value = metadata.get(key)
        kind = _DECLARED.get(value.strip().lower()) if isinstance(value, str) else None
        if kind:
            return PageKind(kind, f"the document's metadata says so ({key}: {value})")
    return None


def _by_path(source: str) -> PageKind | None:
    parts = [part.lower() for part in source.replace("\\", "/").split("/") if part]
    if parts:
        parts[-1] = re.sub(r"\.\w+(?:\.gz)?$", "", parts[-1])
    for part in reversed(parts):
        kind = _DECLARED.get(part) or _DECLARED.get(_PATH.sub("-", part))
        if kind:
            return PageKind(kind, f"its path says so ({part})")
    return None


_OBJECT = re.compile(
    r"^[ \t]*\.\. (?:\w+:)?(?:function|method|class|attribute|data|module|exception|setting)::"
    r"|^Parameters:?[ \t]*\n(?:[-=]+[ \t]*)?\n{1,2}\w{1,60} ?:|^#{2,5} `[\w.]+\(|^@(?:param|returns?|throws)\b",
    re.MULTILINE,
)
_STEP = re.compile(
    r"^[ \t]{0,12}(?:step \d+|\d{1,3}\.[ \t]{1,8}(?:install|create|open|run|add|click)\b)", re.IGNORECASE | re.MULTILINE
)


def _by_structure(text: str) -> PageKind:
    found = _OBJECT.search(text)
    if found:
        return PageKind("reference", "it describes program symbols", found.span())
    steps = list(_STEP.finditer(text[:50_000]))
    if len(steps) >= 3:
        return PageKind("how-to", "it is a list of steps", steps[0].span())
    return PageKind("unknown", "neither metadata, title, path nor structure tells")


def _span(title: str, text: str) -> tuple[int, int] | None:
    place = text.find(title[:200]) if title.strip() else -1
    return (place, place + len(title[:200])) if 0 <= place < 2000 else None
