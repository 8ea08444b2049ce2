"""Grading of evidence: design, level, sample size, effects, certainty."""

from assay.domains.medical.evidence.certainty import Certainty
from assay.domains.medical.evidence.design import Design
from assay.domains.medical.evidence.effects import Effect
from assay.domains.medical.evidence.grader import MedicalEvidenceGrader, StudyRecord
from assay.domains.medical.evidence.sample import SampleSize

__all__ = ["Certainty", "Design", "Effect", "MedicalEvidenceGrader", "SampleSize", "StudyRecord"]
