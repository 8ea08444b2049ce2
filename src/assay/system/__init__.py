"""The one place that knows all the stages: it opens them, hands values on, and builds results."""

from assay.system.rag import ProductionRAGSystem

__all__ = ["ProductionRAGSystem"]
