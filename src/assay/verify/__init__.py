"""Verification: drafts in, checked claims out. No model; nothing is attached by similarity."""

from assay.verify.about import about, addresses, required_terms
from assay.verify.claim import verify_claim
from assay.verify.gate import Gate, verify

__all__ = ["Gate", "about", "addresses", "required_terms", "verify", "verify_claim"]
