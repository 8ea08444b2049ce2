"""Safety before retrieval: emergencies, self-harm and poisoning stop; personal dosage and diagnosis are referred."""

from assay.domains.medical.safety.messages import message
from assay.domains.medical.safety.rules import Action
from assay.domains.medical.safety.screening import SafetyDecision, screen

__all__ = ["Action", "SafetyDecision", "message", "screen"]
