"""Words that turn a statement round or limit it: negation, modality, quantifiers, conditions, attribution, direction.

Lexicons of closed classes, English. They say that such a word stands in a text, not how far it reaches; the checks
that use them are strict where reach would matter.
"""

from __future__ import annotations

import functools
import re
from typing import Literal, NamedTuple

MarkerKind = Literal[
    "negation", "modality", "quantifier", "condition", "contrast", "attribution", "hedge", "direction", "relation"
]


class Marker(NamedTuple):
    """text[start:end] is a word of such a kind; words of one `value` mean the same ("shall", "must": obligation)."""

    kind: MarkerKind
    value: str
    start: int
    end: int


_NEGATION = {
    "not": r"not|cannot|can't|n't|never|nor|neither|without|no|none|nobody|nothing|nowhere|non|absence|absent|lacks?"
    r"|lacked|lacking|fails?|failed|failing|failure|unable|rather\s+than|instead\s+of|hardly|barely|scarcely|nil"
    r"|refus(?:es?|ed|al)|den(?:y|ies|ied|ial)|declin(?:e\s+to|ed\s+to)|insufficient|unlikely|rarely|seldom",
}
_MODALITY = {
    "obligation": r"shall|must|(?:is|are|was|were|be)\s+(?:required|obliged|obligated)\s+to|ha(?:s|ve|d)\s+to"
    r"|needs?\s+to|mandatory|required|requires?|obligat(?:ed|ory)",
    "ability": r"can|able\s+to|capable\s+of",
    "permission": r"may|(?:is|are|was|were|be)\s+(?:permitted|allowed|entitled|free)\s+to|optional(?:ly)?",
    "possibility": r"might|could|possibl[ey]|perhaps|potential(?:ly)?",
    "recommendation": r"should|ought\s+to|recommend(?:s|ed)?|advis(?:ed|able)",
    "future": r"will|going\s+to",
    "conditional": r"would",
}
_QUANTIFIER = {
    "all": r"all|every|each|always|entire(?:ly)?|whol(?:e|ly)|complete(?:ly)?|any|both|either|everyone",
    "some": r"some|several|a\s+few|few|certain|partial(?:ly)?|partly|sometimes|occasionally|many|much",
    "most": r"most|mostly|majority|usual(?:ly)?|general(?:ly)?|often|frequent(?:ly)?|typical(?:ly)?|predominantly",
    "only": r"only|sole(?:ly)?|exclusive(?:ly)?|merely|just|alone|mainly|primarily|at\s+least|at\s+most",
}
_CONDITION = {
    "if": r"if|provided(?:\s+that)?|providing\s+that|so\s+long\s+as|as\s+long\s+as|in\s+case|where|when|whenever"
    r"|whether|assuming|suppos(?:e|ing)|subject\s+to|contingent|conditional(?:ly)?|depend(?:s|ing|ent)?\s+(?:up)?on",
    "unless": r"unless|except(?:ing|ed)?"
    r"|exceptions?\s+(?:of|to|that)|exclud(?:es?|ed|ing)|save|other\s+than|otherwise|notwithstanding"
    r"|apart\s+from|but\s+for|barring|until|till",
}
_CONTRAST = {
    "but": r"but|however|although|though|albeit|yet|nevertheless|nonetheless|despite|in\s+spite\s+of|whereas|while",
}
_ATTRIBUTION = {
    "attributed": r"argu(?:es?|ed|ing|ments?)|conten(?:ds?|ded|ding|tions?)|alleg(?:es?|ed|ing|ations?|edly)"
    r"|assert(?:s|ed|ing|ions?)?|claim(?:s|ed|ing)?\s+that|maintain(?:s|ed|ing)?\s+that|insist(?:s|ed)?|urg(?:es?|ed)"
    r"|purport(?:s|ed|edly)?|submit(?:s|ted)?\s+that|according\s+to|posit(?:s|ed)?|hypothes(?:is|es|i[sz]ed?|i[sz]e)"
    r"|dissent(?:s|ed|ing)?|overruled?|overturned|abrogated|superseded|vacated|dict(?:a|um)|suppos(?:es?|ed|edly)"
    r"|belie(?:ves?|ved|f)|speculat(?:es?|ed|ive)|suggest(?:s|ed|ing)?|complain(?:s|ed)?|myth|erroneously"
    r"|mistakenly"
    r"|incorrectly|wrongly|reject(?:s|ed|ing)?|deprecated|retracted",
}
_HEDGE = {
    "hedge": r"appear(?:s|ed)?\s+to|seem(?:s|ed)?|probabl[ey]|likely|presumably|apparently|preliminary"
    r"|uncertain|unclear",
}
_DIRECTION = {
    "up": r"increas(?:es?|ed|ing|ingly)|ris(?:es?|en|ing)|rose|rais(?:es?|ed|ing)|higher|greater|more"
    r"|improv(?:es?|ed|ing|ements?)|elevat(?:es?|ed|ing|ions?)|gain(?:s|ed)?|gr(?:ow|ew|own|owth|ows)"
    r"|enhanc(?:es?|ed|ing|ements?)"
    r"|promot(?:es?|ed|ing|ion)|induc(?:es?|ed|ing|tion)|activat(?:es?|ed|ing|ion|ors?)|up-?regulat(?:es?|ed|ing|ion)"
    r"|accelerat(?:es?|ed|ing|ion)|strengthen(?:s|ed)?|longer|larger|better|above|superior(?:ity)?|maximum"
    r"|positive(?:ly)?"
    r"|benefi(?:ts?|cial|ted)|stimulat(?:es?|ed|ing|ion)|earlier|before|upper|most|greatest|highest|stronger|faster"
    r"|exceed(?:s|ed|ing)?|high|upward|worsen(?:s|ed|ing)?",
    "down": r"decreas(?:es?|ed|ing)|reduc(?:es?|ed|ing|tions?)|lower(?:s|ed|ing)?|f[ae]ll(?:s|en|ing)?"
    r"|declin(?:es?|ed|ing)|less|fewer|diminish(?:es|ed|ing)?|drop(?:s|ped)?|impair(?:s|ed|ment)?|inhibit(?:s"
    r"|ed|ing|ion|ors?)?"
    r"|suppress(?:es|ed|ing|ion|ors?)?|attenuat(?:es?|ed|ing|ion)|down-?regulat(?:es?|ed|ing|ion)|shorter"
    r"|smaller|worse"
    r"|below|inferior(?:ity)?|minimum|negative(?:ly)?|prevent(?:s|ed|ing|ion)?|block(?:s|ed|ing|ade|ers?)?"
    r"|weak(?:er|ens?|ened)"
    r"|harm(?:s|ful)?|later|after|least|lowest|slower|low|downward|protect(?:s|ed|ive|ion)?|abolish(?:es|ed)?"
    r"|lost|loss(?:es)?",
    "same": r"same|similar(?:ly)?|equal(?:ly)?|equivalent|unchanged|comparable|identical|stable|constant",
}
_RELATION = {
    "by": r"by",
    "than": r"than|versus|vs",
    "and": r"and",
    "or": r"or",
    "from": r"from",
    "to": r"into",
    "against": r"against",
    "with": r"with",
    "under": r"under",
    "over": r"over",
    "between": r"between",
    "within": r"within",
    "since": r"since",
}
_TABLES: dict[MarkerKind, dict[str, str]] = {
    "negation": _NEGATION,
    "condition": _CONDITION,
    "contrast": _CONTRAST,
    "modality": _MODALITY,
    "attribution": _ATTRIBUTION,
    "quantifier": _QUANTIFIER,
    "hedge": _HEDGE,
    "direction": _DIRECTION,
    "relation": _RELATION,
}
_KEYS: list[tuple[MarkerKind, str]] = [(kind, value) for kind, table in _TABLES.items() for value in table]
_PATTERN = re.compile(
    "|".join(
        rf"(?P<g{index}>(?<![\w-])(?:{_TABLES[kind][value]})(?![\w]))" for index, (kind, value) in enumerate(_KEYS)
    )
    + r"|(?P<nt>n't)\b",
    re.IGNORECASE,
)
_OPPOSITES = (
    "affirm reverse|grant deny|grant reject|plaintiff defendant|buyer seller|lessor lessee|landlord tenant"
    "|valid invalid|include exclude|enable disable|accept reject|allow prohibit|permit prohibit|permit forbid"
    "|mandatory optional"
    "|lawful unlawful|liable immune|win lose|employer employee|licensor licensee|assignor assignee|appellant appellee"
    "|creditor debtor|public private|express implied|civil criminal|federal state|male female|men women|man woman"
    "|boy girl|child adult|mother father|left right|acute chronic|positive negative|benign malignant"
    "|internal external"
    "|true false|open close|read write|input output|client server|encode decode|encrypt decrypt"
    "|synchronous asynchronous|start stop|begin end|success failure|present absent|early late|high low"
    "|long short|large small|strong weak"
    "|sensitive resistant|agonist antagonist|systolic diastolic|inpatient outpatient|maternal paternal"
    "|proximal distal"
    "|anterior posterior|superior inferior|necessary unnecessary|sufficient insufficient"
    "|constitutional unconstitutional|deprecated supported|add remove|append remove|insert delete|first last"
    "|ascending descending|mutable immutable"
    "|beneficial harmful|safe unsafe|effective ineffective|significant insignificant|stable unstable|active inactive"
)
_PAIRS = [tuple(pair.split()) for pair in _OPPOSITES.split("|")]
ANTONYMS: dict[str, str] = {one: two for pair in _PAIRS for one, two in (pair, pair[::-1])}


def markers(text: str) -> list[Marker]:
    """The markers of `text` in order, not overlapping; where two lexicons know a word, the first kind above wins."""
    return list(_markers(text))


@functools.lru_cache(maxsize=512)
def _markers(text: str) -> tuple[Marker, ...]:
    found = []
    kind: MarkerKind
    for match in _PATTERN.finditer(text):
        group = match.lastgroup or "nt"
        kind, value = ("negation", "not") if group == "nt" else _KEYS[int(group[1:])]
        found.append(Marker(kind, value, match.start(), match.end()))
    return tuple(found)
