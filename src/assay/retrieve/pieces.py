"""Token vectors of chunks, read once a question: writing asks again for some of those that ranking read."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from assay.ports import Catalogue
from assay.types import Principal


class Pieces:
    """Reads packed token vectors. What a thread read last is kept for that thread and that caller alone."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._last = threading.local()

    def read(self, ids: Sequence[int], principal: Principal) -> Mapping[int, bytes]:
        """The packed token vectors of those of `ids` that this caller may read and that have some."""
        found = self._catalogue.token_vectors(ids, principal)
        self._last.read = principal, found
        return found

    def again(self, ids: Sequence[int], principal: Principal) -> Mapping[int, bytes]:
        """The same for chunks that this question's ranking has just shown this caller: only what was not read last is
        read now."""
        nothing: tuple[Principal | None, Mapping[int, bytes]] = None, {}
        reader, known = getattr(self._last, "read", nothing)
        held = {key: known[key] for key in ids if key in known} if reader == principal else {}
        missing = [key for key in ids if key not in held]
        return {**held, **self._catalogue.token_vectors(missing, principal)} if missing else held


__all__ = ["Pieces"]
