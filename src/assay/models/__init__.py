"""Adapters to models: the local embedder, remote embedders, language models, and deterministic fakes of both.

Nothing is fetched while anything here runs; the one exception is `assay.models.minilm.install`, which a person calls.
Heavy libraries are imported inside functions, so that importing a module of this package costs nothing.
"""
