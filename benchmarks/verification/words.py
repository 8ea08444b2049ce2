"""Rules that change a small word and with it the meaning: negation, modality, direction, quantifier."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.verification.change import Change, in_brackets, in_code, in_quotation, like, replace, swaps
from benchmarks.verification.corpora import Source

_NEGATIVE = re.compile(r"\b(?:not|no|never|without|neither|nor|none|cannot|nothing|n't|unless|fails?|failed|lack\w*)\b|n't\b", re.I)
_INSERT = re.compile(
    r"(?<![-`'\w])(is|are|was|were|has been|have been|had been|shall|must|will|should) "
    r"(?!(?:not|no|never|only|also|to|the case|that|it|an?|one|what|how|why|as|in|of|at least|likely|all|any|more|less)\b)(?=[a-z]+)"
)
_REMOVE = re.compile(r"\b(is|are|was|were|has|have|had|does|did|do|shall|must|will|should|would|could|may) not (?!(?:only|necessarily|merely|just|yet|limited|or|be limited|withstanding)\b)")
_CANNOT = re.compile(r"\b(?:cannot|can not) (?!(?:only|help|but)\b)")
_WITHOUT = re.compile(r"\bwithout (?!(?:limit|regard|prejudice|loss of general|merit|more\b|saying|doubt|question|foundation|waiv))", re.I)
_NO = re.compile(r"\b(?<!-)(No|no) (?=(?:significant|statistically|difference|differences|evidence|effect|change|changes|association|correlation|increase|decrease|benefit|obligation|right|party|further|other|serious|adverse|material)\b)")
_UN = {
    "unable": "able", "unlikely": "likely", "unreasonable": "reasonable", "insufficient": "sufficient", "invalid": "valid",
    "inconsistent": "consistent", "ineffective": "effective", "unaffected": "affected", "unchanged": "changed",
    "unnecessary": "necessary", "inappropriate": "appropriate", "inadequate": "adequate", "incomplete": "complete",
    "unauthorized": "authorized", "unenforceable": "enforceable", "unlawful": "lawful", "unsafe": "safe", "incorrect": "correct",
    "incompatible": "compatible", "independent of": "dependent on", "unsupported": "supported", "unrelated": "related",
    "irrelevant": "relevant", "inadmissible": "admissible", "unconstitutional": "constitutional", "impossible": "possible",
    "unclear": "clear", "uncommon": "common", "unordered": "ordered", "immutable": "mutable", "nonexclusive": "exclusive",
    "non-exclusive": "exclusive", "undisputed": "disputed", "unsuccessful": "successful", "unwilling": "willing",
    "reasonable": "unreasonable", "sufficient": "insufficient", "effective": "ineffective", "consistent with": "inconsistent with",
    "valid": "invalid", "enforceable": "unenforceable", "likely": "unlikely", "able to": "unable to", "possible": "impossible",
    "appropriate": "inappropriate", "adequate": "inadequate", "safe": "unsafe", "necessary": "unnecessary", "admissible": "inadmissible",
    "liable": "not liable", "entitled": "not entitled", "compatible": "incompatible", "supported": "unsupported", "mutable": "immutable",
}  # fmt: skip
_prefix = swaps(
    _UN,
    "prefix",
    unless=r"(?:more|less|as|most|least|very|equally|un\w*|not|no|how|cost|highly|too|so|commercially|if|where|when|whether|"
    r"any|and|or|\w+ly|effective date|a)\s⟨(?:reasonable|sufficient|effective|likely|possible|appropriate|adequate|safe|necessary|valid|supported)⟩"
    r"|⟨effective⟩ (?:date|as|on|time|upon|until|immediately|tax|life)|⟨reasonable⟩ (?:efforts?|care|doubt|time|notice|inference|person|steps)"
    r"|⟨(?:valid|supported|safe|effective|sufficient|possible|reasonable|likely|appropriate|necessary|adequate)⟩(?! (?:for|to|in|and|at|because|by)\b)|best ⟨|as ⟨|if ⟨|where ⟨|, ⟨|⟩ (?:or|and)\b|⟩,",
)


def negation(text: str, source: Source) -> Iterator[Change]:
    """A negation is put in or taken out. Nothing is put into a sentence that already holds one."""
    if re.search(r"\bwhether\b", text):
        return
    for match in _REMOVE.finditer(text):
        if not _mentioned(text, match.start()) and not re.search(r"\b(?:whether|or|but)\s[^.]{0,12}$", text[: match.start()]):
            yield replace(text, (match.end(1) + 1, match.end()), "", "not removed")
    for match in _CANNOT.finditer(text):
        if not _mentioned(text, match.start()):
            yield replace(text, (match.start(), match.end() - 1), "can", "cannot to can")
    for match in _WITHOUT.finditer(text):
        if not _mentioned(text, match.start()) and not re.search(r"with (?:and|or) $|\bor $", text[: match.start()]):
            yield replace(text, (match.start(), match.end() - 1), like(match[0], "with"), "without to with")
    for match in _NO.finditer(text):
        if not _mentioned(text, match.start()) and not re.search(r"\b(?:or|there being|of|to) $", text[: match.start()]):
            plural = re.match(r"(?:\w+ ){0,2}(?:differences|changes|effects|benefits|obligations|rights)\b", text[match.end() :])
            article = "" if plural else "an " if text[match.end()] in "aeio" else "a "
            yield replace(text, match.span(), like(match[1], article) if article else "", "no removed")
    yield from _prefix(text, source)
    if not _NEGATIVE.search(text):
        first = next((m for m in _INSERT.finditer(text) if not _mentioned(text, m.start()) and not in_brackets(text, m.start())), None)
        if first and not re.search(r"\b(?:which|that|who|whose|where|if|when|whether|what|how|because|as|while|although)\b", text[: first.start()], re.I):
            words = first[1].split()
            after = f"{words[0]} not{' been' if len(words) > 1 else ''}"
            base = first[1]
            yield replace(text, (first.start(), first.start() + len(base)), after, "not inserted")


def _mentioned(text: str, position: int) -> bool:
    return in_code(text, position) or in_quotation(text, position)


_MODAL = re.compile(r"(?<![\w`'-])(may|shall|must|should|can|will|might|could)(?= (?!not\b|only\b|vary\b|concern\b|\d)[a-z])(?![-'’`])")
_MODAL_TO = {
    "may": ("shall", "must", "will"), "shall": ("may", "should"), "must": ("should", "may"), "should": ("must", "need not"), "can": ("cannot", "must"),
    "will": ("may", "will not"), "might": ("will", "must"), "could": ("will", "could not"),
}  # fmt: skip
_HEDGES = {
    "is required to": "is permitted to", "are required to": "are permitted to", "is permitted to": "is required to", "are permitted to": "are required to",
    "is obligated to": "is permitted to", "has the right to": "has the duty to", "is entitled to": "is obligated to", "may be": "is", "might be": "is",
    "could be": "is", "suggests that": "proves that", "suggest that": "prove that", "appears to": "is proven to", "appear to": "are proven to",
    "is recommended": "is mandatory", "is optional": "is mandatory", "are recommended": "are mandatory", "are optional": "are mandatory",
}  # fmt: skip
_HEDGE = re.compile(r"(?<![\w`-])(?:" + "|".join(sorted(_HEDGES, key=len, reverse=True)) + r")(?![\w-])")


def modality(text: str, source: Source) -> Iterator[Change]:
    """Permission, duty, ability and certainty are exchanged."""
    if re.search(r"\bwhether\b", text):
        return
    for match in _MODAL.finditer(text):
        if not _mentioned(text, match.start()) and not re.search(r"\b(?:in|on|of|by|\d)\s$", text[: match.start()]):
            for after in _MODAL_TO[match[1]]:
                foreign = after == "shall" and source.domain != "legal"
                if not foreign and not (after == "may" and re.match(r" (?:have|be deemed)", text[match.end() :])):
                    yield replace(text, match.span(), after, f"{match[1]} to {after}")
    for match in _HEDGE.finditer(text):
        after = _HEDGES[match[0]]
        plural = after == "is" and re.search(r"\b(?:\w{3,}s|and \w+|they|both|which|that) $", text[: match.start()])
        if not _mentioned(text, match.start()) and not plural and not text[: match.start()].endswith("not "):
            yield replace(text, match.span(), after, f"{match[0]} to {after}")


_OPPOSITE = (
    ("increase", "decrease"), ("increases", "decreases"), ("increased", "decreased"), ("increasing", "decreasing"), ("higher", "lower"),
    ("greater", "smaller"), ("larger", "smaller"), ("longer", "shorter"), ("older", "younger"), ("faster", "slower"),
    ("more likely", "less likely"), ("more than", "less than"), ("more effective", "less effective"), ("more often", "less often"),
    ("more frequent", "less frequent"), ("earlier", "later"), ("above", "below"), ("before", "after"), ("prior to", "after"),
    ("following", "preceding"), ("improved", "worsened"), ("improves", "worsens"), ("improvement", "deterioration"), ("reduction", "increase"), ("reduced", "increased"),
    ("reduces", "increases"), ("reduce", "increase"), ("upregulated", "downregulated"), ("upregulation", "downregulation"),
    ("up-regulated", "down-regulated"), ("enhanced", "impaired"), ("enhances", "impairs"), ("inhibits", "promotes"), ("inhibited", "promoted"),
    ("activates", "inhibits"), ("activated", "inhibited"), ("positively", "negatively"), ("weight loss", "weight gain"), ("exceeds", "falls short of"), ("ascending", "descending"),
    ("maximum", "minimum"), ("longest", "shortest"), ("largest", "smallest"), ("highest", "lowest"), ("affirmed", "reversed"),
    ("affirm", "reverse"), ("granted", "denied"), ("grant", "deny"), ("convicted", "acquitted"), ("enabled", "disabled"), ("enable", "disable"), ("enables", "disables"), ("leftmost", "rightmost"),
    ("upper", "lower"), ("newer", "older"), ("superior to", "inferior to"), ("better than", "worse than"), ("exclude", "include"), ("excludes", "includes"),
    ("excluded", "included"), ("excluding", "including"), ("accept", "reject"), ("accepted", "rejected"), ("fewer than", "more than"), ("minimum", "maximum"), ("beginning", "end"),
    ("first", "last"), ("encoded", "decoded"), ("encode", "decode"), ("prefix", "suffix"), ("protective", "harmful"), ("at the start", "at the end"), ("success", "failure"),
)  # fmt: skip
_ONE_WAY = {"following", "prior to", "exceeds", "beginning", "reduction", "reduced", "reduces", "reduce", "fewer than", "excluded", "excluding", "exclude", "excludes", "smaller", "before", "weight loss", "first", "activates", "activated", "success", "older", "granted", "grant", "accept", "accepted", "protective", "enabled", "larger"}
_DIRECTIONS: dict[str, str] = {}
for _first, _second in _OPPOSITE:
    _DIRECTIONS.setdefault(_first, _second)
    if _first not in _ONE_WAY:
        _DIRECTIONS.setdefault(_second, _first)
direction = swaps(
    _DIRECTIONS,
    "direction",
    unless=r"\b(?:nor|or|and|non-?)\s⟨|⟩ (?:or|and|than or)\b|no ⟨|not ⟨(?:more|less)|⟨(?:lower|upper)⟩ (?:back|limb|extremit|leg|court|case|"
    r"respiratory|abdom|gastro|tier|body|lip|urinary|class|midwest|body|peninsula|east|arm|esoph)|⟨higher⟩ (?:education|order|level|court|plants|animals)"
    r"|⟨before⟩ (?:the|us|this|any|it|him|her|a|an|me|and|you) ?(?:court|jury|panel|judge|board|district|magistrate|grand|$|,)?|⟨following⟩(?! (?:the|a|an|treatment|surgery|transplant|administration|termination|expiration|receipt|\w+ation)\b)"
    r"|the ⟨following⟩|⟨(?:above|below)⟩(?! (?:the|\d|a|an|this|that|zero|average|normal|baseline)\b)|the ⟨above⟩|⟨more than⟩ (?:just|a mere|one way)|⟨first⟩(?! (?:line|element|character|argument|item|n|occurrence|row|column|entry|value|match|day|trimester|name|word|step|axis)\b)"
    r"|⟨(?:beginning|end|ending)⟩(?! of\b)|⟨end⟩|⟨better than⟩ nothing|⟨grant⟩ (?:number|no)|⟨(?:grant|grants)⟩(?= (?:from|support))|(?:take|taken|into) ⟨|⟨(?:include|includes|included|including)⟩|⟨(?:promotes|promoted)⟩"
    r"|⟨improvement⟩s|⟨(?:older|younger)⟩ (?:adults?|people|patients|women|men|persons|children)|⟨later⟩ (?:on\b)|no ⟨later⟩|⟨later⟩ than|⟨earlier⟩(?: of|\.|,)|⟨later⟩(?: of|\.|,)|sooner|⟨longer⟩ (?:be|than necessary|any)|any ⟨|no ⟨longer|⟨success⟩(?!ful)(?! of| in| rate)"
    r"|⟨increase⟩ (?:or)|after ⟨|⟨(?:maximum|minimum)⟩ (?:extent|likelihood)|as ⟨|⟨upper⟩|⟨accept⟩|⟨after⟩ (?:all|which)|⟨after⟩ that|⟨increased⟩-|look\w* ⟨after|named ⟨after|there⟨after|⟨reject⟩|soon ⟨|shortly ⟨|⟨lower⟩ court|⟨affirm⟩ative|⟨protective⟩ (?:order|custody)",
)

_SCOPE = {
    "at least": ("at most",), "at most": ("at least",), "no more than": ("no less than",), "no less than": ("no more than",), "not less than": ("not more than",),
    "not more than": ("not less than",), "no fewer than": ("no more than",), "up to": ("at least",), "some": ("all",), "most": ("all",), "many": ("all",), "several": ("all",),
    "all": ("only some",), "every": ("only one",), "each": ("only one",), "often": ("always",), "usually": ("always",), "sometimes": ("always",),
    "rarely": ("often",), "typically": ("always",), "generally": ("always",), "frequently": ("always",), "always": ("only sometimes",), "the majority of": ("a minority of",),
    "a majority of": ("a minority of",), "half of": ("all of",), "entirely": ("only partly",), "solely": ("partly",), "exclusively": ("partly",),
    "primarily": ("exclusively",), "mainly": ("exclusively",), "largely": ("entirely",), "partially": ("completely",), "a few": ("all",), "mostly": ("exclusively",), "nearly all": ("only a few",),
    "in part": ("in full",), "more than half of": ("less than half of",),
}  # fmt: skip
_SCOPE_WORDS = re.compile(r"(?<![\w`'-])(?:" + "|".join(sorted(_SCOPE, key=len, reverse=True)) + r")(?![\w`'-])", re.I)
_ONLY = re.compile(r"(?<![\w`'-])only (?=(?:if|when|where|after|upon|to the extent|with|by|in|for|on|at|under|from|during|within|as|through)\b)")
_ONLY_BEFORE = re.compile(r"(?<=[a-z] )(?=(?:if|(?<=ed )by|upon|to the extent) (?:the|a|an|such|either|both|mutual|written|it|its|that)\b)")
_NOUN_AFTER = re.compile(r"\s+(?:of the |the |of |other |such )?[a-z]{3,}")


def quantifier(text: str, source: Source) -> Iterator[Change]:
    """All becomes some, at least becomes at most, "only" goes or comes; always a change of truth, never a mere weakening."""
    for match in _SCOPE_WORDS.finditer(text):
        word = match[0].lower()
        if not _mentioned(text, match.start()) and not _fixed_phrase(word, text, match):
            after = _SCOPE[word][0]
            rest = text[match.end() :]
            if word in ("each", "every"):
                after = "not every" if match.start() == 0 and not rest.startswith(" of") else after
            yield replace(text, match.span(), like(match[0], after), f"{word} to {after}")
    for match in _ONLY.finditer(text):
        if not _mentioned(text, match.start()) and not re.search(r"\b(?:not|but|if|read|the|an|write|is|are|was|were) $", text[: match.start()]):
            yield replace(text, match.span(), "", "only removed")
    for match in _ONLY_BEFORE.finditer(text):
        head = text[: match.start()]
        if not _mentioned(text, match.start()) and not re.search(r"\b(?:only|even|as|not|or|and|except|just|whether|determine|is|are|unless|see|check|than|but|ask\w*|would be|follow\w*|affected|required|caused|meant) $", head) and "only" not in text:
            yield replace(text, match.span(), "only ", "only inserted")


def _fixed_phrase(word: str, text: str, match: re.Match[str]) -> bool:
    """True where the word is part of a phrase that a change would break, or would not change in truth."""
    before, after = text[max(0, match.start() - 22) : match.start()].lower(), text[match.end() : match.end() + 30].lower()
    if _NEGATIVE.search(text[: match.start()]) and word not in ("no more than", "no less than", "not less than", "not more than", "no fewer than"):
        return True
    if word == "in part" and "whole" in text or before.endswith("by far "):
        return True
    if word in ("all", "most", "some", "many", "several", "every", "each", "a few"):
        if not _NOUN_AFTER.match(after) or re.search(r"\b(?:at|after|in|above|not|of|or|nor|and|with|the|its|their|nearly|almost|for|first|one|too|as|so|how|great|good|very|well|us|them|these|they|we|are|were|is|on|per|but|virtually|any|if|no|without|than|only|quite|by far) $", before):
            return True
        if re.match(r"\s*(?:other|respects?|rights reserved|cause|extent|of which|effective|time|common|likely|important|recent|such|one|two|three|more|way|what|kind|sort|that|the more|day|purposes?)\b|-", after.strip()):
            return word not in ("all", "every", "each") or bool(re.match(r"\s*(?:respects|rights reserved|cause|of which|that|the more|such|but|purposes|time|one)\b|-", after.strip()))
        return word == "most" and bool(re.match(r"\s+(?:\w+ly\b|\w+(?:ed|ing|ive|al|ic|ent|ant|ful|ous|ble)\b)", after))
    if word in ("at least", "at most", "up to") and (re.match(r"\s+(?:one of|in part|as|some|to some|the|this|that|date|now|and|its)\b", after) or not re.match(r"\s+(?:\$|\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|sixty|ninety|a|an)\b", after)):
        return True
    return word == "generally" and "accepted" in after or (word in ("solely", "exclusively") and "not" in before) or "more" in before[-6:]
