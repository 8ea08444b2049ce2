"""The kind of answer that a question on software wants, by surface rules.

What stands in code marks or quotation marks is data, not wording: a `?` in a pattern makes no question.
"""

from __future__ import annotations

import re

from assay.textual.similarity import listed

_QUOTED = re.compile(
    r"``[^`\n]{1,200}``|`[^`\n]{1,200}`|(?<!\w)'[^'\n]{0,200}'(?!\w)|\"[^\"\n]{0,200}\"|“[^”\n]{0,200}”"
)
_STATUS = re.compile(
    r"\b(?:deprecat\w+|removed|removal|obsolete|superseded|retired|sunset|still (?:be )?(?:available"
    r"|supported|exist\w*|work\w*)"
    r"|gone|no longer|should (?:i|we) still use|replacement for|instead of)\b",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"\b(?:(?:when|which|what)\b.{0,40}\b(?:added|introduced|appear\w*|available)|(?:added|introduced"
    r"|available) (?:in|since)"
    r"|(?:since|as of|from) (?:when|which|what)|(?:minimum|required|oldest) .{0,20}version)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHANGED = re.compile(
    r"\bwhat(?:'s| is| has| was)? (?:new|changed?|different)\b|\bchanges? (?:in|to|of|about)\b|\bbreaking change",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"^\W*(?:what (?:is|are) (?:a |an |the )?|define\b|what does\b.{1,60}\bmean\b|what is meant by"
    r"|(?:the )?meaning of)",
    re.IGNORECASE,
)
_WHY = re.compile(r"^\W*why\b|\bwhy (?:is|are|does|do|did|can)\b", re.IGNORECASE)
_LOOKUP = re.compile(
    r"\b(?:signature|parameters?|arguments?|returns?|raises?|default value|syntax|documentation|docs|usage|reference)\b"
    r"|\bhow (?:do|does|can|should|to)\b.{0,30}\b(?:use|call|work)\b|^\W*what does\b.{1,80}\bdo\b",
    re.IGNORECASE,
)
_HOW = re.compile(
    r"^\W*(?:in \w+, )?(?:how (?:do|can|could|should|would) (?:i|you|we|one)\b|how to\b"
    r"|(?:can|could) (?:i|you|we|one)\b|what(?:'s| is| are) (?:the |an? )?(?:\w+ )?(?:\w+ )?ways? (?:to|of)\b"
    r"|is there an? (?:\w+ )?(?:\w+ )?way (?:to|of)\b|is it possible to\b)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\?|^\W*(?:how|why|what|when|where|which|who|is|are|can|could|does|do|did|should|would|will|has|have)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\W*(?:(?:please|python|simply|efficiently|quickly|properly|manually|randomly|recursively|case insensitive(?:ly)?"
    r"|regex|in python)\b[\s:,/-]{1,4}){0,3}([a-z]+)-?(?:[ \t]+(\w+))?",
    re.IGNORECASE,
)
_NAMES = listed("statement statements expression expressions keyword clause operator attribute hook handler protocol")
_LEAST_WORDS = 4
_SHORT_DEFINITION = 4
_VERBS = listed(
    """abort accept access add adjust align allocate answer append apply archive arrange ask assert assign
    attach avoid await backup bind block break bring browse build cache calculate call cancel capitalize capture
    cast catch center chain change check choose chunk clamp clean clear clone close collapse collect combine
    commit communicate compare compile complete compose compress compute concat concatenate configure confirm
    connect construct consume continue convert copy count cover create crop cross customize cut cycle debug
    declare decode decompress decrease decrement decrypt deduplicate delay delete deploy deserialize detect
    determine differentiate disable discard dispatch display divide download drain draw drop dump duplicate edit
    eliminate embed empty enable encapsulate encode encrypt end enforce ensure enter enumerate erase escape
    estimate evaluate examine exclude execute exit expand explode export expose express extend extract factor
    fetch fill filter find finish fire fit fix flatten flip flush follow force fork format gather generalize
    generate get give go grab group handle hash hide highlight identify ignore implement import include increase
    increment index inherit initialize input insert inspect install instantiate intercept interpolate interrupt
    intersect invalidate invert invoke isolate iterate join jump keep kill label launch limit link list listen
    load locate lock log look loop lower lowercase make manipulate map mask match measure memoize merge migrate
    mirror mock modify monitor move multiply mutate negate nest normalize notify obtain offset omit open order
    organize override overwrite pack pad paginate paint pair parse partition pass paste pause perform permute
    pick pickle ping pipe place plot pop populate post predict prepare prepend present preserve prevent print
    process produce profile prompt protect prove publish pull push put query quit quote raise rank reach read
    rearrange receive record recover recreate recurse redirect reduce refactor refer refresh register release
    reload remind remove rename render reorder repeat replace reply report represent request reraise reset
    reshape resize resolve restart restore restrict restructure resume retrieve retry return reuse reverse
    rewrite roll rotate round run sample save scale scan schedule scrape search seek select send separate
    serialize serve set shift shorten show shrink shuffle shut sign simulate skip sleep slice solve sort spawn
    specify split square stack start stop store stream strip stub style submit subscribe subset substitute
    subtract sum summarize suppress suspend swap switch synchronize tabulate tail take tell terminate test throw
    time toggle tokenize trace track transfer transform translate transpose traverse treat trigger trim truncate
    turn uncompress unescape unify unpack unpickle unquote unregister unset unwrap unzip update upload uppercase
    use validate verify view visit wait walk watch weigh wrap write yield zip"""
)


def kind_of_question(text: str, symbols: tuple[str, ...]) -> str:
    """status, added, changed, definition, lookup, why, how (a task put as a question), task, question or topic."""
    words = _QUOTED.sub(" x ", text)
    for kind, pattern in (("status", _STATUS), ("added", _ADDED), ("changed", _CHANGED)):
        if symbols and pattern.search(words):
            return kind
    if _WHY.search(words):
        return "why"
    task = _is_task(words)
    if _DEFINITION.match(words) and not _HOW.match(words) and not (task and len(words.split()) > _SHORT_DEFINITION):
        return "definition"
    if symbols and not task and _LOOKUP.search(words):
        return "lookup"
    if _HOW.match(words):
        return "how"
    if _QUESTION.search(words):
        return "question"
    return "task" if task else "topic"


def _is_task(words: str) -> bool:
    """Whether the text tells what to do: its first word is a verb in its plain form or ends in -ing."""
    first = _FIRST.match(words)
    if not first or len(words.split()) < _LEAST_WORDS or "?" in words:
        return False
    return (first[2] or "").lower() not in _NAMES and _is_verb(first[1].lower())


def _is_verb(word: str) -> bool:
    if word in _VERBS or word == "define":
        return True
    if not word.endswith("ing"):
        return False
    stem = word.removesuffix("ing")
    return not _VERBS.isdisjoint((stem, f"{stem}e", stem[:-1] if stem[-2:-1] == stem[-1:] else stem))
