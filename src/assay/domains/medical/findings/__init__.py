"""Findings of studies: what was compared on which outcome, which way it went, and where documents disagree."""

from assay.domains.medical.findings.conflict import Conflict, alike, conflicts
from assay.domains.medical.findings.direction import Direction, DirectionReading, direction_of
from assay.domains.medical.findings.stance import Stance, StanceReading, stance_of, verdict_on
from assay.domains.medical.findings.study import StudyFinding, finding_from, finding_key, findings_of

__all__ = [
    "Conflict",
    "Direction",
    "DirectionReading",
    "Stance",
    "StanceReading",
    "StudyFinding",
    "alike",
    "conflicts",
    "direction_of",
    "finding_from",
    "finding_key",
    "findings_of",
    "stance_of",
    "verdict_on",
]
