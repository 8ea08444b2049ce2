"""Lines with their offsets, for the line-wise parsers (Markdown, reStructuredText)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text: `text` without the line end, `start` and `end` (the end includes the line end).

    Only CR LF, CR and LF end a line; form feeds and Unicode separators stay inside, as in every editor.
    """

    texts: tuple[str, ...]
    starts: tuple[int, ...]
    length: int

    @classmethod
    def of(cls, text: str) -> "Lines":
        """The lines of `text`."""
        pieces = _LINE.findall(text)
        starts, position = [], 0
        for piece in pieces:
            starts.append(position)
            position += len(piece)
        return cls(tuple(piece.rstrip("\r\n") for piece in pieces), tuple(starts), len(text))

    def __len__(self) -> int:
        return len(self.texts)

    def start(self, line: int) -> int:
        """Where line `line` begins; the end of the text for a line past the last."""
        return self.starts[line] if line < len(self.starts) else self.length

    def stop(self, line: int) -> int:
        """Where the characters of line `line` end, its line end not included."""
        return self.starts[line] + len(self.texts[line])

    def span(self, first: int, after: int) -> tuple[int, int]:
        """The characters of lines first:after, without the blank lines at their end."""
        last = min(after, len(self)) - 1
        while last > first and not self.texts[last].strip():
            last -= 1
        return self.start(first), self.stop(last)
