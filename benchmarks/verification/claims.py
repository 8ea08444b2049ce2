"""The claims that one sentence can give, by class: false by change, by cut or by source; true; controls.

A maker gets the pool, a sentence and how many claims of its class there are already: even ones keep the quotation true
and change the claim alone, odd ones change both in the same place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from benchmarks.verification import context, faithful, sources
from benchmarks.verification.change import Change, Rule, differs, small
from benchmarks.verification.corpora import DOMAINS, Source
from benchmarks.verification.draw import number, pick
from benchmarks.verification.pool import Pair, Pool, arrange
from benchmarks.verification.record import Made, within
from benchmarks.verification.sentences import Sentence

_NAMES_A_RELEASE = re.compile(r"\d\.\d|version|release|Python \d|Django \d")
Quotes = tuple[tuple[int, str], ...]


def _false(name: str, pair: Pair, quotes: Quotes, passages: tuple[Source, ...], change: Change, where: str) -> Made:
    """A false claim whose text is the change's; the question is filled in by `_asked`."""
    source, sentence = pair
    return Made(
        name=name,
        kind="verbatim",
        expected="not_supported",
        domain=source.domain,
        claim=change.text,
        quotes=quotes,
        passages=passages,
        question="",
        rule=change.rule,
        where=where,
        before=change.before,
        after=change.after,
        spans=((change.start, change.end),),
        original=sentence.text,
    )


def _asked(pool: Pool, made: Made, text: str, *avoid: str) -> Made:
    return replace(made, question=pool.question(text, made.domain, *avoid))


def _where(both: bool) -> str:
    return "claim_and_quote" if both else "claim"


def changed(pool: Pool, name: str, rule: Rule) -> Callable[[Pair, int], Iterator[Made]]:
    """The maker of a class that is one rule of change."""

    def make(pair: Pair, taken: int) -> Iterator[Made]:
        source, sentence = pair
        for change in rule(sentence.text, source):
            if differs(change, sentence.text):
                yield one_change(pool, name, pair, change, both=bool(taken % 2))

    return make


def one_change(pool: Pool, name: str, pair: Pair, change: Change, *, both: bool) -> Made:
    """A claim with one changed place; the quotation is true, or (`both`) changed in the same place."""
    source, sentence = pair
    passages, place = arrange(pool, source, sentence.text)
    quotes = ((place[source.document_id], change.text if both else sentence.text),)
    made = _false(name, pair, quotes, passages, change, _where(both))
    return _asked(pool, made, sentence.text, change.before, change.after)


# --- false by source or by cut --------------------------------------------------------------------------------------


def out_of_context(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """The sentence without what limits it; quoted whole, or quoted with the cut."""
    source, sentence = pair
    for cut in context.out_of_context(sentence.text, source):
        both = bool(taken % 2)
        passages, place = arrange(pool, source, sentence.text)
        end = 0 if cut.start else len(cut.claim)
        change = Change(cut.claim, end, end, cut.lost, "", cut.rule)
        quotes = ((place[source.document_id], cut.kept if both else sentence.text),)
        yield _asked(pool, _false("out_of_context", pair, quotes, passages, change, _where(both)), cut.kept)


def stitched(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """Halves of two sentences of the passages as one."""
    source, sentence = pair
    if sources.halves(sentence.text) is None:
        return
    alone = bool(number(sentence.text, "stitch") % 2)
    for other in [source] if alone else pool.beside(source, 2, sentence.text):
        for second in other.sentences:
            change = sources.joined(sentence.text, second.text) if second.text != sentence.text else None
            if change is not None:
                yield _stitch(pool, pair, other, second, change, both=bool(taken % 2))


def _stitch(pool: Pool, pair: Pair, other: Source, second: Sentence, change: Change, *, both: bool) -> Made:
    source, sentence = pair
    alone = other is source
    passages, place = arrange(pool, source, sentence.text, *([] if alone else [other]))
    here, there = place[source.document_id], place[other.document_id]
    quotes = ((here, change.text),) if both else ((here, sentence.text), (there, second.text))
    named = replace(change, rule="two sentences of one passage" if alone else "two passages")
    made = _false("stitched", pair, quotes, passages, named, _where(both))
    return replace(_asked(pool, made, change.text), original=f"{sentence.text} || {second.text}")


def fabricated(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """Words that no passage holds: a sentence of another document or field, or a new one made of two."""
    source, sentence = pair
    both = bool(taken % 2)
    passages, place = arrange(pool, source, sentence.text)
    for rule, claim in _inventions(pool, source, sentence):
        change = Change(claim, 0, len(claim), sentence.text, claim, rule)
        quotes = ((place[source.document_id], claim if both else sentence.text),)
        yield _asked(pool, _false("fabricated", pair, quotes, passages, change, _where(both)), claim)


def _inventions(pool: Pool, source: Source, sentence: Sentence) -> Iterator[tuple[str, str]]:
    elsewhere = pick([domain for domain in DOMAINS if domain != source.domain], sentence.text)
    for rule, domain in (("sentence of another field", elsewhere), ("sentence of another document", source.domain)):
        other = pick(pool.sources[domain], sentence.text, rule)
        each = pick(other.sentences, sentence.text, rule, "sentence")
        if other.document_id != source.document_id and each.text not in pool.used:
            yield rule, each.text
    for step in range(40):
        other = pick(pool.sources[source.domain], sentence.text, "recombined", step)
        for each in other.sentences[:6]:
            change = sources.joined(sentence.text, each.text)
            if change and other.document_id != source.document_id:
                yield "recombined with another document", change.text
                return


def misattributed(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """A true quotation given to the wrong passage by number, or to the wrong source in the claim's words."""
    source, sentence = pair
    passages, place = arrange(pool, source, sentence.text)
    at = place[source.document_id]
    wrong = pick([n for n in range(1, len(passages) + 1) if n != at], sentence.text, "wrong")
    if taken % 2 == 0:
        yield from _wrongly_named(pool, pair, passages, at, wrong)
        return
    rule = "wrong number, true source present"
    if number(sentence.text, "absent") % 2:
        rule = "wrong number, true source absent"
        beside = pool.beside(source, 6, sentence.text + "instead")
        instead = next((other for other in beside if other.document_id not in place), None)
        if instead is None:
            return
        passages = tuple(instead if n == at else p for n, p in enumerate(passages, 1))
    change = Change(sentence.text, 0, 0, str(at), str(wrong), rule)
    made = _false("misattributed", pair, ((wrong, sentence.text),), passages, change, "attribution")
    yield _asked(pool, replace(made, spans=()), sentence.text)


def _wrongly_named(pool: Pool, pair: Pair, passages: tuple[Source, ...], at: int, wrong: int) -> Iterator[Made]:
    source, sentence = pair
    named, lowered = passages[wrong - 1], _movable(sentence.text)
    if not lowered or not sources.nameable(named) or named.title == source.title:
        return
    if within(sentence.text, named.text):
        return
    title = named.title.rstrip(".")
    claim = sources.attribution(lowered, title, source.domain)
    start = claim.index(title)
    change = Change(claim, start, start + len(title), source.title, title, "wrong source named in the claim")
    made = _false("misattributed", pair, ((at, sentence.text),), passages, change, "claim")
    yield _asked(pool, made, sentence.text)


def _movable(text: str) -> str | None:
    """The sentence with a small first letter, ready to follow "According to ...,"; None where it cannot follow."""
    return small(text) if context.stands(text) else None


def wrong_version(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """A claim on release Y that cites the documentation of release X, or a stated release that was changed."""
    source, sentence = pair
    both = bool(taken % 2)
    for change in sources.stated_versions(sentence.text, source):
        yield one_change(pool, "wrong_version", pair, change, both=both)
    release, lowered = sources.documented(source), _movable(sentence.text)
    if release and lowered and not _NAMES_A_RELEASE.search(sentence.text):
        library, version = release
        other = sources.other_version(library, version, sentence.text)
        claim = sources.in_version(lowered, library, other)
        start = claim.index(other)
        change = Change(claim, start, start + len(other), version, other, "documentation of another release")
        yield one_change(pool, "wrong_version", pair, change, both=both)


# --- true -----------------------------------------------------------------------------------------------------------


def _true(pool: Pool, name: str, pair: Pair, claim: str, quote: str, rule: str) -> Made:
    source, sentence = pair
    passages, place = arrange(pool, source, sentence.text)
    return Made(
        name=name,
        kind="verbatim",
        expected="supported",
        domain=source.domain,
        claim=claim,
        quotes=((place[source.document_id], quote),),
        passages=passages,
        question=pool.question(claim, source.domain),
        rule=rule,
        where="nothing",
        original=sentence.text,
    )


def verbatim(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """The sentence, quoted and claimed word for word."""
    source, sentence = pair
    yield _true(pool, "verbatim", pair, sentence.text, sentence.text, f"sentence of {source.kind}")


def extract(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """A part that says what the sentence says."""
    source, sentence = pair
    for cut in context.extracts(sentence.text, source):
        yield replace(_true(pool, "extract", pair, cut.claim, cut.kept, cut.rule), before=cut.lost)


def typographic(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """The same words in other print, in the passage or in the quotation."""
    yield from _rendered(pool, "typographic", pair, faithful.printed)


def bracketed(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """The same words with an honest quoter's brackets."""
    yield from _rendered(pool, "bracketed", pair, faithful.bracketed)


Render = Callable[[Sentence, Source], Iterator[faithful.Rendering]]


def _rendered(pool: Pool, name: str, pair: Pair, render: Render) -> Iterator[Made]:
    source, sentence = pair
    for rendering in render(sentence, source):
        made = _true(pool, name, pair, rendering.claim, rendering.quote, rendering.rule)
        shown = tuple(replace(p, text=rendering.passage) if p is source else p for p in made.passages)
        yield replace(made, passages=shown, before=rendering.before, after=rendering.after)


def joined(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """Two true quotations in one claim, of one passage or of two."""
    source, sentence = pair
    apart = bool(taken % 2)
    other = pool.beside(source, 1, sentence.text)[0] if apart else source
    usable = (s for s in other.sentences if s.text != sentence.text and s.text not in pool.used and _movable(s.text))
    second = next(usable, None)
    if second is None or not context.stands(sentence.text):
        return
    link = pick(("; ", ", and ", " "), sentence.text, "link")
    tail = second.text if link == " " else _movable(second.text)
    claim = f"{sentence.text if link == ' ' else sentence.text[:-1]}{link}{tail}"
    passages, place = arrange(pool, source, sentence.text, *([other] if apart else []))
    quotes = ((place[source.document_id], sentence.text), (place[other.document_id], second.text))
    pool.used.add(second.text)
    rule = f"{'two passages' if apart else 'one passage'}, link «{link}»"
    made = _true(pool, "joined", pair, claim, sentence.text, rule)
    question = pool.question(sentence.text, source.domain)
    original = f"{sentence.text} || {second.text}"
    yield replace(made, quotes=quotes, passages=passages, question=question, original=original)


# --- controls: true, with a source or a release named in the claim; reported apart ------------------------------------


def right_source(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """The true source named in the claim."""
    source, sentence = pair
    lowered = _movable(sentence.text)
    if lowered and sources.nameable(source):
        claim = sources.attribution(lowered, source.title, source.domain)
        made = _true(pool, "right_source", pair, claim, sentence.text, "true source named in the claim")
        yield replace(made, kind="control")


def right_version(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """The documented release named in the claim."""
    source, sentence = pair
    release, lowered = sources.documented(source), _movable(sentence.text)
    if release and lowered and not _NAMES_A_RELEASE.search(sentence.text):
        claim = sources.in_version(lowered, *release)
        made = _true(pool, "right_version", pair, claim, sentence.text, "documented release named in the claim")
        yield replace(made, kind="control")
