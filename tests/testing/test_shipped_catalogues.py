"""The shipped catalogue and job ledger keep their contracts."""

from __future__ import annotations

from pathlib import Path

from assay.ports import Catalogue, Clock, JobLedger
from assay.store.catalogue import open_catalogue
from assay.testing import CatalogueContract, JobLedgerContract


class TestSqlCatalogue(CatalogueContract):
    def make_catalogue(self, folder: Path) -> Catalogue:
        return open_catalogue(folder, create=True)


class TestSqlJobLedger(JobLedgerContract):
    def make_ledger(self, folder: Path, clock: Clock) -> JobLedger:
        return self.opened(open_catalogue(folder, create=True, clock=clock)).jobs
