"""Text primitives that stages and packs share: tokens, sentences, offsets, splitting, normalisation."""
