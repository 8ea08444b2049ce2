"""Rules that cut a sentence so that what limits it is lost, and rules that cut so that nothing is lost.

`out_of_context` drops an attribution, a condition, an exception or a population; what is left is verbatim and false.
`extracts` drops only what does not limit the rest, and looks at no sentence that holds a limiting word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.verification.change import capital
from benchmarks.verification.corpora import Source
from benchmarks.verification.sentences import balanced


@dataclass(frozen=True, slots=True)
class Cut:
    """What is left of a sentence: `kept` is sentence[start:end], verbatim; `lost` is what was cut away."""

    start: int
    end: int
    kept: str
    lost: str
    rule: str

    @property
    def claim(self) -> str:
        """The kept words as a sentence."""
        return capital(self.kept.rstrip(" ,;")) + ("" if self.kept.endswith(".") else ".")


_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|may|must|shall|will|can|cannot|could|should|would|does|did|do|"
    r"returns?|raises?|requires?|"
    r"provides?|includes?|contains?|means|remains?|becomes?|became|showed|uses?|reduces?|reduced|improves?|improved|"
    r"increases?|increased|decreases?|decreased|governs?|applies|agrees?|attaches|takes?|works|makes?|"
    r"violated|erred|failed|"
    r"affects?|causes?|affected|caused|inhibits?|plays?|needs?)\b"
)
_HEAD = r"(?:the|a|an|any|each|such|no|all|these|most|every|neither|[A-Z]\w+|``|:\w+:`|\*\w|\w+s)"
_START = re.compile(_HEAD)
_PRONOUN = re.compile(
    r"(?:it|he|she|they|this|these|those|there|we|you|that|which|who|such|its|his|their|her|one)\b", re.I
)
_ATTRIBUTION = re.compile(
    r"^(?!We\b|Our\b|In this opinion|[“\"])(?:[^,;]{2,70}?|[^,;]{2,60}, (?:however|then|also|"
    r"therefore|moreover|thus), )(?<!\ba )(?<!\ban )(?<!\bthe )(?<!\bany )(?<!\bno )(?<!'s )(?<!s' "
    r")(?<!\bto )\b(?:argue|contend|claim|assert|allege|maintain|insist|submit|complain|"
    r"posit|protest|aver|suspect)(?:s|ed)?,? (?:\w+ly )?that,? (?P<kept>.+)$"
)
# "that" after a verb of finding reports a finding; only "whether" and "if" leave it open.
_HYPOTHESIS = re.compile(
    r"^(?!Although|While|Because|If|Where|When|Even|Since)[^.]{0,90}(?<!not )(?<!not to )\b(?:"
    r"(?:hypothesi[sz]ed?|speculated?|postulated?|proposed|assumed|conjectured|hypothesis (?:is|was)|to (?:test|"
    r"examine|investigate|assess) the hypothesis|[Ii]t (?:is|has been) (?:believed|thought|suggested|"
    r"claimed|assumed|proposed|"
    r"argued)) that"
    r"|(?:[Ww]e (?:have )?(?:also )?(?:tested|examined|investigated|assessed|evaluated|asked|explored|studied)|wanted "
    r"to know|unclear|unknown|uncertain|not known|not clear|debated|to (?:determine|test|examine|assess|evaluate|"
    r"investigate|establish)) (?:whether|if)) (?P<kept>.+)$"
)
_CONDITION = re.compile(
    r"^(?P<lost>(?:If|Unless|When|Where|Except as|Except for|Subject to|In the event(?: that)?|To the "
    r"extent|Provided|In the absence of|Only if|"
    r"For purposes of|As long as|So long as|Absent|Assuming)\b[^,;:]{8,140}), (?:then )?(?P<kept>[^,;]{30,}.*)$"
)
_TAIL = re.compile(
    r"^(?P<kept>.{30,}?),? (?P<lost>(?:unless|except|provided(?:,? however,?)? that|only if|so long "
    r"as|as long as|to the extent|"
    r"if(?! any\b| not\b| you want\b| necessary\b| needed\b| desired\b)|but only|absent|in the "
    r"absence of|only when|subject to)\b[^;]{10,})\.$"
)
_TAIL_BROKEN = re.compile(
    r"(?:\bor \S+|\b(?:so|even|only|as|and|or|whether|than|what|determine|see|check|asked?|test|raise|"
    r"know|is|are|be|was|were|been|made|ensure|not|but|especially|"
    r"particularly|the|a|an|of|in|to|for|by|with|such|decide|case|cases|that|which|who|specify|tell|"
    r"control\w*|indicat\w*|mainly|nothing|no|any|"
    r"happens?|time|happen|used|useful|helpful|unlikely|surprising|then|especially|like|look\w*|"
    r"anything|all|person|something|unclear|unknown|uncertain|clear|known|doubtful|matter|matters)|"
    r"[,;:(-])$|\b(?:much like|like that|similar|same|identical|equivalent)\b"
)
_POPULATION = re.compile(
    r"^(?P<lost>(?:Among|In|For)\b(?![^,]*\b(?:this|our|all|both|present|total|study|contrast|"
    r"addition)\b)[^,;()]{0,40}\b(?:patients|women|men|children|participants|"
    r"subjects|adults|smokers|infants|individuals|mice|rats|cells|persons|people|those|boys|girls|"
    r"adolescents)\b [^,;]{6,90}), (?P<kept>[^,;]{30,}.*)$"
)


def out_of_context(text: str, source: Source) -> Iterator[Cut]:
    """The sentence without the words that limit it. What is left has a subject and a finite verb of its own."""
    patterns = (
        ("attribution", _ATTRIBUTION),
        ("hypothesis", _HYPOTHESIS),
        ("condition", _CONDITION),
        ("population", _POPULATION),
    )
    for rule, pattern in patterns:
        match = pattern.match(text)
        if match and _whole(match["kept"]) and _loses(rule, match, source.domain):
            yield Cut(match.start("kept"), match.end("kept"), match["kept"], text[: match.start("kept")].strip(), rule)
    match = _TAIL.match(text)
    if match and _complete(match["kept"]):
        yield Cut(0, match.end("kept"), match["kept"], match["lost"], "exception or condition after")


def _complete(kept: str) -> bool:
    """True if the words before a condition or an exception are a sentence by themselves."""
    led = re.match(r"(?:If|When|Where|Unless|Although|While|To|Whether)\b", kept)
    broken = _TAIL_BROKEN.search(kept) or not _FINITE.search(kept)
    return balanced(kept) and not led and not broken and kept.count(",") <= 2


def stands(text: str) -> bool:
    """True if the sentence has a finite verb of its own among its first words (a heading or a fragment has none)."""
    words = re.split(r"[;:(]", text)[0].split()
    verb = next((i for i, word in enumerate(words) if _FINITE.fullmatch(word.strip("*`,"))), 99)
    return 1 <= verb <= 16 and not re.search(
        r"\b(?:who|which|that|if|whether|when|where|what|how|used|to)\b", " ".join(words[1:verb])
    )


def _loses(rule: str, match: re.Match[str], domain: str) -> bool:
    """True if what the cut loses limits what is left, in this field."""
    kept = match["kept"]
    if rule == "attribution":
        return " and that " not in kept and not kept.startswith("if ")
    if rule == "hypothesis":
        return not re.search(r"\b(?:may|might|could|would|or whether|and that|and whether|and to)\b|, (?:we|I) ", kept)
    if rule == "population":
        return domain == "medical"
    temporal = match["lost"].startswith(("When", "Where"))
    return not (temporal and domain == "medical") and (
        bool(_FINITE.search(match["lost"])) or not match["lost"].startswith(("If", "When", "Where"))
    )


def _whole(kept: str) -> bool:
    """True if `kept` reads as a sentence: a subject that is no pronoun and a finite verb among the first words."""
    opening = re.split(r"[,;:(]", kept)[0]
    words = opening.split()
    verb = next((i for i, word in enumerate(words) if _FINITE.fullmatch(word.strip("*`"))), 99)
    return bool(
        kept.endswith(".")
        and len(kept) >= 40
        and _START.match(kept)
        and not _PRONOUN.match(kept)
        and not re.match(r"(?:if|unless|although|when|because|while|by|in|to|for|with|on|as|under|after)\b", kept)
        and 1 <= verb <= 12
        and not re.search(r"\b(?:who|which|that|if|whether|when|what|how)\b", " ".join(words[:verb]))
        and balanced(kept)
    )


_LIMITING = re.compile(
    r"\b(?:if|unless|except\w*|provided|however|but|only|although|though|while|whereas|subject|"
    r"notwithstanding|until|argu\w*|conten\w*|claim(?:s|ed)|"
    r"alleg\w*|whether|hypothes\w*|suggest\w*|respectively|assum\w*|not|no|neither|nor|without|never|"
    r"when|where|once|after|before|otherwise|extent|"
    r"either|or|assert\w*|maintain\w*|insist\w*|believ\w*|might|could|would|seem\w*|appear\w*|"
    r"possib\w*|rather|than|instead|absent|in the event|"
    r"so that|such that|because|since|as long|aim\w*|objective|purpose)\b",
    re.I,
)
_SEMICOLON = re.compile(r"^(?P<first>[^;:]{45,}); (?:and )?(?P<second>[^;:]{45,}\.)$")
_COORDINATED = re.compile(r"^(?P<first>[^;:]{45,}?), and (?P<second>(?:the|a|an|this|each|all|these|no) [^;:]{35,}\.)$")
_PARENTHESIS_END = re.compile(
    r"^(?P<first>.{45,}(?<! shape)(?<! of)(?<! to)(?<! is)(?<! in)(?<! with)(?<! by)(?<! tuple)(?<! "
    r"be)(?<! are)(?<! as)(?<! like)(?<! from)(?<! for)(?<! at)(?<! value)(?<! default)(?<! "
    r"returns)(?<! and)(?<! or)) \((?P<lost>[^()]{3,90})\)\.$"
)
_WHICH_END = re.compile(
    r"^(?P<first>[^;:()]{50,}), which (?P<lost>(?:is|are|was|were|has|have|had)\b[^,;:()]{10,120})\.$"
)
_LEAD = re.compile(
    r"^(?:Interestingly|Importantly|Notably|Surprisingly|In particular|In this study|In the present "
    r"study|In our study|Briefly|In fact|In short|In sum|"
    r"In conclusion|In summary|Overall|Remarkably|Strikingly|Of note|In this paper|In this report|In "
    r"this article|As expected|Clearly|Specifically|In other words|Here), (?P<second>.+)$"
)


def extracts(text: str, source: Source) -> Iterator[Cut]:
    """A part of the sentence that says what the sentence says: a co-ordinate clause, or all but an aside."""
    lead = _LEAD.match(text)
    if lead and re.match(r"(?:the|a|an|we|there|all|no|each)\b", lead["second"]):
        yield _cut(text, lead, "second", "introductory word dropped")
    if _LIMITING.search(text) or " (i)" in text or " (a)" in text:
        return
    for rule, pattern in (("clause before a semicolon", _SEMICOLON), ("first co-ordinate clause", _COORDINATED)):
        match = pattern.match(text)
        if (
            match
            and balanced(match["first"])
            and balanced(match["second"])
            and _clause(match["first"])
            and _clause(match["second"])
        ):
            yield _cut(text, match, "first", rule)
            scoped = re.match(r"(?:In|Among|For|At|During|With|On|By|From|Under|Within|To|As|Of|Upon|Through)\b", text)
            if not scoped and _whole(match["second"]) and " respect" not in text:
                yield _cut(text, match, "second", rule.replace("first", "second").replace("before", "after"))
    for rule, pattern in (
        ("parenthesis dropped at the end", _PARENTHESIS_END),
        ("relative clause dropped at the end", _WHICH_END),
    ):
        match = pattern.match(text)
        if match and balanced(match["first"]) and _clause(match["first"]):
            yield _cut(text, match, "first", rule)


def _clause(part: str) -> bool:
    return bool(_FINITE.search(part)) and not re.search(
        r"\b(?:both|between|following|include|including|that|of|and|the)$", part
    )


def _cut(text: str, match: re.Match[str], group: str, rule: str) -> Cut:
    start, end = match.span(group)
    return Cut(start, end, match[group], (text[:start] + " … " + text[end:]).strip(" …."), rule)
