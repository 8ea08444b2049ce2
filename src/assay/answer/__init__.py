"""Answering: passages in, a draft of claims with quotations out; and checked claims joined into an answer's text."""
