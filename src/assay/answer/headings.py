"""What stands above a sentence: the heading it is under, and whether that heading is the name of a thing in code.

A reference page names a function, a command or an operation in the heading and then speaks of it without its name. A
sentence quoted from there answers "which function" only together with its heading. It reads surfaces; what a name means
it does not know.
"""

from __future__ import annotations

import re

LONGEST = 120
"""Characters of a heading that are shown with a claim."""
_NAME = (
    r"[A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)+(?:\([^()\n]*\))?"  # os.path.join, std::move
    r"|[A-Za-z_]\w*\([^()\n]*\)"  # len(x)
    r"|[A-Za-z]\w*_\w+|_\w*[a-z]\w*"  # capture_output
    r"|[a-z]+[A-Z]\w*"  # addEventListener
    r"|--[a-z][\w-]+"  # --force
    r"|(?:GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|TRACE)[ ]/[^\s`]*"  # GET /readings
)
_WHOLE = re.compile(rf"(?:(?:class|def|function|method|module|exception)[ ])?(?:{_NAME})")
_INSIDE = re.compile(rf"`[^`\n]+`|(?<![\w./@-])(?:{_NAME})(?![\w@])")
_PHRASE = re.compile(r"[a-z][a-z0-9-]*(?: [a-z][a-z0-9-]*){1,2}")
_DECORATION = re.compile(r"^\s*#{1,6}\s+|[\s#¶]+$")
_CODE_WORDS = re.compile(
    r"\b(?:functions?|methods?|class(?:es)?|commands?|parameters?|arguments?|options?|snippets?|syntax|signature|code"
    r"|decorators?|exceptions?|modules?|variables?|constants?|endpoints?|headers?|flags?|fields?)\b",
    re.IGNORECASE,
)


def plain_heading(text: str) -> str:
    """A heading's words without its marks (`## `, a trailing ¶), on one line."""
    lines = text.strip().splitlines()
    return _DECORATION.sub("", lines[0]).strip("`* ") if lines else ""


def names_code(heading: str, below: str) -> bool:
    """Whether a heading is the name of something in code: a dotted or otherwise unmistakable name, an operation of an
    API; or a command of two or three words in lower case that the text `below` gives at the start of code or a line."""
    if len(heading) > LONGEST:
        return False
    if _WHOLE.fullmatch(heading):
        return True
    if not _PHRASE.fullmatch(heading):
        return False
    return re.search(rf"(?:^[ \t]*|[`$>:][ \t]*){re.escape(heading)}\b", below, re.MULTILINE) is not None


def speaks_of_code(question: str) -> bool:
    """Whether a question names a thing in code or asks for one: then code may answer it."""
    return _INSIDE.search(question) is not None or _CODE_WORDS.search(question) is not None


__all__ = ["LONGEST", "names_code", "plain_heading", "speaks_of_code"]
