"""Several language models as one: the first that answers is taken, and one that failed is left alone for a while.

A failure is a ModelError (no answer in time, refused or unreachable, not what was promised). A ConfigError is not: it
is raised at once, so that a missing key is never hidden by a second model.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Self, TypeVar

from assay.errors import ConfigError, ModelError
from assay.models.language import Completion, LanguageModel, TextStream

T = TypeVar("T")
_log = logging.getLogger("assay.models")


class FailoverModel:
    """Models in order of preference behind the LanguageModel interface. `timeout` limits each of them, not the sum."""

    def __init__(
        self, models: Sequence[LanguageModel], *, cooldown: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`cooldown`: seconds for which a model that failed is asked last. Raises ConfigError without any model."""
        if not models:
            raise ConfigError("fail-over needs at least one language model")
        self.name = " then ".join(model.name for model in models)
        self._models = tuple(models)
        self._cooldown = cooldown
        self._clock = clock
        self._lock = threading.Lock()
        self._resting: dict[int, float] = {}

    def __repr__(self) -> str:
        return f"FailoverModel({self.name!r})"

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
        """The first whole answer; see `LanguageModel`."""

        def ask(model: LanguageModel) -> Completion:
            return model.complete(
                system,
                user,
                max_tokens=max_tokens,
                temperature=temperature,
                timeout=timeout,
                expect_json=expect_json,
            )

        return self.first(ask)

    def stream(
        self,
        system: str,
        user: str,
        *,
        max_tokens: int = 2048,
        temperature: float = 0.0,
        timeout: float | None = None,
    ) -> FailoverStream:
        """The stream of the first model that begins to answer; see `LanguageModel`."""

        def ask(model: LanguageModel) -> TextStream:
            return model.stream(system, user, max_tokens=max_tokens, temperature=temperature, timeout=timeout)

        return FailoverStream(self, ask)

    def close(self) -> None:
        """Close all models; calling it twice is harmless."""
        for model in self._models:
            model.close()

    def first(self, ask: Callable[[LanguageModel], T]) -> T:
        """What `ask` returns for the first model for which it raises no ModelError."""
        failures: list[ModelError] = []
        for index in self._order():
            model = self._models[index]
            try:
                found = ask(model)
            except ModelError as error:
                _log.warning("language model %s failed (%s)", model.name, error.code)
                self._rest(index)
                failures.append(error)
            else:
                self._wake(index)
                return found
        raise _none_answered(failures)

    def _order(self) -> list[int]:
        now = self._clock()
        with self._lock:
            return sorted(range(len(self._models)), key=lambda index: (self._resting.get(index, 0.0) > now, index))

    def _rest(self, index: int) -> None:
        with self._lock:
            self._resting[index] = self._clock() + self._cooldown

    def _wake(self, index: int) -> None:
        with self._lock:
            self._resting.pop(index, None)


class FailoverStream:
    """A stream that picks its model with the first piece; see `TextStream`."""

    def __init__(self, models: FailoverModel, ask: Callable[[LanguageModel], TextStream]) -> None:
        self._models = models
        self._ask = ask
        self._stream: TextStream | None = None
        self._closed = False

    @property
    def completion(self) -> Completion | None:
        """The whole answer once the stream has ended well."""
        return self._stream.completion if self._stream is not None else None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._closed:
            raise StopIteration
        if self._stream is not None:
            return next(self._stream)
        self._stream, piece = self._models.first(self._begin)
        return piece

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the answer; calling it twice is harmless."""
        self._closed = True
        if self._stream is not None:
            self._stream.close()

    def _begin(self, model: LanguageModel) -> tuple[TextStream, str]:
        stream = self._ask(model)
        try:
            return stream, next(stream)
        except BaseException:
            stream.close()
            raise


def _none_answered(failures: Sequence[ModelError]) -> ModelError:
    if len(failures) == 1:
        return failures[0]
    why = "; ".join(str(failure).rstrip(".") for failure in failures)
    return type(failures[-1])("no language model answered", why=why, next=failures[-1].next)
