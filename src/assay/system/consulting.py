"""What the pack says on one question: how it reads it, what it narrows, which sources it bars, how it finishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assay.domains.base import MetadataPack
from assay.guard.questions import admit_filters
from assay.types import Appraisal, Passage, QueryResult, Question

if TYPE_CHECKING:
    from assay.ports import DomainPack
    from assay.store.library import CatalogueLibrary
    from assay.system.parts import Parts


@dataclass(frozen=True)
class Consultation:
    """A pack's part in one question. `asked` holds the caller's filters and those that the pack read out of it."""

    pack: DomainPack
    asked: Question
    reading: Mapping[str, Any]
    library: CatalogueLibrary
    notes: tuple[str, ...] = ()

    @property
    def stop(self) -> Mapping[str, Any]:
        """Why the field forbids an answer; empty where it does not."""
        found: Mapping[str, Any] = self.reading.get("stop") or {}
        return found

    @property
    def ranks(self) -> bool:
        """Whether the pack has a say in the ranking; if not, only the best candidates need be read."""
        return getattr(type(self.pack), "priors", None) is not MetadataPack.priors

    @property
    def suggested(self) -> tuple[str, ...]:
        """Documents that the pack would have looked into."""
        return tuple(self.pack.suggest(self.reading, self.library))

    def priors(self, passages: Sequence[Passage]) -> list[Mapping[str, float]]:
        """The pack's addends for these passages."""
        return self.pack.priors(self.reading, passages, self.library)

    def admitted(
        self, passages: Sequence[Passage], appraisals: Mapping[str, Appraisal]
    ) -> tuple[list[Passage], tuple[str, ...]]:
        """The passages that may serve as evidence, and for each document that may not, a warning that says why."""
        kept: list[Passage] = []
        barred: dict[str, str] = {}
        for passage in passages:
            appraisal = appraisals[passage.document.id]
            reason = self.pack.admit(self.reading, passage, appraisal)
            if reason:
                barred.setdefault(appraisal.citation, reason)
            else:
                kept.append(passage)
        return kept, tuple(f"not used as evidence: {name}: {reason}" for name, reason in barred.items())

    def finish(self, result: QueryResult) -> QueryResult:
        """The result with the pack's metadata and warnings."""
        return self.pack.finish(self.reading, result, self.library)


def consult(pack: DomainPack, asked: Question, parts: Parts) -> Consultation:
    """Let the pack read the question. What the caller filters on, the pack does not narrow again."""
    reading = pack.read_question(asked.text)
    library = parts.library(asked.principal)
    notes = tuple(str(note) for note in reading.get("notes", ()))
    named = {field.field for field in asked.filters}
    wanted = {name: value for name, value in (reading.get("filters") or {}).items() if name not in named}
    known = parts.filter_fields(wanted, asked.principal) if wanted else frozenset()
    usable = {name: value for name, value in wanted.items() if name in (known or ())}
    unknown = [name for name in wanted if name not in usable]
    if unknown:
        notes = (*notes, f"the question names a {', '.join(unknown)}, which no document here states; not narrowed")
    return Consultation(pack, replace(asked, filters=(*asked.filters, *admit_filters(usable))), reading, library, notes)
