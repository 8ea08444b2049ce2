"""A language model without a model: a real HTTP server on loopback whose answers are computed, and bad on request.

It speaks OpenAI's and Anthropic's protocols, so that everything between a system and its model is really exercised.

    with FakeLanguageModel(behaviour="misquote") as fake:
        ...  # point the system at fake.base_url

By hand: `python -m assay.models.fake --behaviour misquote --port 8099`. For tests; not for real use.
"""

from assay.models.fake.behaviours import BEHAVIOURS
from assay.models.fake.server import FakeLanguageModel, FakeRequest

__all__ = ["BEHAVIOURS", "FakeLanguageModel", "FakeRequest"]
