"""The three domain systems: thin. What a field knows stands in its pack; here are its names and entry points.

A pack's module is imported by the system that uses it: a question to one field does not wait for the others.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assay.config import RAGConfig
from assay.plugins import domain_pack
from assay.system import ProductionRAGSystem
from assay.types import QueryResult, plain

if TYPE_CHECKING:
    from assay.domains.medical.evidence import MedicalEvidenceGrader
    from assay.domains.technical.code import CodeAnalyzer


class _Specialist(ProductionRAGSystem):
    """A system whose pack follows its settings: what was changed counts from the next question or document on."""

    def __init__(self, config: RAGConfig | Mapping[str, Any] | None = None, **parts: Any) -> None:
        super().__init__(config, **parts)
        self._own_pack = "pack" not in parts
        self._applied: dict[str, Any] = {}

    def _settings(self) -> dict[str, Any]:
        raise NotImplementedError

    def _prepare(self) -> None:
        settings = self._settings()
        if self._own_pack and settings != self._applied:
            self._use_pack(domain_pack(self.domain, settings))
            self._applied = copy.deepcopy(settings)


class LegalDocumentRAG(_Specialist):
    """Questions over legal documents. `legal_config` holds the settings; changing one counts from the next question."""

    domain = "legal"

    def __init__(self, config: RAGConfig | Mapping[str, Any] | None = None, **parts: Any) -> None:
        from assay.domains.legal import SETTINGS

        super().__init__(config, **parts)
        self.legal_config: dict[str, Any] = plain(SETTINGS)
        self.prompt_template = _template(self)

    def _settings(self) -> dict[str, Any]:
        return self.legal_config

    def process_legal_query(self, question: str, jurisdiction: str | None = None) -> QueryResult:
        """A verified answer, limited to one jurisdiction with all below it if given: a path such as us/fed/ca9, or a
        name such as "California". With `jurisdiction_filtering` off nothing is left out."""
        threshold = self.legal_config["quality_threshold"]
        if not jurisdiction or not self.legal_config["jurisdiction_filtering"]:
            return self.process_query(question, score_threshold=threshold)
        from assay.domains.legal.courts import normalise_path

        within = {"jurisdictions": [normalise_path(jurisdiction) or jurisdiction]}
        return self.process_query(question, within, score_threshold=threshold)

    @property
    def citation_patterns(self) -> Mapping[str, Any]:
        """The forms of citation that are recognised, by name."""
        from assay.domains.legal.citations import citation_patterns

        return citation_patterns


class TechnicalDocumentationRAG(_Specialist):
    """Questions over technical documentation. `tech_config` holds the settings."""

    domain = "technical"

    def __init__(self, config: RAGConfig | Mapping[str, Any] | None = None, **parts: Any) -> None:
        from assay.domains.technical import SETTINGS

        super().__init__(config, **parts)
        self.tech_config: dict[str, Any] = plain(SETTINGS)
        self.prompt_template = _template(self)

    def _settings(self) -> dict[str, Any]:
        return self.tech_config

    def process_technical_query(self, question: str, version: str | None = None) -> QueryResult:
        """A verified answer for one version of the product: the one given here, else named in the question, else set in
        `tech_config["target_version"]`. Pages of other versions are pushed down and warned of, not left out. Where the
        question names another version than the one given, a warning says so."""
        from assay.domains.technical.questions import retargeted

        threshold = self.tech_config["quality_threshold"]
        if not version:
            return self.process_query(question, score_threshold=threshold)
        from assay.domains.technical.targets import CALLER

        settings = {**self.tech_config, "target_version": version, "target_from": CALLER}
        asked = retargeted(question, version) if isinstance(question, str) else question
        result = self._query(asked, threshold=threshold, pack=domain_pack(self.domain, settings))
        if asked != question and result.status != "error":
            result.question = question
            result.warnings = (*result.warnings, f"the question names another version; it was asked for {version}")
        return result

    @property
    def code_analyzer(self) -> CodeAnalyzer:
        """Reads code: language, completeness, symbols, calls."""
        from assay.domains.technical.code import CodeAnalyzer

        return CodeAnalyzer()


class MedicalLiteratureRAG(_Specialist):
    """Questions over medical literature. `medical_config` holds the settings."""

    domain = "medical"

    def __init__(self, config: RAGConfig | Mapping[str, Any] | None = None, **parts: Any) -> None:
        from assay.domains.medical import SETTINGS

        super().__init__(config, **parts)
        self.medical_config: dict[str, Any] = plain(SETTINGS)
        self.prompt_template = _template(self)

    def _settings(self) -> dict[str, Any]:
        return self.medical_config

    def process_medical_query(self, question: str) -> QueryResult:
        """A verified answer, with the disclaimer."""
        return self.process_query(question, score_threshold=self.medical_config["quality_threshold"])

    @property
    def evidence_grader(self) -> MedicalEvidenceGrader:
        """Reads design, level, size and effects out of a report, each with its span."""
        from assay.domains.medical.evidence import MedicalEvidenceGrader

        return MedicalEvidenceGrader()


_SYSTEMS: dict[str, type[ProductionRAGSystem]] = {
    "legal": LegalDocumentRAG,
    "technical": TechnicalDocumentationRAG,
    "medical": MedicalLiteratureRAG,
}


def system_for(config: RAGConfig, **parts: Any) -> ProductionRAGSystem:
    """The system of the configured domain; a plug-in's domain gets the general one with that pack."""
    return _SYSTEMS.get(config.domain, ProductionRAGSystem)(config, **parts)


def _template(system: ProductionRAGSystem) -> str:
    return str(getattr(system.pack, "prompt_template", ""))
