"""A remote embedder that speaks OpenAI's `/v1/embeddings`: OpenAI itself, vLLM, Ollama, text-embeddings-inference, ...

Texts leave this machine. The key comes from an environment variable, by name, and is never shown; neither are texts:
errors name the server, the status and the model only.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from assay.errors import ConfigError, ModelError, ModelProtocolError, ModelTimeout, ModelUnavailable
from assay.models.retry import Backoff, retry_after_seconds
from assay.models.secrets import SecretFromEnvironment, check_address, is_loopback
from assay.types import Matrix

if TYPE_CHECKING:
    import httpx

_BATCH_CHARACTERS = 200_000
_ANSWER_LIMIT = 256 * 1024 * 1024
_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


class RemoteEmbedder:
    """An OpenAI-compatible embeddings server behind the Embedder port."""

    def __init__(
        self,
        base_url: str,
        model: str,
        dimensions: int,
        *,
        api_key_env: str = "",
        batch: int = 64,
        timeout: float = 60.0,
        connect_timeout: float = 5.0,
        backoff: Backoff | None = None,
        send_dimensions: bool = False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`base_url` ends in the version, such as http://127.0.0.1:11434/v1. Nothing is sent before the first `embed`.

        `timeout` limits one `embed` of one batch, retries included. `send_dimensions` asks the server to shorten
        vectors (OpenAI's text-embedding-3 can). Raises ConfigError for an address or variable that cannot be used.
        """
        if not model.strip():
            raise ConfigError("a remote embedder needs the name of its model", next="set it, such as nomic-embed-text")
        self._url = check_address(base_url)
        self._secret = SecretFromEnvironment(api_key_env)
        self._model = model
        self._batch = max(1, batch)
        self._timeout = timeout
        self._connect_timeout = min(connect_timeout, timeout)
        self._backoff = backoff or Backoff()
        self._send_dimensions = send_dimensions
        self._sleep = sleep
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None
        self.dimensions = dimensions
        self.fingerprint = f"remote;{_place(self._url)};model={model};dimensions={dimensions}"

    def __repr__(self) -> str:
        return f"RemoteEmbedder({self.fingerprint!r})"

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One unit row a text, float32, shape (len(texts), dimensions). Safe to call from several threads.

        Raises ModelTimeout, ModelUnavailable (refused, overloaded or unreachable after retries) or ModelProtocolError
        (the answer is not what the protocol promises, or its vectors are not `dimensions` long).
        """
        if isinstance(texts, str):
            raise TypeError("embed takes a list of texts; put the one text into a list")
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for start, batch in _batches(texts, self._batch):
            vectors[start : start + len(batch)] = self._vectors(self._ask(batch), len(batch))
        return vectors

    def close(self) -> None:
        """Close the connections; calling it twice is harmless."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connected(self) -> httpx.Client:
        import httpx

        with self._lock:
            if self._client is None:
                self._client = httpx.Client(trust_env=not is_loopback(self._url), follow_redirects=False)
            return self._client

    def _ask(self, batch: Sequence[str]) -> Any:
        """The JSON answer for one batch, after as many tries as the back-off and the time allow."""
        deadline = time.monotonic() + self._timeout
        attempt = 0
        while True:
            try:
                return self._post(batch, deadline)
            except _Retry as failure:
                wait = self._backoff.wait(attempt, failure.after)
                if wait is None or time.monotonic() + wait >= deadline:
                    raise failure.error from None
                attempt += 1
                self._sleep(wait)

    def _post(self, batch: Sequence[str], deadline: float) -> Any:
        import httpx

        left = max(0.05, deadline - time.monotonic())
        limits = httpx.Timeout(left, connect=min(self._connect_timeout, left))
        key = self._secret.reveal()
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        body: dict[str, Any] = {"model": self._model, "input": list(batch), "encoding_format": "float"}
        if self._send_dimensions:
            body["dimensions"] = self.dimensions
        try:
            request = self._connected().stream(
                "POST", f"{self._url}/embeddings", json=body, headers=headers, timeout=limits
            )
            with request as answer:
                content = self._read(answer, deadline)
        except httpx.TimeoutException as error:
            raise _Retry(self._timed_out(type(error).__name__)) from None
        except httpx.TransportError as error:
            raise _Retry(self._unreachable(type(error).__name__)) from None
        if answer.status_code != 200:
            raise self._refused(answer)
        try:
            return json.loads(content)
        except ValueError:
            raise self._broken("the answer is not JSON") from None

    def _read(self, answer: httpx.Response, deadline: float) -> bytes:
        """The whole body; a server that only drips, or that never ends, is given up."""
        content = bytearray()
        for piece in answer.iter_bytes():
            content += piece
            if time.monotonic() > deadline:
                raise _Retry(self._timed_out("the answer came too slowly"))
            if len(content) > _ANSWER_LIMIT:
                raise self._broken("the answer is far too long")
        return bytes(content)

    def _vectors(self, answer: Any, count: int) -> Matrix:
        rows = np.full((count, self.dimensions), np.nan, np.float32)
        try:
            for position, item in enumerate(answer["data"]):
                rows[item.get("index", position)] = self._row(item["embedding"])
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise self._broken(f"the answer lacks what an embedding needs ({type(error).__name__})") from None
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not (norms > 0).all():
            raise self._broken("vectors are missing, or hold zeros or values that are no numbers")
        return np.asarray(rows / norms, np.float32)

    def _row(self, values: Any) -> Matrix:
        row = np.asarray(values, np.float32)
        if row.shape != (self.dimensions,):
            raise ModelProtocolError(
                f"{self._where()} sent vectors of {row.size} dimensions and not of {self.dimensions}",
                why="the setting belongs to another model",
                next=f"set embedder_dimensions = {row.size} and rebuild the index",
            )
        return row

    def _refused(self, answer: httpx.Response) -> Exception:
        status = answer.status_code
        after = retry_after_seconds(answer.headers.get("retry-after"))
        advice = {
            401: f"check the key in {self._secret.variable or 'the variable named by embedder_key_env'}",
            403: "check what the key may do",
            404: "check the address and the model's name",
        }.get(status, "try again later, or ask whoever runs the server")
        error = ModelUnavailable(f"{self._where()} refused with status {status}", next=advice)
        return _Retry(error, after) if status in _TRANSIENT else error

    def _timed_out(self, kind: str) -> ModelError:
        return ModelTimeout(
            f"{self._where()} gave no answer in time",
            why=f"{kind}; {self._timeout:g} seconds are allowed",
            next="raise models.timeout_seconds, or check the server",
        )

    def _unreachable(self, kind: str) -> ModelError:
        return ModelUnavailable(f"{self._where()} cannot be reached", why=kind, next="check that the server runs")

    def _broken(self, why: str) -> ModelProtocolError:
        return ModelProtocolError(
            f"{self._where()} broke the protocol", why=why, next="check that the address is an embeddings server"
        )

    def _where(self) -> str:
        return f"the embeddings server {_place(self._url)} (model {self._model})"


class _Retry(Exception):
    """This failure may pass."""

    def __init__(self, error: ModelError, after: float | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.after = after


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"


def _batches(texts: Sequence[str], size: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Runs of at most `size` texts and about 200,000 characters, each with the position of its first."""
    start, characters = 0, 0
    for position, text in enumerate(texts):
        if position > start and (position - start >= size or characters + len(text) > _BATCH_CHARACTERS):
            yield start, texts[start:position]
            start, characters = position, 0
        characters += len(text)
    if start < len(texts):
        yield start, texts[start:]
