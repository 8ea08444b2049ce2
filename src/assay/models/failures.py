"""Turns what a model library raises into the errors of Assay: which kind, whether it may pass, and nothing secret.

Foreign messages are not passed on: they may repeat the prompt or the key. Of a refused request the server's own
sentence is kept, shortened, if it repeats neither.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import AssayError, ConfigError, ModelProtocolError, ModelTimeout, ModelUnavailable
from assay.models.language import ModelAddress
from assay.models.secrets import SecretFromEnvironment

_SHOWN = 200
_RUN = 24
_LATER = "try again later, or set models.fallback_model"


@dataclass(frozen=True, slots=True)
class Failure:
    """The error to raise; whether trying again may help, and after how many seconds the server wants it."""

    error: AssayError
    transient: bool = False
    retry_after: float | None = None


def classify(error: Exception, address: ModelAddress, secret: SecretFromEnvironment, prompt: str) -> Failure:
    """What `error`, raised by pydantic-ai or below, means. Never fails."""
    from pydantic_ai import exceptions as raised

    name = f"the language model {address.name}"
    match error:
        case AssayError():
            return Failure(error)
        case TimeoutError() | raised.ModelTimeoutError() | raised.ModelRequestTimeout():
            connecting = getattr(error, "phase", None) in ("connect", "pool")
            return Failure(timed_out(address, "it could not be reached" if connecting else ""), connecting)
        case raised.ModelConnectionError(phase="read"):
            return Failure(broken(address, "its answer broke off"), True)
        case raised.ModelConnectionError():
            away = ModelUnavailable(f"{name} cannot be reached", next="check that the server runs and its address")
            return Failure(away, True)
        case raised.ModelRateLimitError() | raised.ModelUnavailableError() | raised.ModelServerError():
            status = getattr(error, "status_code", "")
            busy = ModelUnavailable(f"{name} is overloaded or failing", why=f"status {status}", next=_LATER)
            return Failure(busy, True, error.retry_after)
        case raised.ModelAPIError():
            return Failure(_refused(error, name, secret, prompt))
        case raised.UserError():
            return Failure(_unusable(error, address))
        case ImportError():
            needs = f"pip install 'pydantic-ai-slim[{address.provider}]'"
            return Failure(ConfigError(f"{name} needs a library that is not installed", next=f"run `{needs}`"))
        case raised.UnexpectedModelBehavior():
            return Failure(broken(address, "its answer is not what the protocol promises"))
    return Failure(broken(address, f"{type(error).__name__} at {_place(error)}"))


def timed_out(address: ModelAddress, why: str) -> ModelTimeout:
    """The error for a limit that ran out."""
    return ModelTimeout(
        f"the language model {address.name} gave no answer in time", why=why, next="raise models.timeout_seconds"
    )


def broken(address: ModelAddress, why: str) -> ModelProtocolError:
    """The error for an answer that is not one."""
    return ModelProtocolError(f"the answer of {address.name} cannot be used", why=why, next=_LATER)


def _refused(error: Any, name: str, secret: SecretFromEnvironment, prompt: str) -> AssayError:
    from pydantic_ai import exceptions as raised

    said = _said(error.body, secret, prompt)
    variable = secret.variable or "the variable named by models.api_key_env"
    match error:
        case raised.ModelAuthenticationError():
            return ModelUnavailable(f"{name} refused the key", next=f"check {variable}")
        case raised.ModelNotFoundError():
            return ModelUnavailable(f"{name} is not known to its server", why=said, next="check name and address")
        case raised.ModelContextWindowExceededError():
            return ModelUnavailable(f"the prompt is too long for {name}", next="ask with a smaller k")
        case raised.ModelQuotaExceededError():
            return ModelUnavailable(f"the account of {name} has no credit left", next="check the provider's account")
        case raised.ModelRequestRejectedError():
            return ModelUnavailable(f"{name} refused the request", why=said, next="check the model's settings")
        case raised.ModelHTTPError():
            return ModelUnavailable(f"{name} refused with status {error.status_code}", why=said, next=_LATER)
    return ModelProtocolError(f"{name} broke the protocol", why="its answer broke off or is no JSON", next=_LATER)


def _unusable(error: Exception, address: ModelAddress) -> ConfigError:
    missing = "environment variable" in str(error)
    return ConfigError(
        f"the language model {address.name} cannot be set up",
        why="the provider's key is not set" if missing else "the provider or model is not known",
        next="name the variable that holds the key in models.api_key_env" if missing else "check models.language_model",
    )


def _said(body: object, secret: SecretFromEnvironment, prompt: str) -> str:
    """The server's own sentence, shortened; empty where it repeats part of the prompt."""
    inner = body.get("error", body) if isinstance(body, dict) else None
    text = inner.get("message") if isinstance(inner, dict) else inner
    if not isinstance(text, str):
        return ""
    text = secret.hide(" ".join(text.split()))[:_SHOWN]
    flat = " ".join(prompt.split())
    repeats = any(text[start : start + _RUN] in flat for start in range(max(1, len(text) - _RUN + 1)))
    return "" if repeats else text


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
