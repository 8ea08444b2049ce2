"""The store: a catalogue in SQL, which is the truth, and an index derived from it, which is kept in step.

The catalogue is opened by `assay.store.catalogue.open_catalogue`; importing this package opens nothing.
"""
