"""Bytes become text, by rules that can be told in one breath.

1. A byte order mark decides (UTF-8, UTF-16, UTF-32) and is left out.
2. UTF-16 without a mark is recognised by its pattern of zero bytes.
3. Valid UTF-8 is UTF-8.
4. Otherwise the declared encoding, if it fits without loss.
5. Otherwise, where most bytes beyond ASCII form UTF-8 characters, UTF-8 with the remaining bytes read as Windows-1252
   (a file of mixed encodings); else Windows-1252 throughout. Both give a warning.

NUL characters and lone surrogates become U+FFFD, one for one, because neither can be stored as text; with a warning.
It is not a statistical detector: it never guesses between encodings of one family without saying so.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_HANDLER = "assay-windows-1252"
_SAMPLE = 4096


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of some bytes, the encoding it was read with, and what the reader of it should know."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, declared: str = "") -> Decoded:
    """The text of `data`. `declared` is what the file or the caller says of its encoding. Never fails."""
    found = _by_mark(data) or _by_zeros(data) or _as_utf8(data, declared) or _as_declared(data, declared)
    found = found or _mixed(data, declared)
    clean, warning = storable(found.text)
    return Decoded(clean, found.encoding, (*found.warnings, *warning)) if warning else found


def storable(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` with NUL characters and lone surrogates as U+FFFD (the length stays), and a warning if there were any."""
    if "\x00" not in text and (text.isascii() or not _UNSTORABLE.search(text)):
        return text, ()
    clean, count = _UNSTORABLE.subn("\ufffd", text)
    return clean, (f"{count} characters that cannot be stored (NUL or half a surrogate pair) became U+FFFD.",)


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lossy(data[len(mark) :], encoding)
    return None


def _by_zeros(data: bytes) -> Decoded | None:
    sample = data[:_SAMPLE]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0) / len(sample[0::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.4 and even < 0.05:
        return _lossy(data, "utf-16-le")
    if even > 0.4 and odd < 0.05:
        return _lossy(data, "utf-16-be")
    return None


def _lossy(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        why = f"The bytes are not valid {encoding} from byte {error.start} on; unreadable characters became U+FFFD."
        return Decoded(text, encoding, (why,))


def _as_utf8(data: bytes, declared: str) -> Decoded | None:
    if b"\x1b" in data and declared.lower().startswith("iso-2022"):
        return None
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return None


def _as_declared(data: bytes, declared: str) -> Decoded | None:
    name = declared.strip().lower()
    if not name or _is_utf8(name):
        return None
    try:
        return Decoded(data.decode(name), name)
    except (ValueError, LookupError):  # a UnicodeError is a ValueError; so is a name with a NUL in it
        return None


def _is_utf8(name: str) -> bool:
    try:
        return codecs.lookup(name).name in ("utf-8", "utf-8-sig")
    except (ValueError, LookupError):
        return False


def _mixed(data: bytes, declared: str) -> Decoded:
    strays = 0

    def stray(error: UnicodeError) -> tuple[str, int]:
        nonlocal strays
        if not isinstance(error, UnicodeDecodeError):
            raise error
        strays += 1
        return _windows(error.object[error.start : error.start + 1]), error.start + 1

    codecs.register_error(_HANDLER, stray)
    text = data.decode("utf-8", _HANDLER)
    about = f" It was declared as {declared}." if declared else ""
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if beyond_ascii - strays > strays:
        why = f"Mixed encodings: {strays} bytes that are not valid UTF-8 were read as Windows-1252.{about}"
        return Decoded(text, "utf-8 with windows-1252", (why,))
    why = f"Not valid UTF-8: read as Windows-1252; accented letters may be wrong.{about}"
    return Decoded(_windows(data), "windows-1252", (why,))


def _windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        # Five bytes have no meaning in Windows-1252; browsers read them as the control characters of Latin-1.
        return "".join(_WINDOWS_TABLE[byte] for byte in data)


def _table() -> tuple[str, ...]:
    return tuple(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))


_WINDOWS_TABLE = _table()


def looks_binary(head: bytes) -> bool:
    """Whether a file's first bytes are no text in any encoding known here: over one in twenty is a control byte."""
    sample = head[:_SAMPLE]
    if not sample or _by_mark(sample) is not None or _by_zeros(sample) is not None:
        return False
    return len(sample.translate(None, _CONTROLS)) < 0.95 * len(sample)


_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
