"""Draws the claims of every class from the pool of passages: counts, balance over domains, one claim a sentence."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.verification import context, faithful, names, quantities, sources, words
from benchmarks.verification.change import Change, Rule, differs, small
from benchmarks.verification.corpora import DOMAINS, Source
from benchmarks.verification.draw import digest, number, ordered, pick
from benchmarks.verification.record import Made, faults, within
from benchmarks.verification.sentences import Sentence
from benchmarks.verification.tables import EMPTY

Pair = tuple[Source, Sentence]
FALSE_EACH = 60
WRONG_VERSION = 150
TRUE_EACH = {"verbatim": 110, "extract": 80, "typographic": 90, "joined": 70, "bracketed": 70}
CONTROLS = {"right_version": 60, "right_source": 20}
CAP = 0.3
SPARE = 6
CHANGES: dict[str, Rule] = {
    "unit_changed": quantities.units,
    "date_changed": quantities.dates,
    "quantifier_changed": words.quantifier,
    "direction_changed": words.direction,
    "name_changed": names.names,
    "number_changed": quantities.numbers,
    "modality_changed": words.modality,
    "negation_changed": words.negation,
}


@dataclass
class Pool:
    """All passages and their sentences, drawn order; remembers which sentences are used."""

    sources: dict[str, list[Source]]
    used: set[str] = field(default_factory=set)
    frequency: Counter[str] = field(default_factory=Counter)
    kinds: dict[tuple[str, str], list[Source]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for source in (s for group in self.sources.values() for s in group):
            self.kinds.setdefault((source.domain, source.kind.split("-")[0]), []).append(source)
            self.frequency.update(set(_tokens(source.text)))

    def candidates(self, domain: str, *parts: object) -> Iterator[Pair]:
        """The sentences of a domain that are not used yet, in an order of their own for each class."""
        pairs = [(source, sentence) for source in self.sources[domain] for sentence in source.sentences]
        for source, sentence in ordered(pairs, lambda pair: pair[0].document_id + pair[1].text, *parts):
            if sentence.text not in self.used:
                yield source, sentence

    def beside(self, source: Source, count: int, key: str) -> list[Source]:
        """Other passages of the same kind, of other documents."""
        alike = self.kinds[source.domain, source.kind.split("-")[0]]
        found: list[Source] = []
        for step in range(50):
            other = alike[number("beside", key, step) % len(alike)]
            if other.document_id not in {source.document_id, *(f.document_id for f in found)}:
                found.append(other)
            if len(found) == count:
                break
        return found

    def question(self, text: str, domain: str, *avoid: str) -> str:
        """A question after two telling words of the sentence that no change touches."""
        barred = {token for part in avoid for token in _tokens(part)}
        known = [t for t in dict.fromkeys(_tokens(text)) if t not in barred and self.frequency[t] >= 3]
        telling = sorted(sorted(known, key=lambda t: (self.frequency[t], t))[:2], key=known.index)
        what = " and ".join(telling) if telling else "this"
        frames = {
            "legal": "What do the documents say about {w}?",
            "medical": "What is known about {w}?",
            "technical": "What does the documentation say about {w}?",
        }
        return frames[domain].format(w=what)


def _tokens(text: str) -> list[str]:
    return [t for t in re.findall(r"[a-z][a-z-]{3,}[a-z]", text.lower()) if t not in EMPTY]


def arrange(pool: Pool, source: Source, key: str, *more: Source) -> tuple[tuple[Source, ...], dict[str, int]]:
    """Three passages or more in drawn order, and the place (from 1) of each document."""
    wanted = [source, *more]
    wanted += (
        [s for s in pool.beside(source, 3 - len(wanted), key) if s.document_id not in {w.document_id for w in wanted}]
        if len(wanted) < 3
        else []
    )
    order = ordered(wanted, lambda s: s.document_id, "arrange", key)
    return tuple(order), {s.document_id: place for place, s in enumerate(order, 1)}


class Draw:
    """Takes candidates until a class is full, no rule above its share while others can fill it."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def fill(self, name: str, domain: str, count: int, make: Callable[[Pair, int], Iterable[Made]]) -> list[Made]:
        """Up to `count` claims. `make` gets a sentence and how many there are already, and proposes claims."""
        taken: list[Made] = []
        rules: Counter[str] = Counter()
        spare: list[tuple[Pair, list[Made]]] = []
        for pair in self.pool.candidates(domain, name, domain):
            if len(taken) == count or len(spare) == SPARE * count:
                break
            options = [made for made in make(pair, len(taken)) if not faults(made)]
            allowed = [made for made in options if rules[made.rule] < math.ceil(CAP * count)]
            if allowed:
                self._take(taken, rules, allowed, pair)
            elif options:
                spare.append((pair, options))
        for pair, options in spare:
            if len(taken) < count and pair[1].text not in self.pool.used:
                again = [made for made in make(pair, len(taken)) if not faults(made)]
                self._take(taken, rules, again or options, pair)
        return taken

    def _take(self, taken: list[Made], rules: Counter[str], options: list[Made], pair: Pair) -> None:
        rare = sorted({made.rule for made in options}, key=lambda rule: (rules[rule], digest(pair[1].text, rule)))[0]
        made = pick([m for m in options if m.rule == rare], pair[1].text, "option")
        taken.append(made)
        rules[made.rule] += 1
        self.pool.used.add(pair[1].text)


def build(pool: Pool) -> list[Made]:
    """Every claim of the benchmark but the paraphrases, scarce classes first."""
    draw = Draw(pool)
    found: list[Made] = []
    found += draw.fill("wrong_version", "technical", WRONG_VERSION, lambda p, n: wrong_version(pool, p, n))
    found += draw.fill("right_version", "technical", CONTROLS["right_version"], lambda p, n: right_version(pool, p))
    for name, rule in CHANGES.items():
        for domain in DOMAINS:
            found += draw.fill(name, domain, FALSE_EACH, _changed(pool, name, rule))
    makers: list[tuple[str, int, Callable[[Pool, Pair, int], Iterable[Made]]]] = [
        ("out_of_context", FALSE_EACH, out_of_context),
        ("extract", TRUE_EACH["extract"], extract),
        ("stitched", FALSE_EACH, stitched),
        ("fabricated", FALSE_EACH, fabricated),
        ("misattributed", FALSE_EACH, misattributed),
        ("right_source", CONTROLS["right_source"], right_source),
        ("joined", TRUE_EACH["joined"], joined),
        ("bracketed", TRUE_EACH["bracketed"], bracketed),
        ("typographic", TRUE_EACH["typographic"], typographic),
        ("verbatim", TRUE_EACH["verbatim"], verbatim),
    ]
    for name, count, maker in makers:
        for domain in DOMAINS:
            found += draw.fill(name, domain, count, lambda p, n, maker=maker: maker(pool, p, n))  # type: ignore[misc]
    return found


def _changed(pool: Pool, name: str, rule: Rule) -> Callable[[Pair, int], Iterator[Made]]:
    def make(pair: Pair, taken: int) -> Iterator[Made]:
        source, sentence = pair
        for change in rule(sentence.text, source):
            if differs(change, sentence.text):
                yield false_claim(pool, name, source, sentence, change, both=bool(taken % 2))

    return make


def false_claim(pool: Pool, name: str, source: Source, sentence: Sentence, change: Change, *, both: bool) -> Made:
    """A claim with one changed place; the quotation is true, or (`both`) changed in the same place."""
    passages, place = arrange(pool, source, sentence.text)
    quote = change.text if both else sentence.text
    return Made(
        name,
        "verbatim",
        "not_supported",
        source.domain,
        change.text,
        ((place[source.document_id], quote),),
        passages,
        pool.question(sentence.text, source.domain, change.before, change.after),
        change.rule,
        "claim_and_quote" if both else "claim",
        change.before,
        change.after,
        ((change.start, change.end),),
        sentence.text,
    )


# --- false by source or by cut --------------------------------------------------------------------------------------


def out_of_context(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """The sentence without what limits it; quoted whole, or quoted with the cut."""
    source, sentence = pair
    for cut in context.out_of_context(sentence.text, source):
        both = bool(taken % 2)
        passages, place = arrange(pool, source, sentence.text)
        end = 0 if cut.start else len(cut.claim)
        yield Made(
            "out_of_context",
            "verbatim",
            "not_supported",
            source.domain,
            cut.claim,
            ((place[source.document_id], cut.kept if both else sentence.text),),
            passages,
            pool.question(cut.kept, source.domain),
            cut.rule,
            "claim_and_quote" if both else "claim",
            cut.lost,
            "",
            ((end, end),),
            sentence.text,
        )


def stitched(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """Halves of two sentences of the passages as one."""
    source, sentence = pair
    if sources.halves(sentence.text) is None:
        return
    both = bool(taken % 2)
    if number(sentence.text, "stitch") % 2:
        seconds = [(source, other) for other in source.sentences if other.text != sentence.text]
    else:
        beside = pool.beside(source, 2, sentence.text)
        seconds = [(other, each) for other in beside for each in other.sentences]
    for second_source, second in seconds:
        change = sources.joined(sentence.text, second.text)
        if change is None:
            continue
        more = [] if second_source is source else [second_source]
        passages, place = arrange(pool, source, sentence.text, *more)
        first_place, second_place = place[source.document_id], place[second_source.document_id]
        quotes = ((first_place, change.text),) if both else ((first_place, sentence.text), (second_place, second.text))
        same = "two sentences of one passage" if not more else "two passages"
        yield Made(
            "stitched", "verbatim", "not_supported", source.domain, change.text, quotes, passages,
            pool.question(change.text, source.domain), same, "claim_and_quote" if both else "claim",
            change.before, change.after, ((change.start, change.end),), f"{sentence.text} || {second.text}",
        )  # fmt: skip


def fabricated(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """Words that no passage holds: a sentence of another document or field, or a new one made of two."""
    source, sentence = pair
    both = bool(taken % 2)
    passages, place = arrange(pool, source, sentence.text)
    at = place[source.document_id]
    for rule, claim in _inventions(pool, source, sentence):
        yield Made(
            "fabricated", "verbatim", "not_supported", source.domain, claim,
            ((at, claim if both else sentence.text),), passages, pool.question(claim, source.domain), rule,
            "claim_and_quote" if both else "claim", sentence.text, claim, ((0, len(claim)),), sentence.text,
        )  # fmt: skip


def _inventions(pool: Pool, source: Source, sentence: Sentence) -> Iterator[tuple[str, str]]:
    fields = [d for d in DOMAINS if d != source.domain]
    for rule, domain in (
        ("sentence of another field", pick(fields, sentence.text)),
        ("sentence of another document", source.domain),
    ):
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
    question = pool.question(sentence.text, source.domain)
    wrong = pick([n for n in range(1, len(passages) + 1) if n != at], sentence.text, "wrong")
    if taken % 2 == 0:
        yield from _wrongly_named(source, sentence, passages, at, wrong, question)
        return
    absent = bool(number(sentence.text, "absent") % 2)
    if absent:
        instead = pool.beside(source, 6, sentence.text + "instead")
        free = [s for s in instead if s.document_id not in place]
        if not free:
            return
        passages = tuple(free[0] if n == at else p for n, p in enumerate(passages, 1))
    rule = "wrong number, true source absent" if absent else "wrong number, true source present"
    made = Made(
        "misattributed", "verbatim", "not_supported", source.domain, sentence.text, ((wrong, sentence.text),), passages, question, rule,
        "attribution", str(at), str(wrong), (), sentence.text,
    )  # fmt: skip
    yield made


def _wrongly_named(
    source: Source, sentence: Sentence, passages: Sequence[Source], at: int, wrong: int, question: str
) -> Iterator[Made]:
    named, lowered = passages[wrong - 1], small(sentence.text)
    if (
        not lowered
        or not context.stands(sentence.text)
        or not sources.nameable(named)
        or named.title == source.title
        or within(sentence.text, named.text)
    ):
        return
    claim = sources.attribution(lowered, named.title, source.domain)
    start = claim.find(named.title.rstrip("."))
    yield Made(
        "misattributed", "verbatim", "not_supported", source.domain, claim, ((at, sentence.text),), tuple(passages), question,
        "wrong source named in the claim", "claim", source.title, named.title, ((start, start + len(named.title.rstrip("."))),), sentence.text,
    )  # fmt: skip


def wrong_version(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """A claim on release Y that cites the documentation of release X, or a stated release that was changed."""
    source, sentence = pair
    both = bool(taken % 2)
    for change in sources.stated_versions(sentence.text, source):
        yield false_claim(pool, "wrong_version", source, sentence, change, both=both)
    release, lowered = sources.documented(source), small(sentence.text)
    if (
        release
        and lowered
        and context.stands(sentence.text)
        and not re.search(r"\d\.\d|version|release|Python \d|Django \d", sentence.text)
    ):
        library, version = release
        other = sources.other_version(library, version, sentence.text)
        claim = sources.in_version(lowered, library, other)
        start = claim.index(other)
        change = Change(claim, start, start + len(other), version, other, "documentation of another release")
        yield false_claim(pool, "wrong_version", source, sentence, change, both=both)


# --- true -----------------------------------------------------------------------------------------------------------


def _true(
    pool: Pool,
    name: str,
    source: Source,
    claim: str,
    quote: str,
    rule: str,
    sentence: Sentence,
    *,
    kind: str = "verbatim",
) -> Made:
    passages, place = arrange(pool, source, sentence.text)
    question = pool.question(claim, source.domain)
    quotes = ((place[source.document_id], quote),)
    return Made(
        name,
        kind,
        "supported",
        source.domain,
        claim,
        quotes,
        passages,
        question,
        rule,
        "nothing",
        original=sentence.text,
    )


def verbatim(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """The sentence, quoted and claimed word for word."""
    source, sentence = pair
    yield _true(pool, "verbatim", source, sentence.text, sentence.text, f"sentence of {source.kind}", sentence)


def extract(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """A part that says what the sentence says."""
    source, sentence = pair
    for cut in context.extracts(sentence.text, source):
        made = _true(pool, "extract", source, cut.claim, cut.kept, cut.rule, sentence)
        yield replace(made, before=cut.lost)


def typographic(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """The same words in other print, in the passage or in the quotation."""
    yield from _rendered(pool, "typographic", pair, faithful.printed)


def bracketed(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """The same words with an honest quoter's brackets."""
    yield from _rendered(pool, "bracketed", pair, faithful.bracketed)


def _rendered(
    pool: Pool, name: str, pair: Pair, render: Callable[[Sentence, Source], Iterator[faithful.Rendering]]
) -> Iterator[Made]:
    source, sentence = pair
    for rendering in render(sentence, source):
        made = _true(pool, name, source, rendering.claim, rendering.quote, rendering.rule, sentence)
        shown = tuple(replace(p, text=rendering.passage) if p is source else p for p in made.passages)
        yield replace(made, passages=shown, before=rendering.before, after=rendering.after)


def joined(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """Two true quotations in one claim, of one passage or of two."""
    source, sentence = pair
    apart = bool(taken % 2)
    others = pool.beside(source, 1, sentence.text) if apart else [source]
    if not context.stands(sentence.text):
        return
    for other in others:
        for second in other.sentences:
            lowered = small(second.text)
            if (
                second.text == sentence.text
                or second.text in pool.used
                or not lowered
                or not context.stands(second.text)
            ):
                continue
            passages, place = arrange(pool, source, sentence.text, *([other] if apart else []))
            link = pick(("; ", ", and ", " "), sentence.text, "link")
            claim = f"{sentence.text[:-1]}{link}{lowered}" if link != " " else f"{sentence.text} {second.text}"
            quotes = ((place[source.document_id], sentence.text), (place[other.document_id], second.text))
            question = pool.question(sentence.text, source.domain)
            rule = "two passages" if apart else "one passage"
            pool.used.add(second.text)
            yield Made(
                "joined",
                "verbatim",
                "supported",
                source.domain,
                claim,
                quotes,
                passages,
                question,
                f"{rule}, link «{link}»",
                "nothing",
                original=f"{sentence.text} || {second.text}",
            )
            return


def right_source(pool: Pool, pair: Pair, taken: int) -> Iterator[Made]:
    """Control: the true source named in the claim. Not in the verbatim pool."""
    source, sentence = pair
    lowered = small(sentence.text)
    if lowered and context.stands(sentence.text) and sources.nameable(source):
        claim = sources.attribution(lowered, source.title, source.domain)
        yield _true(
            pool,
            "right_source",
            source,
            claim,
            sentence.text,
            "true source named in the claim",
            sentence,
            kind="control",
        )


def right_version(pool: Pool, pair: Pair) -> Iterator[Made]:
    """Control: the documented release named in the claim. Not in the verbatim pool."""
    source, sentence = pair
    release, lowered = sources.documented(source), small(sentence.text)
    if (
        release
        and lowered
        and context.stands(sentence.text)
        and not re.search(r"\d\.\d|version|release|Python \d|Django \d", sentence.text)
    ):
        claim = sources.in_version(lowered, *release)
        yield _true(
            pool,
            "right_version",
            source,
            claim,
            sentence.text,
            "documented release named in the claim",
            sentence,
            kind="control",
        )
