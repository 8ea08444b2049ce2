"""Calibrated statements about answers: how likely a passage is relevant, how likely an answer rests on a right place.

They are reported, never compared with a quality threshold, and no answer is withheld for them.
"""
