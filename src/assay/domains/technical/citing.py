"""How documentation is cited: title, product and version, address with anchor. Made from metadata, and read back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.types import DocumentInfo, Record

_FORM = re.compile(
    r"(?P<title>.*?)(?: \((?P<version>[^()]*)\))?(?:, <(?P<address>[^<>#]*)(?:#(?P<anchor>[^<>]*))?>)?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Reference(Record):
    """A place in documentation. `version` is "product version"; `address` a URL or path; `anchor` a place within."""

    title: str
    version: str = ""
    address: str = ""
    anchor: str = ""

    def render(self) -> str:
        """ "Title (product version), <address#anchor>", what is not known left out."""
        version = f" ({self.version})" if self.version else ""
        place = f", <{self.address}{f'#{self.anchor}' if self.anchor else ''}>" if self.address else ""
        return f"{self.title}{version}{place}"


def parse_reference(text: str) -> Reference | None:
    """The reference that `render` wrote as `text`; None where it is none."""
    match = _FORM.fullmatch(text)
    if match is None or not match["title"]:
        return None
    return Reference(match["title"], match["version"] or "", match["address"] or "", match["anchor"] or "")


def reference_of(document: DocumentInfo, anchor: str = "") -> Reference:
    """The reference of a document, with the anchor of a passage if one is known."""
    metadata = document.metadata
    product = next((_text(metadata.get(key)) for key in ("product", "library", "package", "project", "api")
                    if _text(metadata.get(key))), "")  # fmt: skip
    version = " ".join(part for part in (product, _text(metadata.get("version"))) if part)
    address = next((_text(metadata.get(key)) for key in ("url", "url_path", "permalink", "citation")
                    if _text(metadata.get(key))), "")  # fmt: skip
    path, _, own = address.partition("#")
    title = _clean(document.title or document.id)
    return Reference(title, _clean(version, "()"), _clean(path, "<>"), _clean(anchor or own, "<>"))


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return " ".join(str(value).split())[:300]


def _clean(text: str, without: str = "") -> str:
    return "".join(c for c in text if c not in without).strip()
