"""The text of an answer: checked claims joined into readable sentences with [n] marks; code kept in fenced blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.types import Claim

_ENDS = re.compile(r"[.!?:…][\"'”’)\]]*$")
_FENCED = re.compile(r"^\s*(?:```|~~~)")
_CODE_SECTION = "code"


def compose(claims: Sequence[Claim]) -> str:
    """The claims in order as running text. A claim's citations stand behind it as [1] or [1][2]; a claim of several
    lines or of code stands as a block; a change of section starts a paragraph under the section's name."""
    blocks: list[str] = []
    section = ""
    for claim in claims:
        named = claim.section if claim.section != _CODE_SECTION else section
        if named != section:
            blocks.append(f"{named}:" if named else "")
            section = named
            blocks.append(_rendered(claim))
        elif blocks and not _is_block(claim) and blocks[-1] and not blocks[-1].endswith("\n"):
            blocks[-1] = f"{blocks[-1]} {_rendered(claim)}"
        else:
            blocks.append(_rendered(claim))
    return "\n\n".join(block.rstrip("\n") for block in blocks if block.strip())


def marks(claim: Claim) -> str:
    """The claim's citation marks, each number once: "[1][3]"."""
    return "".join(f"[{number}]" for number in dict.fromkeys(citation.number for citation in claim.citations))


def is_code(claim: Claim) -> bool:
    """Whether the claim's text is code that must keep its lines."""
    return claim.section == _CODE_SECTION or _FENCED.match(claim.text) is not None


def _is_block(claim: Claim) -> bool:
    return is_code(claim) or "\n" in claim.text.strip()


def _rendered(claim: Claim) -> str:
    text = claim.text.strip("\n")
    if is_code(claim):
        fenced = text if _FENCED.match(text) else f"```\n{text}\n```"
        return f"{fenced}\n{marks(claim)}\n"
    text = text.strip()
    if not _ENDS.search(text):
        text = f"{text.rstrip(',;')}."
    text = text[:1].upper() + text[1:] if _opens_low(text) else text
    return f"{text} {marks(claim)}".rstrip() + ("\n" if "\n" in text else "")


def _opens_low(text: str) -> bool:
    """A sentence quoted from mid-sentence gets its capital; an identifier (`read_csv`, iPhone) keeps its case."""
    first = re.match(r"[a-z]+(?=[\s,;:.])", text)
    return first is not None and not re.match(r"[a-z]+\.[a-z]", text)
