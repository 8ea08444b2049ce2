"""What a question is about, by the look of its words: the noun phrases that a later "it" or "they" may stand for.

Closed lists and word endings, no parser and no model. Where the lists do not know a verb, a subject has no visible end,
and nothing is returned: a phrase that is wrong would be worse than none.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assay.textual.names import names
from assay.textual.similarity import listed

DETERMINERS = listed("the a an my our your this that these those any each every some no its their his her both all")
PREPOSITIONS = listed(
    """in on at by for from with without under over to into of about against after before between during since
    until through within upon per via as than among across beyond despite toward towards regarding concerning"""
)
AUXILIARIES = listed(
    """is are was were do does did has have had can could may might must shall should will would am isn't aren't
    doesn't don't didn't can't cannot won't hasn't haven't"""
)
BE = listed("is are was were")
_PERSONAL = listed("i we you one it they he she there this that these those me us everyone someone anyone who what")
_VERBS = listed(
    """accept act add address adopt affect affirm agree allow alter amend appeal apply argue arise assert assign
    assume authorize award ban bar become begin believe belong bind breach break bring build calculate cancel
    carry cause cease change choose cite come compare comply conclude conflict connect consider constitute
    contain continue contradict control convert copy correct count cover create cross deal decide deduct define
    delete deliver deny depend destroy determine develop die differ disclose discuss dismiss distinguish do draw
    drop earn enable encode encrypt end enforce enter establish exceed exclude excuse exist expire explain
    extend face fail fall fall file find fix follow forbid forfeit get give go govern grant handle happen have
    help hold identify ignore impair imply import improve include incur indemnify indicate infringe inherit
    inhibit inject inspect install interact interfere interpret invoke involve issue keep know last lead learn
    leave let license lie lose lower maintain make matter mean measure meet merge metabolise metabolize mitigate
    modify move must need negotiate obtain occur offer open operate overrule override overturn own parse pass
    pay perform permit preempt prescribe prevail prevent print process prohibit prolong protect prove provide
    publish pursue quote raise reach react read receive recommend reconnect recover reduce refer refund refuse
    register reject relate release rely remain remove renew rent repair repay replace represent require rescind
    resell resist respond restrict return reuse revoke run say seek sell send serve set settle share show sign
    sort speak specify start state stay stop store sublicense suffer suggest sue supersede supply survive
    suspend take talk tell terminate think transfer treat trigger turn understand use validate vary violate void
    waive want warn withdraw work write yield"""
)
_IRREGULAR = listed(
    """held found made given gave took taken said wrote written kept paid sold meant knew known led left lost won
    ran became began broke brought built bought came dealt felt got grew heard put read sent set showed shown
    spoke struck thought told understood withdrawn withdrew overturned"""
)
_ADJECTIVES = listed(
    """able absent adequate applicable available aware binding capable clear common compatible compliant compulsory
    correct dangerous deprecated different due effective eligible enough equal equivalent exclusive exempt fair
    false final free harmful illegal important inferior invalid lawful legal liable likely mandatory mutable
    necessary new null obsolete old open optional perpetual possible public ready reliable responsible
    retroactive reversible safe secure sensitive similar slow fast specific stable subject sufficient superior
    superseded thread-safe toxic true unfair unlawful unsafe useful valid void well worse better worth wrong"""
)
_PEOPLE = re.compile(
    r"(?:\w+(?:ers?|ors?|ees?|ants?|ents?|ians?|ists?)|judges?|child(?:ren)?|wom[ae]n|m[ae]n|part(?:y|ies)|people|persons?)$"
)
_SINGULAR_S = re.compile(r"(?:ss|us|is|ics|news|diabetes|rabies|herpes|series|species|(?:^|[.])[a-z]+s\(\))$")
_PLURALS = listed("people children men women criteria data phenomena media mice they them")
_ENDS_OBJECT = re.compile(r"if|when|while|that|which|who|because|before|after|unless|until|and|or|to|without|is|are|so")
_LEAD_PHRASE = re.compile(r"^(?:in|under|for|at|on|with|according to)\s[^,?]{2,60},\s*", re.IGNORECASE)
_IMPERATIVE = re.compile(
    r"^(?:please\s+)?(?:explain|describe|summari[sz]e|define|list|discuss|compare|tell me about|show(?: me)?)\s+",
    re.IGNORECASE,
)
_WH = re.compile(
    r"^(?:(?:by|for|to|in|on|from|under|at|with)\s+)?(?:what|which|who|whom|whose|when|where|why|how)(?:'s)?\b",
    re.IGNORECASE,
)
CASE = re.compile(
    r"\b(?:In re\s+|Ex parte\s+)?[A-Z][\w.'’&-]*(?:,?\s+(?:[A-Z&][\w.'’&-]*|of|the))*\s+vs?\.?\s+"
    r"[A-Z][\w'’&-]*(?:(?:,?\s+|\.\s?)(?:Inc|Corp|Co|Ltd|LLC)\b\.?|\s+(?:of|the|&)\s+[A-Z][\w'’-]*|\s+[A-Z][\w'’-]*)*"
)


class Clause(NamedTuple):
    """A question taken apart: `wh` as written ("What", "Which court", ""), its auxiliary, and what follows."""

    wh: str
    auxiliary: str
    rest: str


def clause(question: str) -> Clause | None:
    """The question's parts, or None where it has no auxiliary that shows them."""
    text = _LEAD_PHRASE.sub("", question.strip().rstrip(" ?.!"))
    words = text.split()
    wh = _WH.match(text)
    if wh and wh.group().lower().endswith("'s"):
        return Clause(wh.group()[:-2], "is", text[wh.end() :].strip())
    for place, word in enumerate(words[: 7 if wh else 1]):
        if word.lower() in AUXILIARIES and (place or not wh):
            return Clause(" ".join(words[:place]), word, " ".join(words[place + 1 :]))
    return None


def phrases(question: str) -> list[str]:
    """The noun phrases that a follow-up may refer to, the likeliest first; empty where none can be told."""
    cases = CASE.findall(question)
    found = [_trimmed(case) for case in cases[:1]] if len(set(cases)) == 1 else []
    imperative = _IMPERATIVE.match(question)
    parts = clause(question)
    if imperative:
        found.append(question[imperative.end() :].strip(" ?.!"))
    elif parts is not None:
        found += _of_clause(parts)
    if not found:
        named = [question[name.start : name.end] for name in names(question) if name.kind not in ("year", "version")]
        found = named if len(set(named)) == 1 else []
    return list(dict.fromkeys(phrase for phrase in map(_definite, found) if phrase and _is_phrase(phrase)))


def is_plural(phrase: str) -> bool:
    """Whether a phrase speaks of several: by the ending of its head, the word before its first preposition."""
    head = head_of(phrase).lower()
    if CASE.search(phrase):
        return False
    joined = re.search(r"\s(?:and|or)\s", _before_preposition(phrase)) is not None
    return joined or head in _PLURALS or (head.endswith("s") and not _SINGULAR_S.search(head) and "." not in head)


def is_person(phrase: str) -> bool:
    """Whether a phrase may be spoken of as "he" or "she"."""
    return _PEOPLE.fullmatch(head_of(phrase).lower()) is not None


def head_of(phrase: str) -> str:
    """The word that a phrase is built on: "period" of "the cure period under the licence"."""
    words = _before_preposition(phrase).split()
    return words[-1] if words else ""


def is_verb(word: str) -> bool:
    """Whether a word is a verb that the lists know, in its base form or with an ending."""
    lower = word.lower()
    if lower in _VERBS or lower in _IRREGULAR:
        return True
    stems = {lower.removesuffix(ending) for ending in ("s", "es", "d", "ed")}
    stems |= {f"{lower.removesuffix(ending)}y" for ending in ("ies", "ied")}
    return any(stem in _VERBS for stem in stems if stem != lower)


def _of_clause(parts: Clause) -> list[str]:
    wh = parts.wh.lower().split()
    be = parts.auxiliary.lower() in BE
    if be and wh in (["what"], ["who"], ["which"]):
        whole = _definition(parts.rest)
        return [whole] if whole else []
    subject, rest = _subject(parts.rest, be=be)
    if len(wh) > 1 and wh[0] in ("which", "what"):
        return [_relative(parts)] if subject or be else []
    if subject is None:
        return []
    if subject.lower() in _PERSONAL:
        return _object(rest)
    return [subject, *_object(rest)]


def _relative(parts: Clause) -> str:
    """ "Which errors does the API return" speaks of the errors that the API does return."""
    noun = " ".join(parts.wh.split()[1:])
    helper = parts.auxiliary.lower()
    if helper in BE:
        return f"the {noun} that {helper} {parts.rest}"
    subject, rest = _subject(parts.rest, be=False)
    middle = "" if helper == "do" else f"{helper} "
    return f"the {noun} that {subject} {middle}{rest}".strip()


def _definition(rest: str) -> str:
    """ "What is X": all of X, unless it is no noun phrase ("required to ...") or a clause hangs on it."""
    words = rest.split()
    if not words or ends_phrase(words[0]) or words[0].lower() in PREPOSITIONS:
        return ""
    if words[0].lower() in DETERMINERS or len(words) <= 3:
        return rest
    verb = next((place for place, word in enumerate(words) if place and ends_phrase(word)), None)
    return rest if verb is None else " ".join(words[:verb])


def _subject(rest: str, *, be: bool) -> tuple[str | None, str]:
    """The phrase at the front that the sentence is about, and what follows; None where its end cannot be seen."""
    words = rest.split()
    start = 1 if words and words[0].lower() in DETERMINERS else 0
    for place in range(start + 1, len(words) + 1):
        word = words[place].lower().strip(",") if place < len(words) else ""
        stops = not word or ends_phrase(word) or (be and word in PREPOSITIONS - {"of"})
        if stops and (word or place <= start + 2):
            return " ".join(words[:place]).strip(","), " ".join(words[place:])
        if stops:
            break
    first = next(iter(names(rest)), None)
    if first is not None and first.start == 0:
        return rest[: first.end], rest[first.end :].strip()
    return None, rest


def _object(rest: str) -> list[str]:
    """The phrase with an article in what follows the subject, with what hangs on it: "read a file with open"."""
    match = re.search(r"\b(?:the|an?)\s+\w.*", rest)
    if match is None:
        return []
    words = match.group().split()
    end = next((i for i, word in enumerate(words) if i > 1 and _ENDS_OBJECT.fullmatch(word.lower())), len(words))
    return [" ".join(words[:end]).strip(",")]


def ends_phrase(word: str) -> bool:
    """Whether a word cannot be the noun of a phrase: a verb, an auxiliary, an adjective, a conjunction."""
    lower = word.lower().strip(",")
    return (
        is_verb(lower)
        or lower in AUXILIARIES
        or lower in _ADJECTIVES
        or re.fullmatch(
            r"(?:\w{2,}(?:able|ible)|\w{3,}(?:ed|ly)|not|to|if|when|that|which|who|also|still|only|ever)", lower
        )
        is not None
    )


def _is_phrase(phrase: str) -> bool:
    words = phrase.lower().split()
    return len(words) <= 12 and words[0] not in _PERSONAL and not (words[0] in DETERMINERS and len(words) == 1)


def _definite(phrase: str) -> str:
    """A phrase as it is taken up again: "a buyer" becomes "the buyer"."""
    return re.sub(r"^(?:an?|any|each|every|some)\s+", "the ", phrase.strip(" ,?.!"), flags=re.IGNORECASE)


def _trimmed(case: str) -> str:
    """A case name without the words that open its question ("Did Sony v. Universal")."""
    words = case.split()
    while words and (
        words[0].lower() in AUXILIARIES or _WH.match(words[0]) or words[0] in ("In", "Under", "The", "Explain")
    ):
        words = words[1:]
    return " ".join(words)


def _before_preposition(phrase: str) -> str:
    words = phrase.split()
    end = next((i for i, word in enumerate(words) if i and word.lower() in PREPOSITIONS | {"that"}), len(words))
    return " ".join(words[:end])
