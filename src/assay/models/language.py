"""Language models as the core sees them: one synchronous call, one stream, time limits, and what comes back.

A model is named by one setting: `ollama:llama3`, `openai:NAME`, `anthropic:NAME`, `openai-compatible:NAME@http://host/v1`,
or any `provider:NAME` that pydantic-ai knows. Which library carries it is the business of `assay.models.chat`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from assay.errors import ConfigError, ModelProtocolError
from assay.models.secrets import check_address
from assay.types import Record, TokenUsage

OLLAMA_URL = "http://127.0.0.1:11434/v1"
_AT = re.compile(r"(?P<name>.+)@(?P<url>https?://.+)")
_FENCE = re.compile(r"\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*", re.DOTALL)
_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}


@dataclass(frozen=True, slots=True)
class Completion(Record):
    """A whole answer. `finish_reason`: stop, length (cut at `max_tokens`), content_filter, or what the server said."""

    text: str
    usage: TokenUsage
    model: str
    finish_reason: str

    def json(self) -> dict[str, Any]:
        """The answer as a JSON object, a code fence around it removed. Raises ModelProtocolError where it is none."""
        fenced = _FENCE.fullmatch(self.text)
        try:
            value = json.loads(fenced[1] if fenced else self.text)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            cut = self.finish_reason == "length"
            raise ModelProtocolError(
                f"the model {self.model} did not answer with a JSON object",
                why="the answer was cut off at its greatest length" if cut else "",
                next="raise the greatest length of an answer" if cut else "use a model that keeps to a given form",
            )
        return value


class TextStream(Protocol):
    """An answer as it comes: iterate over its pieces; `completion` is filled once the last one is there.

    Use it in a `with` block, or close it, so that an answer nobody waits for is not paid for.
    """

    @property
    def completion(self) -> Completion | None:
        """The whole answer with its token counts, once the stream has ended well; None before."""
        ...

    def __iter__(self) -> Iterator[str]: ...

    def __next__(self) -> str: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def close(self) -> None:
        """Stop the answer; calling it twice is harmless."""
        ...


class LanguageModel(Protocol):
    """Asks a model. Safe to call from several threads. Raises ModelTimeout, ModelUnavailable or ModelProtocolError."""

    name: str

    def complete(
        self,
        system: str,
        user: str,
        *,
        max_tokens: int = 2048,
        temperature: float = 0.0,
        timeout: float | None = None,
        expect_json: bool = False,
    ) -> Completion:
        """The whole answer, never empty. `timeout` limits everything, retries included, in seconds.

        `expect_json`: an answer that is no JSON object counts as a failure of the model.
        """
        ...

    def stream(
        self,
        system: str,
        user: str,
        *,
        max_tokens: int = 2048,
        temperature: float = 0.0,
        timeout: float | None = None,
    ) -> TextStream:
        """The answer piece by piece. Retries and fail-over end with the first piece: two answers are never mixed."""
        ...

    def close(self) -> None:
        """Close connections and threads; calling it twice is harmless."""
        ...


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds allowed: to connect, until the first piece, between two pieces, and in all (retries included)."""

    connect: float = 5.0
    first_token: float = 60.0
    stall: float = 30.0
    total: float = 60.0

    @classmethod
    def within(cls, total: float) -> TimeLimits:
        """Limits for an answer that may take `total` seconds: a local model reads the prompt for most of that time."""
        return cls(min(5.0, total), total, min(30.0, total), total)


@dataclass(frozen=True, slots=True)
class ModelAddress:
    """Where a model is: `provider`, its `model` name there, `url` (empty: the provider's own), the key's variable."""

    provider: str
    model: str
    url: str = ""
    api_key_env: str = ""

    @property
    def name(self) -> str:
        """How it is shown."""
        return f"{self.provider}:{self.model}"


def parse_address(
    setting: str, *, base_url: str = "", api_key_env: str = "", environ: Mapping[str, str] | None = None
) -> ModelAddress:
    """Read the one setting that names a model. Raises ConfigError where it names none.

    `base_url` moves `openai:` and `anthropic:` to another server of the same protocol. The keys of these two are looked
    for in OPENAI_API_KEY and ANTHROPIC_API_KEY unless `api_key_env` names another variable.
    """
    environ = os.environ if environ is None else environ
    provider, colon, model = setting.strip().partition(":")
    at = _AT.fullmatch(model)
    if at:
        model, base_url = at["name"], at["url"]
    if not colon or not provider or not model:
        raise ConfigError(
            f"{setting!r} does not name a language model",
            next="write provider:name, such as ollama:llama3 or openai-compatible:NAME@http://host/v1",
        )
    if provider == "ollama":
        base_url = base_url or environ.get("OLLAMA_BASE_URL") or OLLAMA_URL
    if provider in ("openai", "openai-chat") and base_url:
        provider = "openai-compatible"
    if provider == "openai-compatible" and not base_url:
        raise ConfigError(
            f"{setting!r} lacks the server's address",
            next="write openai-compatible:NAME@http://host/v1, or set models.base_url",
        )
    default_key = "" if base_url else _KEYS.get(provider, "")
    url = check_address(base_url) if base_url else ""
    return ModelAddress(provider, model, url, api_key_env or default_key)
