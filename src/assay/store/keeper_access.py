"""How a store reaches its index: through the owner process, or inside this process under the same lock."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Self

from assay.errors import StoreInUse
from assay.store.edge import EdgeIndex
from assay.store.edge_lock import ProcessLock, holder
from assay.store.owner_client import OwnedIndex
from assay.store.owner_files import OwnerFiles, address, announce, clear, in_use, post_mortem

Folder = Callable[[], Path]
OnRestart = Callable[[], None]


class EmbeddedIndex(EdgeIndex):
    """An index in this process that also holds the owner's lock, so that nobody starts an owner meanwhile."""

    _files: OwnerFiles
    _owner_lock: ProcessLock

    @classmethod
    def held(cls, store: Path, folder: Path) -> Self:
        """Raises StoreInUse where another process holds the index."""
        files = OwnerFiles(store)
        lock = ProcessLock(files.lock, f"The index of the store {store}")
        try:
            post_mortem(files)
            index = cls.open(folder)
            announce(files, {"embedded": True, "pid": os.getpid()})
        except BaseException:
            lock.release()
            raise
        index._files, index._owner_lock = files, lock
        return index

    def close(self) -> None:
        """Flush, seal and let go."""
        super().close()
        if address(self._files) is not None and holder(self._files.lock) == os.getpid():
            clear(self._files)
        self._owner_lock.release()


def embedded_index(store: Path, folder: Folder, idle_seconds: float, on_restart: OnRestart) -> EdgeIndex | OwnedIndex:
    """The index in this process; through its owner where one holds it. Raises StoreInUse, naming the process."""
    files = OwnerFiles(store)
    try:
        return EmbeddedIndex.held(store, folder())
    except StoreInUse:
        told = address(files)
        if told is None or told.get("embedded"):
            raise in_use(files, holder(files.lock)) from None
        return owned_index(store, folder, idle_seconds, on_restart)


def owned_index(store: Path, folder: Folder, idle_seconds: float, on_restart: OnRestart) -> OwnedIndex:
    """The index through its owner, which is started where there is none and told which generation to serve."""
    index = OwnedIndex(store, folder, idle_seconds=idle_seconds, on_restart=on_restart)
    if index.served != folder():
        index.switch(folder())
    return index
