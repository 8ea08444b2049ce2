"""Executable contracts of every port, for the shipped adapters and for yours.

    from assay.testing import ReaderContract

    class TestMyReader(ReaderContract):          # pytest collects it; `prove(TestMyReader)` needs no pytest
        def make_reader(self): return MyReader()
        def samples(self): return [SourceFile("a.mine", b"...", "mine")]

Beside them stand what the contracts are made of: odd texts, known documents, passages and a clock that stands still.
docs/extending.md shows one plug-in of each kind.
"""

from __future__ import annotations

from assay.testing.catalogue import CatalogueContract
from assay.testing.chunker import ChunkerContract
from assay.testing.clock import ClockContract, StandingClock
from assay.testing.contract import Contract, contract_tests, failures_of, prove
from assay.testing.documents import built, everyday_documents, prose
from assay.testing.domain_pack import DomainPackContract
from assay.testing.embedder import EmbedderContract
from assay.testing.index import IndexContract
from assay.testing.jobs import JobLedgerContract
from assay.testing.passages import document_info, passages_of, question
from assay.testing.reader import ReaderContract
from assay.testing.texts import generated_texts, long_texts, nasty_texts, storable_texts
from assay.testing.writer import WriterContract

__all__ = [
    "CatalogueContract",
    "ChunkerContract",
    "ClockContract",
    "Contract",
    "DomainPackContract",
    "EmbedderContract",
    "IndexContract",
    "JobLedgerContract",
    "ReaderContract",
    "StandingClock",
    "WriterContract",
    "built",
    "contract_tests",
    "document_info",
    "everyday_documents",
    "failures_of",
    "generated_texts",
    "long_texts",
    "nasty_texts",
    "passages_of",
    "prose",
    "prove",
    "question",
    "storable_texts",
]
