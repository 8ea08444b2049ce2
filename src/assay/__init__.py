"""Assay: answers from your own documents, every sentence with a checked citation.

    from assay import ProductionRAGSystem, RAGConfig

Names are loaded when they are first used, so that `import assay` is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from assay import version

if TYPE_CHECKING:
    from assay.config import RAGConfig
    from assay.domains.medical.evidence import MedicalEvidenceGrader
    from assay.domains.technical.code import CodeAnalyzer
    from assay.errors import AssayError
    from assay.specialists import LegalDocumentRAG, MedicalLiteratureRAG, TechnicalDocumentationRAG
    from assay.system import ProductionRAGSystem
    from assay.types import (
        AccessList,
        Appraisal,
        Chunk,
        Citation,
        Claim,
        Document,
        IngestReport,
        Passage,
        Principal,
        QueryResult,
        Source,
    )

_PLACES = {
    "AccessList": "assay.types",
    "Appraisal": "assay.types",
    "AssayError": "assay.errors",
    "Chunk": "assay.types",
    "Citation": "assay.types",
    "Claim": "assay.types",
    "CodeAnalyzer": "assay.domains.technical.code",
    "Document": "assay.types",
    "IngestReport": "assay.types",
    "LegalDocumentRAG": "assay.specialists",
    "MedicalEvidenceGrader": "assay.domains.medical.evidence",
    "MedicalLiteratureRAG": "assay.specialists",
    "Passage": "assay.types",
    "Principal": "assay.types",
    "ProductionRAGSystem": "assay.system",
    "QueryResult": "assay.types",
    "RAGConfig": "assay.config",
    "Source": "assay.types",
    "TechnicalDocumentationRAG": "assay.specialists",
}


__version__ = version.VERSION

__all__ = [
    "AccessList",
    "Appraisal",
    "AssayError",
    "Chunk",
    "Citation",
    "Claim",
    "CodeAnalyzer",
    "Document",
    "IngestReport",
    "LegalDocumentRAG",
    "MedicalEvidenceGrader",
    "MedicalLiteratureRAG",
    "Passage",
    "Principal",
    "ProductionRAGSystem",
    "QueryResult",
    "RAGConfig",
    "Source",
    "TechnicalDocumentationRAG",
]


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'assay' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
