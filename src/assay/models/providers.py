"""Builds pydantic-ai's model object for an address: the one file that knows its providers.

The key is read here, from the environment, and handed on; it is kept nowhere else of ours. Imports take seconds, so
this happens with the first question.
"""

from __future__ import annotations

import inspect
import logging
from typing import TYPE_CHECKING, Any

from assay.errors import ConfigError
from assay.models.language import ModelAddress, TimeLimits
from assay.models.secrets import SecretFromEnvironment, is_loopback

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.models import Model

_TALKATIVE = ("openai._base_client", "anthropic._base_client")


def build_model(
    address: ModelAddress, secret: SecretFromEnvironment, limits: TimeLimits
) -> tuple[Model, httpx2.AsyncClient]:
    """The model and the HTTP client it uses, which the caller closes on the loop that used it.

    Raises ConfigError for a missing key, and what pydantic-ai raises for a provider that it does not know.
    """
    key = secret.reveal() or None
    _keep_prompts_out_of_logs()
    client = _client(address, limits)
    if address.provider == "openai-compatible":
        return _compatible(address, key, client), client
    if address.provider == "ollama":
        return _ollama(address, key, client), client
    return _inferred(address, key, client), client


def _client(address: ModelAddress, limits: TimeLimits) -> httpx2.AsyncClient:
    import httpx2

    timeout = httpx2.Timeout(max(limits.total, limits.connect), connect=limits.connect)
    return httpx2.AsyncClient(timeout=timeout, trust_env=not (address.url and is_loopback(address.url)))


def _compatible(address: ModelAddress, key: str | None, client: httpx2.AsyncClient) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    # Without its finish reason a stream that was cut cannot be told from one that ended.
    strict = OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True)
    provider = OpenAICompatibleProvider(
        "openai-compatible", base_url=address.url, api_key=key, http_client=client, profile=strict
    )
    return OpenAIChatModel(address.model, provider=provider)


def _ollama(address: ModelAddress, key: str | None, client: httpx2.AsyncClient) -> Model:
    from pydantic_ai.models.ollama import OllamaModel
    from pydantic_ai.profiles import merge_profile
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.ollama import OllamaProvider

    strict = OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True)
    provider = OllamaProvider(base_url=address.url, api_key=key, http_client=client)
    profile = merge_profile(OllamaProvider.model_profile(address.model), strict)
    return OllamaModel(address.model, provider=provider, profile=profile)


def _inferred(address: ModelAddress, key: str | None, client: httpx2.AsyncClient) -> Model:
    """Any provider that pydantic-ai knows, with our key, address and client as far as it takes them."""
    from pydantic_ai.models import infer_model
    from pydantic_ai.providers import Provider, infer_provider_class

    def provider(name: str) -> Provider[Any]:
        try:
            kind = infer_provider_class(name)
        except ValueError:
            raise ConfigError(
                f"there is no provider {name!r} of language models", next="check models.language_model"
            ) from None
        takes = inspect.signature(kind.__init__).parameters
        # A provider's own variable must not be sent to another place than the provider's own.
        known = key or ("api-key-not-set" if address.url else None)
        given = {"api_key": known, "base_url": address.url or None, "http_client": client}
        return kind(**{name: value for name, value in given.items() if name in takes and value is not None})

    return infer_model(address.name, provider)


def _drop_debug(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


def _keep_prompts_out_of_logs() -> None:
    # At level DEBUG these write whole requests into the log, prompts included.
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_drop_debug)
