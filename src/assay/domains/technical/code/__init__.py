"""Code in documents and answers: its language, whether it is whole and parses, what it imports, calls and guards."""

from __future__ import annotations

from assay.domains.technical.code.analyzer import CodeAnalyzer
from assay.domains.technical.code.values import CodeReport, Definition, Handling, Import, Part, Snippet, Use

__all__ = ["CodeAnalyzer", "CodeReport", "Definition", "Handling", "Import", "Part", "Snippet", "Use"]
