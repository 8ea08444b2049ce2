"""The shipped writers keep the contract: the quoting one, and the one that asks a language model over its protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from assay.answer.extractive import ExtractiveWriter
from assay.answer.model import ModelWriter
from assay.models.fake import FakeLanguageModel
from assay.models.hashing import HashingEmbedder
from assay.models.language import LanguageModel
from assay.models.opening import open_language_model
from assay.ports import Writer
from assay.testing import WriterContract
from assay.textual.interaction import Place
from assay.types import Passage, Question


class TestExtractiveWriter(WriterContract):
    def make_writer(self) -> Writer:
        return ExtractiveWriter()


class TestExtractiveWriterWithCosines(WriterContract):
    def make_writer(self) -> Writer:
        embedder = HashingEmbedder(64)

        def similarity(asked: Question, passages: Sequence[Passage], places: Sequence[Place]) -> list[float]:
            texts = [passages[at].chunk.text[start:end] for at, start, end in places]
            rows = embedder.embed([asked.text, *texts])
            return [float(value) for value in rows[1:] @ rows[0]]

        return ExtractiveWriter(similarity=similarity)


class TestModelWriter(WriterContract):
    """One server and one connection serve all tests of the class."""

    behaviour: ClassVar[str] = "faithful"
    odd_passages = 8
    _fake: ClassVar[FakeLanguageModel]
    _model: ClassVar[LanguageModel]

    @classmethod
    def setup_class(cls) -> None:
        cls._fake = FakeLanguageModel(cls.behaviour).start()
        cls._model = open_language_model("openai-compatible:fake", base_url=cls._fake.base_url)

    @classmethod
    def teardown_class(cls) -> None:
        cls._model.close()
        cls._fake.close()

    def make_writer(self) -> Writer:
        return ModelWriter(self._model)


class TestModelWriterWithAModelThatHallucinates(TestModelWriter):
    behaviour = "hallucinate"
