"""Measures the system on labelled questions: retrieval first. For the project's own data and for users' own."""
