"""`CodeAnalyzer`: what a piece of code is, whether it is whole, and which symbols it uses. Nothing is ever executed."""

from __future__ import annotations

import re
from dataclasses import replace

from assay.domains.technical.code.data_code import data_error
from assay.domains.technical.code.detecting import Language, language_of
from assay.domains.technical.code.python_code import PythonFacts, read_python
from assay.domains.technical.code.python_source import parse_python
from assay.domains.technical.code.sessions import Session, session_of
from assay.domains.technical.code.sources import Source, peeled, source_of
from assay.domains.technical.code.tree_code import TreeFacts, read_tree
from assay.domains.technical.code.values import CodeReport, Completeness, LanguageSource, Part, Snippet

MAX_LENGTH = 200_000
_FENCE = re.compile(r"^(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)$", re.MULTILINE)
_ELISION = re.compile(r"^\s*(?:\.\.\.|…|#\s*\.\.\.|//\s*\.\.\.)\s*$", re.MULTILINE)
_MAIN = re.compile(r"^if __name__ == ['\"]__main__['\"]:", re.MULTILINE)
_SESSION = frozenset({"pycon", "ipython", "console", "doscon"})


class CodeAnalyzer:
    """Looks at code without running it. Stateless: one can serve every thread.

    Every method is total and deterministic; text beyond `MAX_LENGTH` is judged by its beginning, and said to be.
    """

    def analyze(self, text: str, declared: str = "", context: str = "") -> CodeReport:
        """The report on `text`, which is code without fences or directive lines.

        `declared` is the label its author gave ("py3", "shell-session"), `context` the language of the page around it,
        which decides only between signs that are too weak alone. Spans count in `text`.
        """
        return self._report(text, 0, len(text), declared, context)

    def analyze_block(self, text: str, start: int, end: int, declared: str = "", context: str = "") -> CodeReport:
        """The report on text[start:end], a code block of a document: fences and directive lines are peeled off first.

        Without `declared`, the fence's own tag counts. Spans count in `text`.
        """
        start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
        first, last, tag, _ = peeled(text, start, max(start, end))
        return self._report(text, first, last, declared or first_word(tag), context)

    def snippets(self, markdown: str, context: str = "") -> tuple[Snippet, ...]:
        """Every fenced block of a Markdown text, an answer for one, with its report; spans count in `markdown`."""
        found: list[Snippet] = []
        position = 0
        while (match := _FENCE.search(markdown, position)) is not None:
            start = match.start("mark")
            first, last, tag, closed = peeled(markdown, match.start(), len(markdown))
            report = self._report(markdown, first, last, first_word(tag), context)
            stop = markdown.find("\n", last)
            end = len(markdown) if stop < 0 or not closed else stop
            found.append(Snippet(report, tag, start, end, closed))
            position = max(end, match.end())
        return tuple(found)

    def language(self, text: str, declared: str = "", context: str = "") -> tuple[str, str, str]:
        """The language of `text`, how it was found, and why."""
        found = language_of(source_of(text, 0, min(len(text), MAX_LENGTH)), declared, context)
        return found.name, found.source, found.reason

    def _report(self, text: str, start: int, end: int, declared: str, context: str) -> CodeReport:
        stop = min(end, start + MAX_LENGTH)
        source = source_of(text, start, stop)
        language = language_of(source, declared, context)
        report = CodeReport(
            language=language.name,
            language_source=_source(language),
            language_reason=language.reason,
            start=source.lines[0].start if source.lines else start,
            end=source.lines[-1].start + len(source.lines[-1].text) if source.lines else start,
            truncated=stop < end,
        )
        if not source.lines:
            return report
        session = session_of(source) if language.name in _SESSION | {"python", "bash"} else None
        report = replace(report, parts=session.parts if session else (_whole(source),))
        if language.name in ("python", "pycon"):
            return _python(report, source, session)
        if language.name in ("bash", "console"):
            return _tree(report, _typed(source, session), "bash")
        return _tree(report, source, language.name)


def first_word(tag: str) -> str:
    """The language in a fence's tag: its first word without braces and what is set after a comma or colon."""
    words = re.split(r"[\s,;:{]+", tag.strip().strip("{}. "), maxsplit=1)
    word = words[0].lstrip(".") if words else ""
    return "" if "=" in word else word


def _source(language: Language) -> LanguageSource:
    return language.source


def _whole(source: Source) -> Part:
    last = source.lines[-1]
    return Part("input", source.lines[0].start, last.start + len(last.text), "", source.text)


def _typed(source: Source, session: Session | None) -> Source:
    """What was typed at a shell; the whole where there are no prompts."""
    if session is None:
        return source
    return Source(tuple(line for entry in session.entries for line in entry.lines))


def _python(report: CodeReport, source: Source, session: Session | None) -> CodeReport:
    facts = PythonFacts()
    errors: list[str] = []
    fragment = False
    entries = session.entries if session is not None else (source,)
    for entry in entries:
        trees, error = parse_python(entry)
        errors += [error] if error else []
        for parsed in trees:
            fragment = fragment or parsed.is_fragment
            read_python(parsed, facts)
    return replace(
        report,
        parses=not errors,
        error=errors[0] if errors else "",
        completeness=_python_completeness(source, facts, session, fragment or bool(errors)),
        imports=tuple(sorted(facts.imports, key=lambda item: item.start)),
        uses=tuple(sorted(facts.uses, key=lambda use: (use.start, -use.end))),
        definitions=tuple(sorted(facts.definitions, key=lambda item: item.start)),
        handling=tuple(sorted(facts.handling, key=lambda item: item.start)),
    )


def _python_completeness(
    source: Source, facts: PythonFacts, session: Session | None, is_fragment: bool
) -> Completeness:
    text = source.text
    if is_fragment or (session is None and _ELISION.search(text)):
        return "fragment"
    if session is not None:
        return "snippet"
    if text.startswith("#!") or _MAIN.search(text) or (facts.imports and facts.definitions):
        return "file"
    return "snippet"


def _tree(report: CodeReport, source: Source, language: str) -> CodeReport:
    error = data_error(source.text, language)
    if error is not None:
        return replace(report, parses=not error, error=error, completeness="fragment" if error else "snippet")
    facts: TreeFacts = read_tree(source, language) if source.lines else TreeFacts()
    return replace(
        report,
        parses=facts.parses,
        error=facts.error,
        completeness=facts.completeness,
        imports=tuple(facts.imports),
        uses=tuple(facts.uses),
        definitions=tuple(facts.definitions),
        handling=tuple(sorted(facts.handling, key=lambda item: item.start)),
    )
