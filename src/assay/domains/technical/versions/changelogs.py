"""Version notes from changelogs, release notes, "What's New" pages and deprecation timelines.

Version and default meaning come from the headings ("Removed", "Features deprecated in 5.1", Keep a Changelog's
sections, a version number), the rest from the sentence: a verb of removal or deprecation, and which of the symbols that
it names are its subject, which only say where they belonged ("of the x module"), and which replace them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from assay.domains.technical.symbols import Mention, last, mentions
from assay.domains.technical.versions.items import Item, items_of
from assay.domains.technical.versions.naming import named_as, section_names
from assay.domains.technical.versions.notes import Change, Note, Scope
from assay.domains.technical.versions.numbers import at_most, parse_version
from assay.domains.technical.versions.subjects import Named, read_clause
from assay.domains.technical.versions.wording import Sentence, clauses, planned, replacements
from assay.types import Document

_VERSION = re.compile(r"(?:^|[\s\[(v])(\d{1,4}(?:\.\d{1,4})+(?:(?:a|b|rc)\d+)?)(?![\w%])")
_REMOVED_HEADING = re.compile(r"^(?:\W*)(?:\S+ )?(?:removed|removals?|features removed|removed features)\b", re.I)
_PENDING_HEADING = re.compile(r"pending removal|(?:scheduled|planned) for removal|future removals?", re.I)
_DEPRECATED_HEADING = re.compile(
    r"^\W*(?:(?:features|modules|functions|api|apis|python|c api|new)\s)?\W*(?:soft )?deprecat(?:ed|ions?)\b", re.I
)
_REMOVED = re.compile(
    r"\b(?:has|have|had)\b(?: \w+){0,3} been(?: \w+){0,2} (?:removed|dropped|deleted)\b"
    r"|\b(?:is|are|was|were|being|now)\b(?: (?:\w+ly|now|also|all|both|finally|entirely))* (?:removed|dropped"
    r"|deleted)\b"
    r"|^\W*(?:also )?(?:remov(?:e|ed|es|al of)|dropped|drop|deleted?)\b"
    r"|[,;] (?:and )?(?:is |are )?(?:now )?(?:also )?removed\b"
    r"|\bno longer (?:has|have|exists?|provides?|exposes?|exports?|available|includes?)\b|\b(?:is|are) gone\b",
    re.IGNORECASE,
)
_DEPRECATED = re.compile(
    r"\b(?:is|are|was|were|been|being|now|be|becomes?|formally|officially|has|have)\s+(?:\w+ly\s+|now\s+|also\s+)?deprecated\b"
    r"|^\W*(?:deprecate[sd]?|deprecating|deprecation of)\b|\bdeprecated (?:since|in|as of|from|by|and will)\b"
    r"|\bDeprecationWarning\b|\bemits? (?:a |an )?\S*deprecation ?warning|[,;(]\s*(?:and )?deprecated\b|\bdeprecates\b",
    re.IGNORECASE,
)
_SOFT = re.compile(r"\bsoft[- ]deprecat|\bun-?deprecat|\bno longer deprecated|\bnot deprecated", re.IGNORECASE)
_SINCE = re.compile(
    r"deprecat\w+\W+(?:(?!remov|drop)\w+\W+){0,4}?(?:since|in|as of|from)\s+(?:[A-Z][\w-]*\s+|version\s+|release\s+"
    r"|v)*(\d+(?:\.\d+)+)",
    re.I,
)
_GONE_IN = re.compile(
    r"(?:removed|dropped)\s+(?:in|from|with|since|as of)\s+(?:[A-Z][\w-]*\s+|version\s+|release\s+|v)*(\d+(?:\.\d+)+)",
    re.I,
)
_ASIDE = re.compile(r"\((?:contributed|patch|reported|suggested|see|thanks)\b[^()]*(?:\([^()]*\)[^()]*)*\)", re.I)
_ADVICE = re.compile(
    r"\W*(?:use|see|consider|to (?:migrate|replace|use|get)|replace|refer|note|porting)\b", re.IGNORECASE
)
_CONTAINER = re.compile(r"(?:the )?(?:\w+ )?(?::[\w:-]+:)?`+[^`]+`+(?: \w+){0,2}:", re.IGNORECASE)
_OWN_WORDS = 2400
_ENDLESS = re.compile(r"\S{300}")


@dataclass(frozen=True, slots=True)
class _Heading:
    """What the headings above an item say: default change, version of the page's section, planned removal."""

    change: Change | None
    version: str
    removal: str
    timeline: bool
    names: tuple[str, ...]


class _Verdict(NamedTuple):
    change: Change
    version: str
    removal: str
    since: str


def changelog_notes(document: Document, *, timeline: bool = False) -> list[Note]:
    """The notes of a changelog; `timeline`: its sections are named by the version in which their items go."""
    return list(_Log(document, timeline).notes())


@dataclass(slots=True)
class _Log:
    document: Document
    timeline: bool

    def notes(self) -> Iterator[Note]:
        passed: dict[int, tuple[_Verdict, tuple[str, ...]]] = {}
        items = items_of(self.document)
        parents = {id(item.parent) for item in items if item.parent}
        for item in items:
            found = self._item(item, self._heading(item), passed)
            if id(item) in parents and _CONTAINER.fullmatch(self.document.text[slice(*item.spans[0])].strip()):
                found = []
            yield from found

    def _heading(self, item: Item) -> _Heading:
        labels = [self.document.title, *item.headings]
        version, removal = "", ""
        change: Change | None = None
        is_plan = False
        for label in labels:
            number = _VERSION.search(label)
            if _PENDING_HEADING.search(label):
                change, removal, is_plan = "deprecated", number[1] if number else "", True
                continue
            if number and not (is_plan and label == self.document.title):
                version, change, removal, is_plan = number[1], None, "", False
            if _REMOVED_HEADING.search(label):
                change, is_plan = "removed", False
            elif _DEPRECATED_HEADING.search(label) and label is not self.document.title:
                change, is_plan = "deprecated", False
        dated = bool(self.timeline and version and not is_plan)
        return _Heading(
            change, "" if is_plan and not self._own_version() else version, removal, dated, section_names(item)
        )

    def _own_version(self) -> bool:
        return not _PENDING_HEADING.search(self.document.title)

    # --- items --------------------------------------------------------------------------------------------------

    def _item(self, item: Item, heading: _Heading, passed: dict[int, tuple[_Verdict, tuple[str, ...]]]) -> list[Note]:
        text = self.document.text
        found: list[Note] = []
        inherited = self._inherited(item, passed)
        last_verdict: _Verdict | None = None
        subjects: list[str] = []
        for number, clause in enumerate(self._clauses(item)):
            words = text[clause.start : clause.end]
            verdict = self._verdict(words, heading)
            around = inherited[0] if inherited else self._default(heading) if item.bullet else None
            if verdict is None and _ADVICE.match(words):
                continue
            if (
                verdict
                and around
                and around.change == "removed"
                and verdict.change == "deprecated"
                and not verdict.removal
            ):
                # "Removed: the x function, deprecated since 3.0" tells of both.
                verdict = around._replace(since=verdict.version)
            explicit = verdict is not None
            if verdict is None and number == 0:
                verdict = around
            if verdict is None:
                continue
            only = inherited[1] if inherited and not explicit else ()
            for named in read_clause(text, clause, explicit=explicit):
                note = self._note(item, clause, named, verdict, heading, only)
                if note:
                    found.append(note)
                    subjects.append(note.symbol)
            last_verdict = last_verdict or verdict
        if last_verdict is None and inherited:
            last_verdict = inherited[0]
        if last_verdict:
            passed[id(item)] = (last_verdict, tuple(subjects))
            found.extend(self._rows(item, last_verdict, heading))
        return self._completed(item, found)

    def _clauses(self, item: Item) -> list[Sentence]:
        """The clauses of an item, without asides on who contributed it."""
        text, found = self.document.text, []
        for start, end in item.spans:
            end = min(end, start + _OWN_WORDS)
            place = start
            for aside in _ASIDE.finditer(text, start, end):
                found.extend(clauses(text, place, aside.start()))
                place = aside.end()
            found.extend(clauses(text, place, end))
        return [c for c in found if text[c.start : c.end].strip() and not _ENDLESS.search(text, c.start, c.end)]

    def _inherited(
        self, item: Item, passed: dict[int, tuple[_Verdict, tuple[str, ...]]]
    ) -> tuple[_Verdict, tuple[str, ...]] | None:
        """What the items around say of this one: all after a colon, else only what belongs to their subjects."""
        for above in item.ancestors():
            told = passed.get(id(above))
            if told is None:
                continue
            verdict, subjects = told
            announced = self.document.text[slice(*above.spans[-1])].rstrip().endswith(":") or any(
                self.document.text[start:end].rstrip().endswith(":") for start, end in above.spans
            )
            return verdict, () if announced else subjects
        return None

    def _verdict(self, words: str, heading: _Heading) -> _Verdict | None:
        bare = " ".join(words.split())
        since = _SINCE.search(bare)
        before = since[1] if since else ""
        is_planned, when = planned(words)
        if heading.timeline and (is_planned or _REMOVED.search(bare)):
            return self._scheduled(heading)
        gone = _REMOVED.search(bare)
        if gone and not (
            is_planned and not _REMOVED.search(re.sub(r"(?:will|to|shall|may|might) be removed", "", bare))
        ):
            told = _GONE_IN.search(bare)
            version = told[1] if told else heading.version
            return _Verdict("removed", version, "", before) if version else None
        if _SOFT.search(bare):
            return None
        if _DEPRECATED.search(bare) or (is_planned and heading.change != "removed"):
            return _Verdict("deprecated", before or heading.version, when or heading.removal, "")
        return None

    def _scheduled(self, heading: _Heading) -> _Verdict:
        """An item of a timeline: done where the document's own version has reached the section's, else planned."""
        own, due = parse_version(self.document.metadata.get("version")), parse_version(heading.version)
        if own and due and at_most(due, own):
            return _Verdict("removed", heading.version, "", "")
        return _Verdict("deprecated", "", heading.version, "")

    def _default(self, heading: _Heading) -> _Verdict | None:
        if heading.change == "removed" and heading.version:
            return _Verdict("removed", heading.version, "", "")
        if heading.change == "deprecated" and (heading.version or heading.removal):
            return _Verdict("deprecated", "" if heading.removal else heading.version, heading.removal, "")
        return None

    # --- notes --------------------------------------------------------------------------------------------------

    def _note(
        self, item: Item, clause: Sentence, named: Named, verdict: _Verdict, heading: _Heading, only: tuple[str, ...]
    ) -> Note | None:
        symbol, names = named_as(self.document.text, item, named, heading.names)
        if only and not any(symbol.startswith(f"{owner}.") for owner in only):
            return None
        del clause
        source = "timeline" if heading.timeline else "changelog"
        scope: Scope = named.scope
        start, end = item.start, item.end
        return Note(
            symbol,
            verdict.change,
            verdict.version,
            start,
            end,
            source,
            scope,
            verdict.removal,
            (),
            names,
            "",
            verdict.since,
        )

    def _completed(self, item: Item, found: list[Note]) -> list[Note]:
        """The notes with their replacements; a removal that names its deprecation tells of that as well."""
        if not found:
            return []
        text = self.document.text
        own = tuple(note.symbol for note in found)
        instead: list[str] = []
        for start, end in item.spans:
            instead.extend(replacements(text, start, min(end, start + _OWN_WORDS), own))
        made: dict[tuple[str, str, str], Note] = {}
        for note in found:
            other = note.replacement or tuple(dict.fromkeys(instead))
            since, note = note.subject, _changed(note, other)
            made.setdefault((note.symbol, note.change, note.scope), note)
            if since and note.change == "removed":
                earlier = Note(note.symbol, "deprecated", since, note.start, note.end, note.source, note.scope,
                               note.version, other, note.names)  # fmt: skip
                made.setdefault((note.symbol, "deprecated", note.scope), earlier)
        return list(made.values())

    def _rows(self, item: Item, verdict: _Verdict, heading: _Heading) -> Iterator[Note]:
        """Table rows below an item: the first cell names what is gone, the others what to use."""
        text = self.document.text
        for _, end, cells in item.rows:
            if not cells:
                continue
            firsts = [Named(mention, (), "symbol") for mention in mentions(text, *cells[0])]
            others = [mention.name for place in cells[1:] for mention in mentions(text, *place)]
            for named in firsts:
                symbol, names = named_as(text, item, named, heading.names)
                instead = tuple(dict.fromkeys(others))[:6]
                yield Note(symbol, verdict.change, verdict.version, item.start, end, "changelog", "symbol",
                           verdict.removal, instead, names)  # fmt: skip


def _changed(note: Note, replacement: tuple[str, ...]) -> Note:
    own = {last(name) for name in (note.symbol, *note.names)}
    kept = tuple(name for name in replacement if last(name) not in own or name.count(".") > 1)
    return Note(note.symbol, note.change, note.version, note.start, note.end, note.source, note.scope, note.removal,
                kept[:6], note.names)  # fmt: skip


__all__ = ["Mention", "changelog_notes"]
