"""Question to passages: both legs in one index query, a transparent sum of signals, routing, an off-topic floor."""
