"""The store: a catalogue in SQL, which is the truth, and an index derived from it, which is kept in step.

The catalogue is opened by `assay.store.catalogue.open_catalogue`; nothing is imported or opened by importing this package.
"""
