"""Loading a folder of the engine, and the engine's errors as ours."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assay.errors import AssayError, StoreDamaged, StoreError, StoreFull
from assay.store import checksums, faults
from assay.store.edge_lock import ProcessLock
from assay.store.edge_settings import REPAIR, IndexSettings
from assay.store.edge_trial import tried

if TYPE_CHECKING:
    import qdrant_edge as qe

_ROOM = 64 << 20


def damaged(folder: Path, wrong: Sequence[str]) -> StoreDamaged:
    """The error that names the first few of what is wrong and the command that repairs."""
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return StoreDamaged(f"The index {folder} is damaged", why="; ".join(wrong[:3]) + more, next=REPAIR)


def lock_of(folder: Path) -> ProcessLock:
    """The lock of one generation's folder. Raises StoreInUse."""
    return ProcessLock(folder.with_name(folder.name + ".lock"), f"The index {folder}")


def unsealed_faults(folder: Path) -> list[str]:
    """What is wrong with a folder that was not closed properly, as far as its files tell."""
    found = checksums.static_faults(folder)
    if not found and (told := tried(folder)):
        found = [told]
    return found


def load(folder: Path, settings: IndexSettings) -> qe.EdgeShard:
    """Load a folder. Raises StoreDamaged for whatever the engine makes of damaged files."""
    from qdrant_edge import EdgeShard

    try:
        return EdgeShard.load(str(folder), settings.engine_config())
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # Damaged files end in a PanicException, which is no Exception.
        raise damaged(folder, [f"it does not load ({_first_line(error)})"]) from error


@contextmanager
def engine(folder: Path, doing: str) -> Iterator[None]:
    """The engine's errors as ours; it raises plain Exception, and PanicException where it met what cannot be."""
    try:
        yield
    except AssayError:
        raise
    except OSError as error:
        raise faults.fault(error, str(folder)) from error
    except Exception as error:
        # The engine's bindings know no narrower type.
        raise _told(error, folder, doing) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(folder, [f"the engine gave up ({_first_line(error)})"]) from error


def _told(error: Exception, folder: Path, doing: str) -> StoreError:
    text = _first_line(error)
    if "No space left" in text or "os error 28" in text:
        return faults.full(str(folder))
    if "Read-only file system" in text or "Permission denied" in text:
        return faults.read_only(str(folder))
    return StoreError(f"The index {folder} could not {doing}", why=text, next="Run `assay doctor`")


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__


def check_room(folder: Path, needed: int) -> None:
    """Raises StoreFull unless `needed` bytes and a reserve are free."""
    # The engine writes through mapped memory: on a full disk the process would be killed by a signal.
    free = shutil.disk_usage(folder).free
    if free < _ROOM + needed:
        raise StoreFull(
            f"There is no room left on the disk for the index {folder}",
            why=f"{free >> 20} MB are free; it wants {(_ROOM + needed) >> 20} MB to be safe. Nothing was written",
            next="Free some space and run the same command again",
        )
