"""Does a sentence of an opinion report what a party argues, and not what the court holds?"""

from __future__ import annotations

import re

_PARTY = (
    r"(?:(?:[Tt]he\s+)?(?:[Pp]laintiffs?|[Dd]efendants?|[Aa]ppellants?|[Aa]ppellees?|[Pp]etitioners?|[Rr]espondents?"
    r"|[Cc]ounsel|government|"
    r"State|Commonwealth|United\s+States|agency|company|union|debtor|trustee|taxpayer|dissent|parties|seller|buyer"
    r"|licen[cs]ee|licen[cs]or|"
    r"insurer|insured|amic[iu]s?)|(?!The\b|This\b|That\b|Its?\b|Each\b|Such\b|No\b"
    r"|A\b)[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){0,2}|[Hh]e|[Ss]he|[Tt]hey)"
)
_VERB = (
    r"(?:argues?|argued|contends?|contended|asserts|asserted|maintains|maintained|insists?|insisted|urges|urged"
    r"|claims|claimed|alleges?|"
    r"alleged|submits|submitted|suggests|posits|complains|counters|responds)"
)
_ADVERB = r"(?:\w+ly\s+|also\s+|first\s+|further\s+|next\s+|now\s+)?"
_REPORTED = re.compile(
    rf"(?:^|[.;,]\s+|\b(?:but|and|that|while|[Aa]lthough)\s+){_PARTY}\s+{_ADVERB}{_VERB}\b"
    r"(?!\s+(?:that\s+)?(?:is|was|are|were)\s+(?:correct|right))"
)
_ANSWER = re.compile(
    r"\b(?:we (?:agree|disagree|reject|hold|conclude|find)|is (?:correct|wrong|unavailing|without merit|meritless"
    r"|mistaken)|"
    r"this argument (?:fails|is)|not persuaded|unpersuasive)\b",
    re.IGNORECASE,
)
_COURTS = re.compile(
    r"\b(?:[Cc]ourt|[Jj]udge|[Jj]ustice|[Pp]anel|[Cc]ircuit|[Cc]ongress|[Ww]e)\s+(?:\w+ly\s+)?"
    r"(?:argues?|claims?|asserts?|maintains?|suggests?|urges?)"
)


def reports_argument(sentence: str) -> bool:
    """True where a party is said to argue it and the court does not answer in the same sentence."""
    plain = " ".join(sentence.split())[:1000]
    return _REPORTED.search(plain) is not None and _ANSWER.search(plain) is None and _COURTS.search(plain) is None
