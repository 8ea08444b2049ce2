"""A language model through pydantic-ai: time limits, bounded retries, streams, token counts.

pydantic-ai and the providers' libraries are imported with the first question. Nothing is instrumented, nothing is
reported anywhere, prompts and keys are never logged.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from assay.errors import AssayError, ModelError
from assay.models.failures import Failure, broken, classify, timed_out
from assay.models.language import Completion, ModelAddress, TimeLimits
from assay.models.loop import LoopThread
from assay.models.providers import build_model
from assay.models.retry import Backoff
from assay.models.secrets import SecretFromEnvironment
from assay.types import TokenUsage

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models import Model
    from pydantic_ai.settings import ModelSettings


@dataclass(frozen=True, slots=True, repr=False)
class _Request:
    """One question to the model; without a repr, so that no traceback shows a prompt."""

    system: str
    user: str
    max_tokens: int
    temperature: float
    limits: TimeLimits

    def messages(self) -> list[ModelMessage]:
        from pydantic_ai.messages import ModelRequest, SystemPromptPart, UserPromptPart

        parts = [SystemPromptPart(self.system)] if self.system else []
        return [ModelRequest(parts=[*parts, UserPromptPart(self.user)])]

    def settings(self) -> ModelSettings:
        return {"max_tokens": self.max_tokens, "temperature": self.temperature, "max_retries": 0}


_Item = str | Completion | AssayError


class ChatModel:
    """One model behind the LanguageModel interface."""

    def __init__(
        self, address: ModelAddress, *, limits: TimeLimits | None = None, backoff: Backoff | None = None
    ) -> None:
        """Nothing is imported or sent before the first question. Raises ConfigError for a variable that is no name."""
        self.name = address.name
        self._address = address
        self._limits = limits or TimeLimits()
        self._backoff = backoff or Backoff()
        self._secret = SecretFromEnvironment(address.api_key_env)
        self._thread = LoopThread(f"language model {address.name}")
        self._lock = threading.Lock()
        self._model: Model | None = None
        self._client: httpx2.AsyncClient | None = None

    def __repr__(self) -> str:
        return f"ChatModel({self.name!r})"

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
        """The whole answer; see `LanguageModel`."""
        request = self._request(system, user, max_tokens, temperature, timeout)
        completion = self._thread.run(self._complete(self._ready(request), request))
        if expect_json:
            completion.json()
        return completion

    def stream(
        self,
        system: str,
        user: str,
        *,
        max_tokens: int = 2048,
        temperature: float = 0.0,
        timeout: float | None = None,
    ) -> ChatStream:
        """The answer piece by piece; see `LanguageModel`."""
        request = self._request(system, user, max_tokens, temperature, timeout)
        return ChatStream(lambda put: self._thread.submit(self._pump(self._ready(request), request, put)))

    def prepare(self) -> None:
        """Import what is needed and read the key now, so that the first question does not wait for it (seconds).

        Raises ConfigError where the key is missing or the provider unknown.
        """
        self._ready(self._request("", "", 1, 0.0, None))

    def close(self) -> None:
        """Close connections and the thread; calling it twice is harmless."""
        with self._lock:
            client, self._client, self._model = self._client, None, None
        if client is not None:
            self._thread.run(client.aclose())
        self._thread.close()

    def _request(self, system: str, user: str, max_tokens: int, temperature: float, timeout: float | None) -> _Request:
        limits = self._limits
        if timeout is not None:
            limits = replace(limits, total=timeout)
        return _Request(system, user, max_tokens, temperature, limits)

    def _ready(self, request: _Request) -> Model:
        """The model, made with the first question and before its time begins to run."""
        with self._lock:
            if self._model is None:
                try:
                    self._model, self._client = build_model(self._address, self._secret, self._limits)
                except Exception as error:  # noqa: BLE001 - the edge to foreign libraries; every kind becomes one of ours
                    failure = self._classify(error, request)
                else:
                    return self._model
                raise failure.error
            return self._model

    # --- on the loop ------------------------------------------------------------------------------------------------

    async def _complete(self, model: Model, request: _Request) -> Completion:
        from pydantic_ai.direct import model_request

        async def once() -> Completion:
            answer = await model_request(model, request.messages(), model_settings=request.settings(), instrument=False)
            return self._completion(answer)

        return await self._with_retries(request, once, lambda: True)

    async def _pump(self, model: Model, request: _Request, put: Callable[[_Item], None]) -> None:
        """Carry the pieces, then the completion or the error, into the reader's queue."""
        started = False

        def emit(piece: str) -> None:
            nonlocal started
            started = True
            put(piece)

        try:
            once = functools.partial(self._stream_once, model, request, emit)
            put(await self._with_retries(request, once, lambda: not started))
        except AssayError as error:
            put(error)

    async def _with_retries(
        self, request: _Request, once: Callable[[], Any], may_retry: Callable[[], bool]
    ) -> Completion:
        """Run `once` until it succeeds, fails for good, or the tries or the time are used up."""
        deadline = time.monotonic() + request.limits.total
        attempt = 0
        while True:
            try:
                async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                    completion: Completion = await once()
                    return completion
            except Exception as error:  # noqa: BLE001 - the edge to foreign libraries; every kind becomes one of ours
                failure = self._classify(error, request)
            wait = self._backoff.wait(attempt, failure.retry_after) if failure.transient and may_retry() else None
            if wait is None or time.monotonic() + wait >= deadline:
                raise failure.error
            attempt += 1
            await asyncio.sleep(wait)

    async def _stream_once(self, model: Model, request: _Request, emit: Callable[[str], None]) -> Completion:
        from pydantic_ai.direct import model_request_stream

        limits = request.limits
        opening = model_request_stream(model, request.messages(), model_settings=request.settings(), instrument=False)
        async with AsyncExitStack() as stack:
            first_by = time.monotonic() + limits.first_token
            stream = await self._within(first_by, "it did not begin to answer", stack.enter_async_context(opening))
            await self._follow(aiter(stream), emit, first_by, limits.stall)
            answer = stream.get()
        if answer.finish_reason is None:
            raise broken(self._address, "its answer broke off")
        return self._completion(answer)

    async def _follow(
        self, events: AsyncIterator[Any], emit: Callable[[str], None], first_by: float, stall: float
    ) -> None:
        until, why = first_by, "it did not begin to answer"
        while (event := await self._within(until, why, anext(events, None))) is not None:
            if piece := _text_of(event):
                emit(piece)
            until, why = time.monotonic() + stall, "it stopped in the middle of its answer"

    async def _within(self, until: float, why: str, work: Any) -> Any:
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())) as limit:
                return await work
        except TimeoutError:
            if limit.expired():
                raise timed_out(self._address, why) from None
            raise

    def _classify(self, error: Exception, request: _Request) -> Failure:
        return classify(error, self._address, self._secret, f"{request.system}\n{request.user}")

    def _completion(self, answer: ModelResponse) -> Completion:
        text = answer.text or ""
        finish = answer.finish_reason or "unknown"
        if not text.strip():
            why = "a content filter withheld it" if finish == "content_filter" else "it is empty"
            raise broken(self._address, why)
        model = answer.model_name or self._address.model
        usage = TokenUsage(model, answer.usage.input_tokens, answer.usage.output_tokens)
        return Completion(text, usage, model, finish)


class ChatStream:
    """The reader's side of a stream; see `TextStream`."""

    def __init__(self, start: Callable[[Callable[[_Item], None]], concurrent.futures.Future[None]]) -> None:
        """`start` begins to carry the answer into the function that it is given, and returns what can stop it."""
        self._pieces: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._ended = False
        self.completion: Completion | None = None
        self._pump = start(self._pieces.put)
        # Whatever becomes of the pump, a waiting reader is woken.
        stopped = ModelError("the language model was closed while it answered", next="ask again")
        self._pump.add_done_callback(lambda _: self._pieces.put(stopped))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._ended:
            raise StopIteration
        item = self._pieces.get()
        if isinstance(item, str):
            return item
        self._ended = True
        if isinstance(item, AssayError):
            raise item
        self.completion = item
        raise StopIteration

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the answer; calling it twice is harmless."""
        self._ended = True
        self._pump.cancel()


def _text_of(event: Any) -> str:
    """The text that a stream event adds to the answer; thinking and everything else adds none."""
    from pydantic_ai.messages import PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta

    match event:
        case PartStartEvent(part=TextPart(content=text)) | PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return str(text)
    return ""
