"""The level of evidence of one study: the Oxford table (OCEBM Levels of Evidence Working Group, 2011), by question.

It grades by design alone; the table lets a reader move it for quality, imprecision, indirectness or size of effect, and
that is left to the reader. Protocols, opinions without data, retracted work and unknown designs have no level.
"""

from __future__ import annotations

from typing import Literal

QuestionType = Literal["therapy", "diagnosis", "prognosis", "harm", "prevalence", "screening"]
QUESTION_TYPES: tuple[QuestionType, ...] = ("therapy", "diagnosis", "prognosis", "harm", "prevalence", "screening")

_MECHANISM = {"animal": 5, "in_vitro": 5, "modelling": 5}
_INTERVENTION = {
    "systematic_review": 1,
    "rct": 2,
    "rct_secondary": 2,
    "non_randomised_interventional": 3,
    "cohort": 3,
    "before_after": 4,
    "case_control": 4,
    "case_series": 4,
    "case_report": 4,
    **_MECHANISM,
}
_TABLE: dict[str, dict[str, int]] = {
    "therapy": _INTERVENTION,
    "harm": _INTERVENTION,
    "screening": _INTERVENTION,
    "diagnosis": {
        "systematic_review": 1,
        "diagnostic": 2,
        "cross_sectional": 2,
        "cohort": 2,
        "case_series": 3,
        "case_control": 4,
        **_MECHANISM,
    },
    "prognosis": {
        "systematic_review": 1,
        "cohort": 3,
        "rct": 3,
        "rct_secondary": 3,
        "non_randomised_interventional": 4,
        "before_after": 4,
        "case_series": 4,
        "case_control": 4,
        "case_report": 4,
        **_MECHANISM,
    },
    "prevalence": {"systematic_review": 2, "cross_sectional": 3, "cohort": 3, "case_series": 4, **_MECHANISM},
}


def level_of(design: str, question: str = "therapy") -> int | None:
    """The OCEBM 2011 level, 1 (best) to 5, of a study of this design for this kind of question; None where none fits.

    A prognosis level of 2 needs an inception cohort, and prevalence levels of 1 and 2 a local random sample or a
    review of such surveys; a design alone does not show these, so the lower level is given.
    """
    return _TABLE.get(question, _INTERVENTION).get(design)
