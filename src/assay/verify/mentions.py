"""Names that evidence cannot do without: a product or a standard that its document nowhere mentions, a place asked for.

Most names may be put in other words; a name written like a product's ("GraphQL", "OAuth2") is put in no others. A
document that never mentions it says nothing of it, however many of the question's other words it has. It judges names
by their spelling; which of them matter to the asker it does not know.
"""

from __future__ import annotations

import functools
import re
from importlib import resources

from assay.textual.names import names
from assay.textual.similarity import listed
from assay.textual.tokens import fold
from assay.verify.telling import spelled_out

_PRODUCT = re.compile(r"(?!My[A-Z]|[A-Z]+s$)(?=.{4})(?:[A-Z][A-Za-z]*[a-z][A-Z][A-Za-z]*\d*|[A-Z]{2,}[a-z]+[A-Z]*\d*)")
_HOW = re.compile(r"\W*how\s+(?:do|can|should|would|could)\b", re.IGNORECASE)
_TOOL = re.compile(r"\b(?:with|using|via|through)\s+([A-Z][A-Za-z]{3,})\b")
_ENDS = "?!.,;:"
_SPELLABLE = 200_000
"""Characters of a document in which an abbreviation is looked for spelled out."""
_WHICH_PLACE = re.compile(
    r"\b(?:in|from|to|at)\s+(?:which|what)\s+(country|city|continent|region|town|nation)\b", re.IGNORECASE
)
_FREE = listed("javascript typescript openapi python")
"""Written so and often left out, or written apart."""


def unmentioned(question: str, near: str, document: str) -> tuple[str, ...]:
    """The product names of `question` that stand neither in `near` (folded, lower case) nor anywhere in `document`."""
    missing = [name for name in _products(question) if name not in near]
    medicines = _medicines(question)
    lacking = medicines if medicines and not any(name in near for name in medicines) else ()
    if not missing and not lacking:
        return ()
    whole = _folded(document)
    if any(name in whole for name in lacking):
        lacking = ()
    missing = [name for name in missing if name not in whole and not spelled_out(name, whole[:_SPELLABLE])]
    return (*missing, *lacking)


@functools.cache
def _medicine_words() -> re.Pattern[str]:
    """Words that end as names of medicines do: a document that has none of those asked about says nothing of them."""
    lines = resources.files("assay.verify").joinpath("medicine_stems.txt").read_text(encoding="utf-8").splitlines()
    stems = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return re.compile(rf"\b[a-z]{{2,}}(?:{'|'.join(stems)})\b")


@functools.lru_cache(maxsize=256)
def _medicines(question: str) -> tuple[str, ...]:
    """The medicines that `question` names by their international nonproprietary names, without a plural's ending."""
    if len(question) > 500:
        return ()
    found = _medicine_words().findall(fold(question).lower())
    return tuple(dict.fromkeys(word.rstrip("s") if word.endswith("statins") else word for word in found))


@functools.lru_cache(maxsize=256)
def _products(question: str) -> tuple[str, ...]:
    """Words of a question in mixed case, and what a how-to question wants to do it with ("with Kubernetes"), folded
    and in lower case; those of pasted code are the asker's own."""
    if "?" not in question or len(question) > 500:
        return ()
    words = (word.strip(_ENDS) for word in question.split())
    found = [word for word in words if _PRODUCT.fullmatch(word)]
    found += _TOOL.findall(question) if _HOW.match(question) else []
    return tuple(dict.fromkeys(key for word in found if (key := fold(word).lower()) not in _FREE))


@functools.lru_cache(maxsize=8)
def _folded(document: str) -> str:
    return fold(document).lower()


def lacks_place(question: str, sentence: str, heading: str) -> bool:
    """Whether `question` asks in which country, city or the like, and `sentence` neither has that word nor any proper
    name but those of the question and of the document's title and headings."""
    asked = _WHICH_PLACE.search(question)
    if asked is None or asked[1].lower() in sentence.lower():
        return False
    known = f"{question}\n{heading}".lower()
    return all(name.key in known for name in names(sentence) if name.kind in ("proper", "acronym"))
