"""What kind of study a report is: from its publication types, its subject headings, its title and its text.

Precedence: NLM publication types (where present and asked for), then the text. The text is read in two steps: the
model of nine classes (model.py), corrected by rules for what reports state outright (a randomised trial, a protocol),
then finer names by cues (cohort, case-control, cross-sectional, diagnostic, ...). Where nothing speaks clearly the
design is "unknown". Definitions follow MeSH "Publication Characteristics" and the CONSORT, SPIRIT, PRISMA, STROBE and
STARD statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assay.domains.medical.evidence.cues import Scan, scan
from assay.domains.medical.evidence.model import Guess, features_of, guess
from assay.types import Record

UNKNOWN = "unknown"
DESIGNS = (
    "systematic_review",
    "rct",
    "rct_secondary",
    "non_randomised_interventional",
    "before_after",
    "cohort",
    "case_control",
    "cross_sectional",
    "diagnostic",
    "case_series",
    "case_report",
    "qualitative",
    "modelling",
    "guideline",
    "narrative_review",
    "opinion",
    "protocol",
    "animal",
    "in_vitro",
    "other",
)
# NLM publication types, most telling first (NLM, "MEDLINE PubMed Publication Types").
_PUBLICATION_TYPES = (
    ("systematic_review", ("meta-analysis", "systematic review", "network meta-analysis")),
    ("protocol", ("clinical trial protocol",)),
    ("guideline", ("practice guideline", "guideline", "consensus development conference", "consensus statement")),
    (
        "rct",
        ("randomized controlled trial", "pragmatic clinical trial", "equivalence trial", "adaptive clinical trial"),
    ),
    ("case_report", ("case reports",)),
    (
        "non_randomised_interventional",
        ("controlled clinical trial", "clinical trial", "clinical trial, phase i", "clinical trial, phase ii"),
    ),
    ("animal", ("clinical trial, veterinary", "observational study, veterinary")),
    ("narrative_review", ("review", "scientific integrity review")),
    ("opinion", ("editorial", "letter", "comment", "news", "newspaper article", "personal narrative")),
)
_RANDOM = frozenset({"random", "randomis", "pseudorandomis"})
_NOT_A_TRIAL = ("systematic_review", "narrative_review", "animal", "in_vitro", "protocol", "case_report")
_THRESHOLD = 1.0
_FINE = (
    ("qualitative", ("qualitative",), 2),
    ("modelling", ("modelling",), 3),
    ("diagnostic", ("diagnostic",), 3),
    ("guideline", ("guideline",), 3),
)
_CUE_OF = {
    "animal": ("rodents", "other_animals", "animal_model"),
    "case_report": ("case_report", "person"),
    "in_vitro": ("in_vitro",),
    "narrative_review": ("review_statement", "review_word", "review_words"),
    "non_randomised_interventional": ("phase", "before_after", "treated", "intervention"),
    "before_after": ("before_after",),
    "protocol": ("protocol_word", "future"),
    "rct": ("were_randomised", "randomised_trial", "blinded_masked", "placebo", "crossover"),
    "rct_secondary": ("secondary_analysis", "randomised_trial"),
    "systematic_review": ("systematic_review", "search_methods"),
    "cohort": ("cohort",),
    "case_control": ("case_control",),
    "cross_sectional": ("cross_sectional",),
    "diagnostic": ("diagnostic",),
    "case_series": ("case_series",),
    "qualitative": ("qualitative",),
    "modelling": ("modelling",),
    "guideline": ("guideline",),
    "opinion": ("opinion",),
}
_MESH = {"double-blind method": 2.0, "single-blind method": 1.2, "random allocation": 1.5, "cross-over studies": 0.8}


@dataclass(frozen=True, slots=True)
class Design(Record):
    """The design with where it was read, how sure (0 to 1), and the words that say so.

    `family`: the class of the model (model.CLASSES) that the name belongs to. `source`: "publication type", "text" or
    "none". `randomised` is None where nothing tells. text[start:end] of the
    document is the evidence; None where it is metadata or stands in the title.
    """

    name: str
    source: str
    confidence: float
    reason: str
    start: int | None = None
    end: int | None = None
    randomised: bool | None = None
    family: str = UNKNOWN


def design_of(
    title: str,
    text: str,
    *,
    publication_types: Iterable[str] = (),
    mesh: Iterable[str] = (),
    start: int = 0,
) -> Design:
    """The design of the report with this title and text. `start` is added to the places."""
    body, head = scan(text, start), scan(title)
    found = guess(features_of(head, body, asks="?" in title))
    read = _from_text(head, body, found, title, mesh)
    stated = _from_types(publication_types)
    if stated is None:
        return read
    name, kind = stated
    if name == "rct" and read.name in ("rct_secondary", "protocol"):
        return read
    if name in ("opinion", "narrative_review") and read.name == "systematic_review":
        return read
    place = _place(body, name)
    randomised = True if name == "rct" else (False if name in ("case_report", "opinion") else read.randomised)
    return Design(
        name, "publication type", 0.98, f"publication type {kind}", *place, randomised=randomised, family=read.family
    )


def trial_score(head: Scan, body: Scan, found: Guess, mesh: Iterable[str] = ()) -> float:
    """How strongly the text speaks for a randomised trial in people; above 1.0 counts as one."""
    chances = found.probabilities
    strangers = sum(chances[name] for name in _NOT_A_TRIAL)
    score = chances["rct"] - 3.0 * max(0.0, strangers - 0.35)
    randoms = 2 * _randoms(head) + _randoms(body)
    score += (2.0 if randoms else 0.0) + (0.5 if randoms > 1 else 0.0)
    score += 1.6 * bool(body.count("blinded_masked") + head.count("blinded_masked"))
    placebos = body.count("placebo") + head.count("placebo")
    score += 1.0 if placebos > 1 else 0.7 * placebos
    score += 0.6 * bool(body.count("crossover") + head.count("crossover"))
    score -= 1.5 * bool(body.count("non_randomised") + head.count("non_randomised"))
    return score + sum(_MESH.get(heading.lower(), 0.0) for heading in mesh)


def _from_text(head: Scan, body: Scan, found: Guess, title: str, mesh: Iterable[str]) -> Design:
    if not head.groups and not body.groups:
        return Design(UNKNOWN, "none", 0.0, "neither title nor text names a design")
    name = found.best
    trial = trial_score(head, body, found, mesh) >= _THRESHOLD
    if _is_protocol(head, body, found):
        name = "protocol"
    elif trial and name in ("rct", "other", "non_randomised_interventional"):
        name = "rct_secondary" if _is_secondary(head, body) else "rct"
    elif name == "rct":
        name = "non_randomised_interventional"
    family = "rct" if name == "rct_secondary" else name
    if name in ("other", "non_randomised_interventional"):
        name = _finer(name, head, body)
    confidence = round(found.probabilities[family], 2)
    if len(body.words) + len(head.words) < 6 and confidence < 0.9:
        return Design(UNKNOWN, "none", 0.0, "the text is too short to tell")
    start, end = _place(body, name)
    reason = _reason(head, body, name, found, in_title=start is None)
    return Design(
        name, "text", confidence, reason, start, end, randomised=_randomised(name, trial, head, body), family=family
    )


def _is_protocol(head: Scan, body: Scan, found: Guess) -> bool:
    return found.best == "protocol" or (bool(head.count("protocol_word")) and body.count("future") > 0)


def _is_secondary(head: Scan, body: Scan) -> bool:
    return head.count("secondary_analysis") > 0 or body.count("secondary_analysis") > 1


def _randoms(seen: Scan) -> int:
    """Words of randomising that are not about sampling, models or other trials."""
    others = [
        span for group in ("random_other", "non_randomised", "trials_as_topic") for span in seen.groups.get(group, ())
    ]
    return sum(
        word.stem in _RANDOM and not any(start <= word.start + seen.shift < end for start, end in others)
        for word in seen.words
    )


def _finer(name: str, head: Scan, body: Scan) -> str:
    """The class by its finer name: what the title says counts three times; without enough cues the name stays."""

    def told(*groups: str) -> int:
        return 3 * head.count(*groups) + body.count(*groups)

    if name == "other":
        for fine, groups, least in _FINE:
            if told(*groups) >= least:
                return fine
        if told("opinion") > 1 and not body.count("statistics"):
            return "opinion"
    counts = {group: told(group) for group in ("case_control", "cross_sectional", "cohort", "case_series")}
    if name == "non_randomised_interventional":
        if told("before_after") > 1 and not body.count("control_arm") and not counts["case_series"]:
            return "before_after"
        if told("intervention") > 2 and not counts["case_series"] and counts["cohort"] < 4:
            return name
        del counts["cross_sectional"]
    best = max(counts, key=lambda group: counts[group])
    return best if counts[best] >= 2 and body.count("people", "counted_people") else name


def _randomised(name: str, trial: bool, head: Scan, body: Scan) -> bool | None:
    if name in ("rct", "rct_secondary"):
        return True
    if name in ("protocol", "animal", "in_vitro") and _randoms(head) + _randoms(body):
        return True
    if name in ("systematic_review", "narrative_review", "guideline", "opinion", "modelling", "other", UNKNOWN):
        return None
    return False if not trial else None


def _place(body: Scan, name: str) -> tuple[int | None, int | None]:
    for group in _CUE_OF.get(name, ()):
        span = body.first(group)
        if span is not None:
            return span
    return None, None


def _reason(head: Scan, body: Scan, name: str, found: Guess, *, in_title: bool) -> str:
    groups = [group for group in _CUE_OF.get(name, ()) if head.count(group) or body.count(group)]
    if not groups:
        return f"the words of the whole text (most telling: {_telling(found)})"
    where = "the title" if in_title or head.count(groups[0]) else "the text"
    return f"words of {where}: {groups[0].replace('_', ' ')}"


def _telling(found: Guess) -> str:
    best = max(found.contributions, key=lambda feature: found.contributions[feature], default="none")
    return re.sub(r"^[TBAtb][:=]", "", best).replace("_", " ")


def _from_types(types: Iterable[str]) -> tuple[str, str] | None:
    given = {str(kind).strip().lower(): str(kind) for kind in types}
    for name, kinds in _PUBLICATION_TYPES:
        for kind in kinds:
            if kind in given:
                return name, given[kind]
    return None
