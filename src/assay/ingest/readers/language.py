"""Says when a text is not English, because search, stemming and checking are made for English.

A look at scripts and at the commonest function words of a few languages, on the first characters of the text. It is
not a language identifier: silence means "English, or nothing to go by".
"""

from __future__ import annotations

import re
from collections import Counter

from assay.ingest.readers.names import names

_SAMPLE = 3000
_LETTERS = 20
_DISTINCT = 5
_WORDS = 40
_WORD = re.compile(r"[^\W\d_]+")
_BEYOND_LATIN = re.compile("[\u0370-\u1fff\u3040-\ud7af]")
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|is|for|that|with|on|as|are|be|by|this|it|or)\b", re.IGNORECASE)
_SCRIPTS = (
    ("Cyrillic", 0x0400, 0x052F),
    ("Greek", 0x0370, 0x03FF),
    ("Hebrew", 0x0590, 0x05FF),
    ("Arabic", 0x0600, 0x08FF),
    ("Indic", 0x0900, 0x0DFF),
    ("Thai", 0x0E00, 0x0E7F),
    ("Japanese", 0x3040, 0x30FF),
    ("Chinese or Japanese", 0x3400, 0x9FFF),
    ("Korean", 0xAC00, 0xD7AF),
)
_FUNCTION_WORDS = {
    "English": names("the of and to in is for that with on as are be by this it or from not an at was"),
    "German": names("""der die und das ist nicht von zu den mit ein eine auf dem für des sich auch wird im"""),
    "French": names("le la les et des une est dans que pour qui sur pas plus du au par avec ce sont"),
    "Spanish": names("el los las y que una por con para como del se su al lo más es en la de"),
    "Italian": names("il di che e la per una sono con non del della nel gli dei alla le si anche più"),
    "Portuguese": names("o os as e que uma por com para do da não em dos no na ao mais se um"),
    "Dutch": names("""de het een en van dat niet zijn met voor op te aan die ook wordt door naar bij om"""),
}
_LIMIT = (
    "it is kept and can be found by its words and meaning, but stemming and the checks of negation and modality follow "
    "English rules."
)


def language_warning(text: str) -> tuple[str, ...]:
    """A warning that names the script or language and the limit, or nothing."""
    name = _script(text[:_SAMPLE]) or _language(text[:_SAMPLE])
    return (f"The text seems to be {name}: {_LIMIT}",) if name else ()


def _script(sample: str) -> str:
    if sample.isascii() or len(_BEYOND_LATIN.findall(sample)) < _LETTERS:
        return ""
    letters = [ord(c) for c in sample if c.isalpha()]
    for name, first, last in _SCRIPTS:
        if sum(first <= code <= last for code in letters) > 0.3 * len(letters):
            return f"in {name} script"
    return ""


def _language(sample: str) -> str:
    words = sample.count(" ") + sample.count("\n")
    if words < _WORDS or len(_ENGLISH.findall(sample)) > 0.1 * words:
        return ""
    found = Counter(_WORD.findall(sample.lower()))
    hits = {name: sum(found[word] for word in known) for name, known in _FUNCTION_WORDS.items()}
    best = max(hits, key=lambda name: hits[name])
    distinct = sum(word in found for word in _FUNCTION_WORDS[best])
    is_clear = distinct >= _DISTINCT and hits[best] > 0.12 * found.total() and hits[best] > 2 * hits["English"]
    return best if is_clear and best != "English" else ""
