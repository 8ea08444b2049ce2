"""The library that a measurement asks: a store that is there, or one made from a corpus file for this run.

With `store` the library is kept and used again; without it, it is thrown away.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.config import RAGConfig
from assay.errors import InputError
from assay.evaluation.dataset import json_lines
from assay.evaluation.matching import matches
from assay.specialists import system_for
from assay.system import ProductionRAGSystem
from assay.types import IngestReport

NO_FLOOR = 1e-9


@dataclass(frozen=True, slots=True)
class MeasuredLibrary:
    """Where the documents come from, and how the system over them is set."""

    corpus: Path | None = None
    store: Path | None = None
    corpus_filters: Mapping[str, Any] = field(default_factory=dict)
    domain: str = "general"
    config: Path | None = None
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Sections of the configuration, over what the file says: {"retrieval": {"late_weight": 0}}."""

    @contextmanager
    def open(self, *, floor: bool) -> Iterator[tuple[ProductionRAGSystem, IngestReport | None]]:
        """The system over the library, and what taking the corpus in came to (None where it was there).

        `floor` off: a ranking is measured, not a refusal.
        """
        with tempfile.TemporaryDirectory(prefix="assay-eval-") as folder:
            place = self.store or Path(folder) / "store"
            given: dict[str, Any] = dict(self.settings) | {"store": {"path": str(place), "mode": "embedded"}}
            loaded = RAGConfig.load(self.config, domain=self.domain, **given)
            if not floor:
                retrieval = loaded.retrieval.model_copy(update={"off_topic_floor": NO_FLOOR})
                loaded = loaded.model_copy(update={"retrieval": retrieval})
            with system_for(loaded) as system:
                yield system, self._fill(system, place)

    def _fill(self, system: ProductionRAGSystem, place: Path) -> IngestReport | None:
        if self.store is not None and place.is_dir() and system.count_documents():
            return None
        if self.corpus is None:
            raise InputError("there is no library to ask", next="give --corpus FILE, or --store with a filled store")
        if not self.corpus_filters:
            return system.ingest([self.corpus])
        with tempfile.TemporaryDirectory(prefix="assay-corpus-") as folder:
            kept = Path(folder) / "corpus.jsonl"
            with kept.open("w", encoding="utf-8") as target:
                for record in json_lines(self.corpus):
                    if matches(record.get("metadata", {}), self.corpus_filters) or matches(record, self.corpus_filters):
                        target.write(json.dumps(record, ensure_ascii=False) + "\n")
            return system.ingest([kept])
