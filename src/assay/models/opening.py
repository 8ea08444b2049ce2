"""From settings to models: the embedder and the language model that the configuration names, ready to use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assay.errors import ConfigError

if TYPE_CHECKING:
    from assay.models.language import LanguageModel
    from assay.models.minilm.engines import EngineName, Precision
    from assay.ports import Embedder


def open_embedder(
    setting: str = "local",
    *,
    dimensions: int = 384,
    api_key_env: str = "",
    engine: EngineName = "auto",
    precision: Precision = "default",
    threads: int = 0,
    timeout: float = 60.0,
    retries: int = 2,
) -> Embedder:
    """The embedder that `setting` names: `local`, `hashing` (tests only) or `openai-compatible:NAME@URL`.

    The local one is loaded (half a second) and joins the queries of several threads. Raises ConfigError for a setting
    that names none, ModelMissing where the local model is not installed.
    """
    if setting == "local":
        from assay.models.batching import MicroBatcher
        from assay.models.minilm.embedder import LocalEmbedder

        return MicroBatcher(LocalEmbedder(engine=engine, precision=precision, threads=threads))
    if setting == "hashing":
        from assay.models.hashing import HashingEmbedder

        return HashingEmbedder(dimensions)
    if setting.partition(":")[0] not in ("openai", "ollama", "openai-compatible"):
        raise ConfigError(
            f"{setting!r} does not name an embedder", next="write local, hashing or openai-compatible:NAME@URL"
        )
    from assay.models.language import parse_address
    from assay.models.remote import RemoteEmbedder
    from assay.models.retry import Backoff

    address = parse_address(setting, api_key_env=api_key_env)
    return RemoteEmbedder(
        address.url or "https://api.openai.com/v1",
        address.model,
        dimensions,
        api_key_env=address.api_key_env,
        timeout=timeout,
        backoff=Backoff(retries),
    )


def open_language_model(
    setting: str,
    *,
    fallback: str = "",
    base_url: str = "",
    api_key_env: str = "",
    timeout: float = 60.0,
    retries: int = 2,
) -> LanguageModel:
    """The language model that `setting` names, with a second one behind it where `fallback` names one.

    Nothing is imported or sent before the first question. `base_url` belongs to the first; `api_key_env` to the first,
    and to the second where both are at the same place. Raises ConfigError for a setting that names none.
    """
    from assay.models.chat import ChatModel
    from assay.models.failover import FailoverModel
    from assay.models.language import TimeLimits, parse_address
    from assay.models.retry import Backoff

    limits, backoff = TimeLimits.within(timeout), Backoff(retries)
    first = parse_address(setting, base_url=base_url, api_key_env=api_key_env)
    if not fallback:
        return ChatModel(first, limits=limits, backoff=backoff)
    second = parse_address(fallback)
    if (second.provider, second.url) == (first.provider, first.url):
        second = replace(second, api_key_env=first.api_key_env)
    models = [ChatModel(address, limits=limits, backoff=backoff) for address in (first, second)]
    return FailoverModel(models)
