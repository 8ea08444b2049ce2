"""The second public face: what whoever runs a library does with it. Jobs, repair, backup, generations, the model.

Everything here acts as the owner of a locally opened store.
"""

from __future__ import annotations

import contextlib
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assay.config import FILE_NAME, RAGConfig
from assay.errors import AssayError, InputError
from assay.plugins import domain_names, domain_pack
from assay.system.parts import Parts
from assay.types import DoctorReport, JobInfo, plain
from assay.version import VERSION

if TYPE_CHECKING:
    from assay.store.keeper import Store


def start_library(folder: Path, domain: str = "general") -> dict[str, str]:
    """Write `assay.toml` and an empty store into `folder`; refuses where a configuration file stands already."""
    if domain not in domain_names():
        raise InputError(f"there is no domain {domain!r}", next=f"choose one of: {', '.join(domain_names())}")
    file = folder / FILE_NAME
    if file.exists():
        raise InputError(f"{file} is there already", next="edit it, or choose another folder")
    from assay.store import faults

    try:
        with faults.translated(str(folder)):
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(
                "# Every setting, its reason and what changing it requires: assay config explain\n"
                f'profile = "laptop"\ndomain = "{domain}"\n\n[store]\npath = ".assay/store"\n',
                encoding="utf-8",
            )
        config = RAGConfig.load(file, store={"path": str(folder / ".assay" / "store")})
        with Admin(config) as admin:
            admin.create()
    except AssayError:
        # A library that was not begun can be begun again by the same command.
        with contextlib.suppress(OSError):
            file.unlink()
        raise
    return {"folder": str(folder), "file": str(file), "store": str(config.store.path), "domain": domain}


class Admin:
    """Care of one store: examine, repair, compact, migrate, back up, restore, jobs, generations."""

    def __init__(self, config: RAGConfig | None = None) -> None:
        self.config = config or RAGConfig.load()
        self._parts = Parts(self.config, domain_pack(self.config.domain))

    @property
    def path(self) -> Path:
        """The folder of the store."""
        return self.config.store.path

    def create(self) -> None:
        """Make an empty store where there is none."""
        self._parts.open_store(create=True)

    def examine(self) -> DoctorReport:
        """Compare both sides and look at files, space and permissions; nothing is changed."""
        from assay.store import doctor

        with self._tolerant() as store:
            return doctor.examine(store)

    def repair(self) -> DoctorReport:
        """Mend what can be mended, then examine again."""
        from assay.store import doctor

        with self._tolerant() as store:
            return doctor.repair(store)

    def compact(self) -> dict[str, str]:
        """Rewrite catalogue and index, so that no file holds removed text; returns what was probed."""
        return dict(self._parts.store.compact(erase=True))

    def migrate(self, *, rebuild: bool = False) -> dict[str, Any]:
        """Bring an older store up to date; with `rebuild` embed anew if needed and build a new index generation."""
        from assay.store.migrations import migrate

        report = migrate(self.path)
        steps = [f"applied {name}" for name in report.applied]
        if rebuild:
            steps.extend(self._parts.rebuild())
        return {"steps": steps, "report": plain(report)}

    def backup(self, target: Path) -> dict[str, Any]:
        """One consistent archive, while the store is in use; the index is left out, it can be rebuilt."""
        from assay.store.backup import backup

        self._parts.store.flush()
        report = backup(self.path, target)
        return {**report.to_dict(), "archive": str(target), "bytes": target.stat().st_size, **self._count()}

    def restore(self, archive: Path, *, overwrite: bool = False) -> dict[str, Any]:
        """A store out of an archive; checksums are verified before anything is written, the index is built anew."""
        from assay.store.backup import restore

        if overwrite and self.path.exists():
            self._end_owner()
        report = restore(archive, self.path, overwrite=overwrite)
        return {**report.to_dict(), "store": str(self.path), **self._count()}

    def rollback(self) -> int:
        """Serve the former index generation again; returns its number."""
        return self._parts.store.rollback()

    def jobs(self, limit: int = 50) -> list[JobInfo]:
        """Ingestion jobs, the newest first."""
        return self._parts.store.ledger.jobs(limit)

    def cancel(self, job_id: str) -> None:
        """Ask an ingestion job to stop after its present batch."""
        self._parts.store.ledger.cancel(job_id)

    def close(self) -> None:
        """Let go of the store."""
        self._parts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _count(self) -> dict[str, int]:
        return {"documents": self._parts.store.catalogue.count_documents()}

    def _tolerant(self) -> Store:
        from assay.store.keeper import Store

        self._parts.close()
        settings = self.config.store
        return Store.open(settings.path, mode=settings.mode, idle_seconds=settings.idle_seconds, tolerant=True)

    def _end_owner(self) -> None:
        self._tolerant().end_owner()


def install_model() -> Path:
    """Fetch the local model once; returns its folder. Nothing else in Assay ever fetches anything."""
    from assay.models.minilm.install import install_model as install

    return install()


def versions() -> dict[str, str]:
    """The versions that matter for a report."""
    return {
        "assay": VERSION,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "executable": Path(sys.executable).name,
    }
