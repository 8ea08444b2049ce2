"""Rules that change a small word and with it the meaning: negation, modality, direction, quantifier."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.verification import tables
from benchmarks.verification.change import Change, in_brackets, in_code, in_quotation, like, replace, swaps
from benchmarks.verification.corpora import Source
from benchmarks.verification.tables import only

_NEGATIVE = re.compile(
    r"\b(?:not|no|never|without|neither|nor|none|cannot|nothing|n't|unless|fails?|failed|lack\w*)\b|n't\b", re.I
)
_INSERT = re.compile(
    r"(?<![-`'\w])(is|are|was|were|has been|have been|had been|shall|must|will|should) "
    r"(?!(?:not|no|never|only|also|to|the case|that|it|an?|one|what|how|why|as|in|of|at least|likely|"
    r"all|any|more|less)\b)(?=[a-z]+)"
)
_REMOVE = re.compile(
    r"\b(is|are|was|were|has|have|had|does|did|do|shall|must|will|should|would) not (?!(?:only|"
    r"necessarily|merely|just|yet|limited|or|be limited|withstanding)\b)"
)
_CANNOT = re.compile(r"\b(?:cannot|can not) (?!(?:only|help|but)\b)")
_WITHOUT = re.compile(
    r"\bwithout (?!(?:limit|regard|prejudice|loss of general|merit|more\b|saying|doubt|question|foundation|waiv))", re.I
)
_NO = re.compile(
    r"\b(?<!-)(No|no) (?=(?:significant|statistically|difference|differences|evidence|effect|change|"
    r"changes|association|correlation|increase|decrease|benefit|obligation|right|party|further|other|"
    r"serious|adverse|material)\b)"
)
_prefix = swaps(
    only(tables.NEGATING),
    "prefix",
    unless=r"(?:more|less|as|most|least|very|equally|un\w*|not|no|how|cost|highly|too|so|commercially|if|"
    r"where|when|whether|"
    r"any|and|or|\w+ly|effective date|a)\s⟨(?:reasonable|sufficient|effective|likely|possible|"
    r"appropriate|adequate|safe|necessary|valid|supported)⟩"
    r"|⟨effective⟩ (?:date|as|on|time|upon|until|immediately|tax|life)|⟨reasonable⟩ (?:efforts?|care|"
    r"doubt|time|notice|inference|person|steps)"
    r"|⟨(?:valid|supported|safe|effective|sufficient|possible|reasonable|likely|appropriate|necessary|"
    r"adequate)⟩(?! (?:for|to|in|and|at|because|by)\b)|best ⟨|as ⟨|if ⟨|where ⟨|, ⟨|⟩ (?:or|and)\b|⟩,",
)


_SUBORDINATE = re.compile(
    r"\b(?:which|that|who|whose|where|if|when|whether|what|how|because|as|while|although)\b", re.I
)


def negation(text: str, source: Source) -> Iterator[Change]:
    """A negation is put in or taken out. Nothing is put into a sentence that already holds one."""
    if re.search(r"\bwhether\b", text):
        return
    yield from _particle_removed(text)
    yield from _no_removed(text)
    yield from _prefix(text, source)
    if not _NEGATIVE.search(text):
        yield from _not_inserted(text)


def _particle_removed(text: str) -> Iterator[Change]:
    for match in _REMOVE.finditer(text):
        if not _mentioned(text, match.start()) and not re.search(
            r"\b(?:whether|or|but)\s[^.]{0,12}$", text[: match.start()]
        ):
            yield replace(text, (match.end(1) + 1, match.end()), "", "not removed")
    for match in _CANNOT.finditer(text):
        if not _mentioned(text, match.start()):
            yield replace(text, (match.start(), match.end() - 1), "can", "cannot to can")
    for match in _WITHOUT.finditer(text):
        if not _mentioned(text, match.start()) and not re.search(r"with (?:and|or) $|\bor $", text[: match.start()]):
            yield replace(text, (match.start(), match.end() - 1), like(match[0], "with"), "without to with")


def _no_removed(text: str) -> Iterator[Change]:
    for match in _NO.finditer(text):
        led = re.search(r"\b(?:or|there being|of|to) $", text[: match.start()])
        if led or _mentioned(text, match.start()):
            continue
        rest = text[match.end() :]
        plural = re.match(r"(?:\w+ ){0,2}(?:differences|changes|effects|benefits|obligations|rights)\b", rest)
        article = "" if plural else "an " if rest[0] in "aeio" else "a "
        yield replace(text, match.span(), like(match[1], article) if article else "", "no removed")


def _not_inserted(text: str) -> Iterator[Change]:
    free = (m for m in _INSERT.finditer(text) if not _mentioned(text, m.start()) and not in_brackets(text, m.start()))
    first = next(free, None)
    if first and not _SUBORDINATE.search(text[: first.start()]):
        words = first[1].split()
        after = f"{words[0]} not{' been' if len(words) > 1 else ''}"
        yield replace(text, first.span(1), after, "not inserted")


def _mentioned(text: str, position: int) -> bool:
    return in_code(text, position) or in_quotation(text, position)


_MODAL = re.compile(
    r"(?<![\w`'-])(may|shall|must|should|can|will|might|could)(?= (?!not\b|only\b|vary\b|concern\b|\d|"
    r"(?:\w+ ){1,3}only\b)[a-z])(?![-'’`])"
)
_MODAL_TO = tables.MODALS
_HEDGES = only(tables.HEDGES)
_HEDGE = re.compile(r"(?<![\w`-])(?:" + "|".join(sorted(_HEDGES, key=len, reverse=True)) + r")(?![\w-])")


def modality(text: str, source: Source) -> Iterator[Change]:
    """Permission, duty, ability and certainty are exchanged."""
    if re.search(r"\bwhether\b", text):
        return
    for match in _MODAL.finditer(text):
        if not _mentioned(text, match.start()) and not re.search(r"\b(?:in|on|of|by|as|\d)\s$", text[: match.start()]):
            for after in _MODAL_TO[match[1]]:
                foreign = after == "shall" and source.domain != "legal"
                if not foreign and not (after == "may" and re.match(r" (?:have|be deemed)", text[match.end() :])):
                    yield replace(text, match.span(), after, f"{match[1]} to {after}")
    for match in _HEDGE.finditer(text):
        after = _HEDGES[match[0]]
        plural = after == "is" and re.search(r"\b(?:\w{3,}s|and \w+|they|both|which|that) $", text[: match.start()])
        if not _mentioned(text, match.start()) and not plural and not text[: match.start()].endswith("not "):
            yield replace(text, match.span(), after, f"{match[0]} to {after}")


direction = swaps(
    only(tables.OPPOSITES),
    "direction",
    unless=r"\b(?:nor|or|and|non-?)\s⟨|⟩ (?:or|and|than or)\b|no ⟨|not ⟨(?:more|less)|⟨(?:lower|upper)⟩ "
    r"(?:back|limb|extremit|leg|court|case|"
    r"respiratory|abdom|gastro|tier|body|lip|urinary|class|midwest|body|peninsula|east|arm|esoph)|"
    r"⟨higher⟩ (?:education|order|level|court|plants|animals)"
    r"|⟨before⟩ (?:the|us|this|any|it|him|her|a|an|me|and|you) ?(?:court|jury|panel|judge|board|"
    r"district|magistrate|grand|$|,)?|⟨following⟩(?! (?:the|a|an|treatment|surgery|transplant|"
    r"administration|termination|expiration|receipt|\w+ation)\b)"
    r"|the ⟨following⟩|⟨(?:above|below)⟩(?! (?:the|\d|a|an|this|that|zero|average|normal|baseline)\b)|"
    r"the ⟨above⟩|⟨more than⟩ (?:just|a mere|one way)|⟨first⟩(?! (?:line|element|character|argument|"
    r"item|n|occurrence|row|column|entry|value|match|day|trimester|name|word|step|axis)\b)"
    r"|⟨(?:beginning|end|ending)⟩(?! of\b)|⟨end⟩|⟨better than⟩ nothing|⟨grant⟩ (?:number|no)|"
    r"⟨(?:grant|grants)⟩(?= (?:from|support))|(?:take|taken|into) ⟨|⟨(?:include|includes|included|"
    r"including)⟩|⟨(?:promotes|promoted)⟩"
    r"|⟨improvement⟩s|⟨(?:older|younger)⟩ (?:adults?|people|patients|women|men|persons|children)|"
    r"⟨later⟩ (?:on\b)|no ⟨later⟩|⟨later⟩ than|⟨earlier⟩(?: of|\.|,)|⟨later⟩(?: of|\.|,)|sooner|"
    r"⟨longer⟩ (?:be|than necessary|any)|any ⟨|no ⟨longer|⟨success⟩(?!ful)(?! of| in| rate)"
    r"|⟨increase⟩ (?:or)|after ⟨|⟨(?:maximum|minimum)⟩ (?:extent|likelihood)|as ⟨|⟨upper⟩|⟨accept⟩|"
    r"⟨after⟩ (?:all|which)|⟨after⟩ that|⟨increased⟩-|look\w* ⟨after|named ⟨after|there⟨after|"
    r"⟨reject⟩|soon ⟨|shortly ⟨|⟨lower⟩ court|⟨affirm⟩ative|⟨protective⟩ (?:order|custody)",
)

_SCOPE = tables.SCOPES
_SCOPE_WORDS = re.compile(r"(?<![\w`'-])(?:" + "|".join(sorted(_SCOPE, key=len, reverse=True)) + r")(?![\w`'-])", re.I)
_ONLY = re.compile(
    r"(?<![\w`'-])only (?=(?:if|when|where|after|upon|to the extent|with|by|in|for|on|at|under|from|"
    r"during|within|as|through)\b)"
)
_ONLY_BEFORE = re.compile(
    r"(?<=[a-z] )(?=(?:if|(?<=ed )by|upon|to the extent) (?:the|a|an|such|either|both|mutual|written|it|its|that)\b)"
)
_NO_ONLY_AFTER = re.compile(
    r"\b(?:even|as|not|or|and|except|just|whether|determine|is|are|unless|see|check|test\w*|check\w*|know|tell|"
    r"decid\w*|determin\w*|how|as \w+ed|than|but|ask\w*|would be|follow\w*|affected|required|caused|meant) $"
)
_NOUN_AFTER = re.compile(r"\s+(?:of the |the |of |other |such )?[a-z]{3,}")


def quantifier(text: str, source: Source) -> Iterator[Change]:
    """All becomes only some, at least becomes at most, "only" goes or comes; never a mere weakening."""
    for match in _SCOPE_WORDS.finditer(text):
        word = match[0].lower()
        if not _mentioned(text, match.start()) and not _fixed_phrase(word, text, match):
            after = _SCOPE[word][0]
            rest = text[match.end() :]
            if word in ("each", "every"):
                after = "not every" if match.start() == 0 and not rest.startswith(" of") else after
            yield replace(text, match.span(), like(match[0], after), f"{word} to {after}")
    for match in _ONLY.finditer(text):
        if not _mentioned(text, match.start()) and not re.search(
            r"\b(?:not|but|if|read|the|an|write|is|are|was|were) $", text[: match.start()]
        ):
            yield replace(text, match.span(), "", "only removed")
    for match in _ONLY_BEFORE.finditer(text) if "only" not in text else ():
        head = text[: match.start()]
        if not _mentioned(text, match.start()) and not _NO_ONLY_AFTER.search(head) and not _NEGATIVE.search(head):
            yield replace(text, match.span(), "only ", "only inserted")


_LED = re.compile(
    r"\b(?:at|after|in|above|not|of|or|nor|and|with|the|its|their|nearly|almost|for|first|one|too|as|so|how|great|good|"
    r"very|well|us|them|these|they|we|are|were|is|on|per|but|virtually|any|if|no|without|than|only|quite|by far) $"
)
_FOLLOWED = re.compile(
    r"(?:other|respects?|rights reserved|cause|extent|of which|effective|time|common|likely|important|recent|such|one|"
    r"two|three|more|way|what|kind|sort|that|the more|day|purposes?)\b|-"
)
_FOLLOWED_ALL = re.compile(r"(?:respects|rights reserved|cause|of which|that|the more|such|but|purposes|time|one)\b|-")
_SUPERLATIVE = re.compile(r"(?:\w+ly\b|\w+(?:ed|ing|ive|al|ic|ent|ant|ful|ous|ble)\b)")
_COUNTED = re.compile(
    r"(?:\$\d|\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|sixty|ninety|a|an)\b"
)
_NOT_COUNTED = re.compile(r"(?:one of|in part|as|some|to some|the|this|that|date|now|and|its)\b")
_GROUP_WORDS = ("all", "most", "some", "many", "several", "every", "each", "a few")


def _fixed_phrase(word: str, text: str, match: re.Match[str]) -> bool:
    """True where the word is part of a phrase that a change would break, or would not change in truth."""
    before = text[max(0, match.start() - 22) : match.start()].lower()
    after = text[match.end() : match.end() + 30].lower()
    if _NEGATIVE.search(text[: match.start()]) and not word.startswith(("no ", "not ")):
        return True
    if (word == "in part" and "whole" in text) or before.endswith("by far "):
        return True
    if word in _GROUP_WORDS:
        return _fixed_group(word, before, after)
    if word in ("at least", "at most", "up to"):
        counted = _COUNTED.match(after.strip()) and not _NOT_COUNTED.match(after.strip())
        return not counted or "more" in before[-6:]
    alone = word in ("solely", "exclusively") and "not" in before
    return (word == "generally" and "accepted" in after) or alone or "more" in before[-6:]


def _fixed_group(word: str, before: str, after: str) -> bool:
    if not _NOUN_AFTER.match(after) or _LED.search(before):
        return True
    if _FOLLOWED.match(after.strip()):
        return word not in ("all", "every", "each") or bool(_FOLLOWED_ALL.match(after.strip()))
    return word == "most" and bool(_SUPERLATIVE.match(after.strip()))
