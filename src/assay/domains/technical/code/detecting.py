"""Which language a piece of code is in: what it says itself, whether it parses, signs; never a guess below a threshold.

Order: the author's label; a session's prompts; a first line that only one language has; JSON and Python by parsing;
then signs with weights (cues.toml). The page's own language only decides between what is too weak to stand alone.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from assay.domains.technical.code.parsing import python_tree
from assay.domains.technical.code.sessions import session_of
from assay.domains.technical.code.sources import Source
from assay.domains.technical.code.tables import TEXT, UNKNOWN, cues, gates, normal_language, supersets
from assay.domains.technical.code.values import LanguageSource

ENOUGH = 1.0
CLEAR = 4.0
SUPERSET = 1.2
LOOKED_AT = 4000
_SHEBANG = re.compile(r"#! ?\S*?/(?:env (?:-S )?)?(\w+?)[\d.]*(?:\s|$)")
_SHEBANGS = {"python": "python", "sh": "bash", "bash": "bash", "zsh": "bash", "ksh": "bash", "node": "javascript"}
_SHEBANGS |= {"ruby": "ruby", "perl": "perl", "php": "php", "make": "makefile"}
_FIRST = (
    (re.compile(r"\s*<\?xml\b"), "xml"),
    (re.compile(r"\s*<\?php\b"), "php"),
    (re.compile(r"\s*<!doctype html(?![\s\S]*\{[%{])", re.IGNORECASE), "html"),
    (re.compile(r"Traceback \(most recent call last\):"), "pytb"),
    (re.compile(r"diff --git |--- \S+.*\n\+\+\+ "), "diff"),
    (re.compile(r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+ HTTP/\d|HTTP/\d(?:\.\d)? \d{3}"), "http"),
)
_FOREIGN = re.compile(r";[ \t]*$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"<[a-z][\w ]*>|\.\.\.|…")


class Language(NamedTuple):
    """A language, how it was found, and why."""

    name: str
    source: LanguageSource
    reason: str


def language_of(source: Source, declared: str = "", context: str = "") -> Language:
    """The language of the code. A label that an author gave is believed, unless it says no more than "text"."""
    label = normal_language(declared)
    text = source.text[:LOOKED_AT]
    if label and label not in (UNKNOWN,):
        return Language(_refined(label, source), "declared", f"labelled {declared.strip()!r}")
    if not text.strip():
        return Language(UNKNOWN, "unknown", "there is no text")
    return _plain(source, text) or _weighed(text, normal_language(context))


def _refined(label: str, source: Source) -> str:
    """A label that is right about the family, made exact by prompts that stand in the text."""
    if label in ("python", "pycon", "bash", "console", "doscon", "ipython"):
        session = session_of(source)
        if session is not None:
            shells = ("bash", "console", "doscon")
            if (label in shells) == (session.language in ("console", "doscon")):
                return "pycon" if session.language == "ipython" else session.language
    return label


def _plain(source: Source, text: str) -> Language | None:
    """What can be told without weighing."""
    session = session_of(source)
    if session is not None:
        name = "pycon" if session.language == "ipython" else session.language
        return Language(name, "rules", "lines begin with prompts")
    shebang = _SHEBANG.match(text)
    if shebang and shebang.group(1) in _SHEBANGS:
        return Language(_SHEBANGS[shebang.group(1)], "rules", "the first line names its interpreter")
    for pattern, name in _FIRST:
        if pattern.match(text):
            return Language(name, "rules", f"it begins as only {name} does")
    return Language("json", "parse", "it parses as JSON") if _is_json(text) else None


def _is_json(text: str) -> bool:
    """Whether it is a JSON object, or an array that no Python program would hold alone."""
    stripped = text.strip()
    if stripped[:1] not in ("{", "["):
        return False
    try:
        value = json.loads(stripped)
    except (ValueError, RecursionError):
        return _is_nearly_json(stripped)
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))


def _is_nearly_json(text: str) -> bool:
    """JSON as documentation shows it: with "..." for what was left out, or comments."""
    if not text.startswith(("{", "[")) or "{%" in text or not re.search(r'"[^"\n]+"\s*:', text):
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    shaped = sum(bool(_JSON_LINE.fullmatch(line)) for line in lines)
    return len(lines) > 1 and shaped == len(lines) and bool(re.search(r"\.\.\.|…|//|#|\b(?:true|false|null)\b", text))


_JSON_LINE = re.compile(
    r'(?:"[^"]*"\s*:\s*)?(?:[\[{\]}]+|"[^"]*"|-?\d[\d.eE+-]*|true|false|null|\[.*\]|\{.*\})?,?'
    r"|[\]}]+,?|\.\.\.,?|…|(?://|#).*|\"[^\"]*\"\s*:\s*[\[{],?"
)


def _weighed(text: str, context: str) -> Language:
    parsed, statements = python_evidence(text)
    if parsed and statements >= CLEAR:
        return Language("python", "parse", "it parses as Python and has its forms")
    scores = dict(_scores(text))
    if parsed:
        scores["python"] = max(scores.get("python", 0.0) * 0.5, 0.0) + statements
    for wider, base in supersets().items():
        if scores.get(wider, 0.0) >= SUPERSET:
            scores[wider] += scores.get(base, 0.0)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    best, score = ranked[0] if ranked else (UNKNOWN, 0.0)
    if score >= ENOUGH:
        reason = "it parses as Python and has its forms" if best == "python" and parsed else f"signs worth {score:.1f}"
        return Language(best, "parse" if best == "python" and parsed else "rules", reason)
    if context and (scores.get(context, 0.0) >= 0.4 or (context == "python" and parsed and statements > 0)):
        return Language(context, "context", "weak signs that agree with the page's language")
    if best == TEXT and score >= 0.8:
        return Language(TEXT, "rules", "it looks like output or prose")
    return Language(UNKNOWN, "unknown", f"no language has signs worth {ENOUGH}")


def _scores(text: str) -> Iterator[tuple[str, float]]:
    characters = frozenset(text)
    required = gates()
    for language, signs in cues().items():
        if language in required and not required[language] & characters:
            continue
        total = 0.0
        for cue in signs:
            found = 0
            for _ in cue.pattern.finditer(text):
                found += 1
                if found >= cue.most:
                    break
            total += cue.weight * found
        if total:
            yield language, total


_STRONG: tuple[type[ast.AST], ...] = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.With,
    ast.AsyncWith,
)
_STRONG += (ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Return, ast.Raise, ast.Assert, ast.Delete, ast.If)
_STRONG += (ast.Lambda, ast.ListComp, ast.DictComp, ast.GeneratorExp, ast.SetComp, ast.JoinedStr, ast.Await, ast.Match)
_NOT_PYTHON = frozenset({"true", "false", "null", "undefined", "nil"})


def python_evidence(text: str) -> tuple[bool, float]:
    """Whether it parses as Python, and how much in it is Python's rather than any language's (about 0 to 8)."""
    tree, _ = python_tree(text)
    if tree is None:
        return False, 0.0
    total = 0.0
    for node in ast.walk(tree):
        total += _weight(node)
        if total > 8:
            break
    lines = max(1, sum(1 for line in text.splitlines() if line.strip()))
    total += 0.8 * bool(_TRAILING.search(text)) if total else 0.0
    total -= 1.2 * len(_FOREIGN.findall(_without_strings(text))) * min(1.0, 4 / lines)
    return True, max(0.0, min(total, 8.0))


def _weight(node: ast.AST) -> float:
    if isinstance(node, _STRONG):
        return 1.5
    if isinstance(node, ast.Call):
        return 0.8 + 0.4 * bool(node.keywords)
    if isinstance(node, ast.Assign):
        return 0.2 if isinstance(node.value, ast.Name) else 0.7
    if isinstance(node, ast.Name):
        return -1.0 if node.id in _NOT_PYTHON else 0.0
    if isinstance(node, ast.Constant):
        return 0.4 if node.value is None or isinstance(node.value, bool) else 0.0
    if isinstance(
        node, (ast.AugAssign, ast.AnnAssign, ast.Subscript, ast.Dict, ast.List, ast.Tuple, ast.Starred, ast.BoolOp)
    ):
        return 0.4
    if isinstance(node, (ast.Attribute, ast.Compare, ast.Pass)):
        return 0.3
    return 0.0


_TRAILING = re.compile(r",[ \t]*(?:#.*)?\n\s*[\])}]")
_STRING = re.compile(r"\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*")


def _without_strings(text: str) -> str:
    return _STRING.sub('""', text)
