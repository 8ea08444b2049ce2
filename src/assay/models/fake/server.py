"""The fake's HTTP server: on loopback only, one thread a connection, standard library only.

How it behaves is chosen, the first that is given: by the request's header `X-Fake-Behaviour`, by the model's name
(`fake+misquote`), by the server. Requests are remembered in memory so that a test can look at the prompts.
"""

from __future__ import annotations

import collections
import hmac
import json
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast

from assay.errors import InputError
from assay.models.fake import wire
from assay.models.fake.behaviours import BEHAVIOURS, known, say
from assay.models.fake.prompt import read_prompt
from assay.models.hashing import HashingEmbedder
from assay.types import Record

HEADER = "X-Fake-Behaviour"
_LARGEST = 64 * 1024 * 1024
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class FakeRequest(Record):
    """One request as it arrived: path, model, behaviour that was chosen, whether streamed, and the prompts."""

    path: str
    model: str
    behaviour: str
    stream: bool
    system: str = ""
    user: str = ""


class FakeLanguageModel:
    """Starts with `with` or `start()`, ends with `close()`. `base_url` is what an OpenAI client needs."""

    def __init__(
        self,
        behaviour: str = "faithful",
        *,
        failures: Sequence[int] = (),
        retry_after: float | None = None,
        api_key: str = "",
        dimensions: int = 384,
        delay: float = 0.0,
        port: int = 0,
    ) -> None:
        """`failures`: statuses that the first requests get (0 drops the connection), before `behaviour` begins.

        `api_key`: the key that requests must carry. `delay`: seconds between the pieces of a stream. Port 0 takes a
        free one. Raises InputError for a behaviour that does not exist.
        """
        _check(behaviour)
        self.behaviour = behaviour
        self.retry_after = retry_after
        self.api_key = api_key
        self.delay = delay
        self.embedder = HashingEmbedder(dimensions)
        self._port = port
        self._failures = collections.deque(failures)
        self._requests: collections.deque[FakeRequest] = collections.deque(maxlen=_REMEMBERED)
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self.closing = threading.Event()

    def __enter__(self) -> FakeLanguageModel:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> FakeLanguageModel:
        """Begin to listen; returns itself."""
        if self._server is None:
            self.closing.clear()
            self._server = _Server(("127.0.0.1", self._port), self)
            threading.Thread(target=self._server.serve_forever, args=(0.05,), name="fake-model", daemon=True).start()
        return self

    def close(self) -> None:
        """Stop, waking what stalls and closing every connection; calling it twice is harmless."""
        server, self._server = self._server, None
        self.closing.set()
        if server is not None:
            server.shutdown()
            server.server_close()
            server.drop_connections()

    @property
    def address(self) -> str:
        """http://127.0.0.1:PORT, which an Anthropic client needs."""
        if self._server is None:
            raise InputError("the fake language model is not running", next="use it in a `with` block, or call start()")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def base_url(self) -> str:
        """http://127.0.0.1:PORT/v1, which an OpenAI client needs."""
        return f"{self.address}/v1"

    @property
    def requests(self) -> tuple[FakeRequest, ...]:
        """The requests so far, the oldest first."""
        with self._lock:
            return tuple(self._requests)

    def fail_next(self, *statuses: int) -> None:
        """The next requests get these statuses (0 drops the connection)."""
        with self._lock:
            self._failures.extend(statuses)

    def next_failure(self) -> int | None:
        """The status that this request shall get, if any; for the server's own use."""
        with self._lock:
            return self._failures.popleft() if self._failures else None

    def remember(self, request: FakeRequest) -> None:
        """Keep a request; for the server's own use."""
        with self._lock:
            self._requests.append(request)


def _check(behaviour: str) -> None:
    if not known(behaviour):
        raise InputError(f"the fake does not know {behaviour!r}", next=f"choose one of {', '.join(BEHAVIOURS)}")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], fake: FakeLanguageModel) -> None:
        self.fake = fake
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no event."""

    def drop_connections(self) -> None:
        """End the connections that clients keep open."""
        with self._open_lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue


class _Drop(Exception):
    """End the connection here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "FakeLanguageModel"
    sys_version = ""

    @property
    def fake(self) -> FakeLanguageModel:
        return cast(_Server, self.server).fake

    def log_message(self, format: str, *args: Any) -> None:
        """Prompts are nobody's business; nothing is logged."""

    def do_GET(self) -> None:
        if self.path.rstrip("/") != "/v1/models":
            self._json(404, wire.error(404))
        elif not self._authorised():
            self._json(401, wire.error(401))
        else:
            self._json(200, wire.models(["fake", *(f"fake+{name}" for name in BEHAVIOURS)]))

    def do_POST(self) -> None:
        answers = {
            "/v1/chat/completions": self._chat,
            "/v1/messages": self._messages,
            "/v1/embeddings": self._embeddings,
        }
        body = self._body()
        answer = answers.get(self.path.partition("?")[0].rstrip("/"))
        if body is None or answer is None:
            return self._json(400 if answer else 404, wire.error(400 if answer else 404))
        if not self._authorised():
            return self._json(401, wire.error(401))
        model = str(body.get("model", "fake"))
        behaviour = self.headers.get(HEADER) or model.partition("+")[2] or self.fake.behaviour
        status = self.fake.next_failure()
        if status is None and behaviour.startswith("fail"):
            status = int(behaviour.partition("-")[2] or 500)
        self._remember(body, model, behaviour)
        try:
            if status is not None or not known(behaviour):
                self._fail(400 if status is None else status)
            else:
                answer(body, model, behaviour)
        except _Drop:
            self._hang_up()
        return None

    # --- what is answered -------------------------------------------------------------------------------------------

    def _chat(self, body: dict[str, Any], model: str, behaviour: str) -> None:
        reply = self._reply(body, model, behaviour)
        if body.get("stream"):
            usage = bool((body.get("stream_options") or {}).get("include_usage"))
            self._events(wire.chat_events(reply, usage=usage), behaviour)
        else:
            self._whole(wire.chat(reply), behaviour)

    def _messages(self, body: dict[str, Any], model: str, behaviour: str) -> None:
        reply = self._reply(body, model, behaviour)
        if body.get("stream"):
            self._events(wire.message_events(reply), behaviour)
        else:
            self._whole(wire.message(reply), behaviour)

    def _embeddings(self, body: dict[str, Any], model: str, behaviour: str) -> None:
        given = body.get("input")
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            return self._json(400, wire.error(400))
        embedder = self.fake.embedder
        if isinstance(wanted := body.get("dimensions"), int) and wanted != embedder.dimensions:
            embedder = HashingEmbedder(wanted)
        base64 = body.get("encoding_format") == "base64"
        answer = wire.embeddings(model, embedder.embed(texts), texts, as_base64=base64)
        if behaviour == "empty":
            answer["data"] = []
        if behaviour == "garbage":
            return self._bytes(200, "application/json", b'{"data": [{"index": 0, "embed')
        return self._whole(answer, behaviour)

    def _reply(self, body: dict[str, Any], model: str, behaviour: str) -> wire.Reply:
        system, user = _texts(body)
        prompt = read_prompt(user)
        text = say(behaviour, prompt if prompt.passages else read_prompt(f"{system}\n{user}"))
        finish = "length" if behaviour == "length" else "stop"
        return wire.Reply(model, text, len(f"{system} {user}".split()), len(text.split()), finish)

    # --- how it is sent ---------------------------------------------------------------------------------------------

    def _whole(self, answer: dict[str, Any], behaviour: str) -> None:
        content = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
        if behaviour == "html":
            self._bytes(200, "text/html", b"<html><body>Welcome to the gateway</body></html>")
        elif behaviour in ("break_off", "cut_off", "stall"):
            self._head(200, "application/json", len(content))
            self.wfile.write(content[: len(content) // 2])
            self._stop_here(behaviour)
        else:
            self._bytes(200, "application/json", content)

    def _events(self, events: wire.Events, behaviour: str) -> None:
        if behaviour == "html":
            return self._bytes(200, "text/html", b"<html><body>Welcome to the gateway</body></html>")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        broken = behaviour in ("break_off", "cut_off", "stall")
        sent = events.body[: max(2, len(events.body) // 2)] if broken else (*events.body, *events.ending)
        for event in sent:
            self._chunk(event.encode("utf-8", "replace"))
            if self.fake.delay:
                self.fake.closing.wait(self.fake.delay)
        if broken and behaviour != "cut_off":
            self._stop_here(behaviour)
        self.wfile.write(b"0\r\n\r\n")
        return None

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")

    def _stop_here(self, behaviour: str) -> None:
        if behaviour == "stall":
            self.fake.closing.wait()
        raise _Drop

    def _fail(self, status: int) -> None:
        if status == 0:
            raise _Drop
        self._json(status, wire.error(status), retry=status in (429, 503))

    def _json(self, status: int, answer: dict[str, Any], *, retry: bool = False) -> None:
        self._bytes(status, "application/json", json.dumps(answer).encode(), retry=retry)

    def _bytes(self, status: int, kind: str, content: bytes, *, retry: bool = False) -> None:
        self._head(status, kind, len(content), retry=retry)
        self.wfile.write(content)

    def _head(self, status: int, kind: str, length: int, *, retry: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        if retry and self.fake.retry_after is not None:
            self.send_header("Retry-After", f"{self.fake.retry_after:g}")
        self.end_headers()

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    # --- what came --------------------------------------------------------------------------------------------------

    def _body(self) -> dict[str, Any] | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _LARGEST:
            self.close_connection = True
            return None
        try:
            body = json.loads(self.rfile.read(int(length)))
        except ValueError:
            return None
        return body if isinstance(body, dict) else None

    def _authorised(self) -> bool:
        given = self.headers.get("X-Api-Key") or (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        return not self.fake.api_key or hmac.compare_digest(given.encode(), self.fake.api_key.encode())

    def _remember(self, body: dict[str, Any], model: str, behaviour: str) -> None:
        system, user = _texts(body)
        stream = bool(body.get("stream"))
        self.fake.remember(FakeRequest(self.path, model, behaviour, stream, system, user))


def _texts(body: dict[str, Any]) -> tuple[str, str]:
    """The system's and the user's words, whichever form the protocol gives them."""
    system = [_plain(body.get("system"))]
    user: list[str] = []
    messages = body.get("messages")
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict):
            place = system if message.get("role") in ("system", "developer") else user
            place.append(_plain(message.get("content")))
    return "\n".join(filter(None, system)), "\n".join(filter(None, user))


def _plain(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""
