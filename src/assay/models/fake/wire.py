"""The protocols on the wire: OpenAI's chat completions and embeddings, Anthropic's messages; whole and as events."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.types import Matrix

_CREATED = 1_700_000_000
_PIECE = 24


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: the model's name as asked for, the text, the tokens counted (words, here), how it ended."""

    model: str
    text: str
    input_tokens: int
    output_tokens: int
    finish: str = "stop"

    @property
    def id(self) -> str:
        """A name for this answer, the same for the same text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    @property
    def pieces(self) -> list[str]:
        """The text in the pieces in which it is streamed."""
        return [self.text[start : start + _PIECE] for start in range(0, len(self.text), _PIECE)]


@dataclass(frozen=True, slots=True)
class Events:
    """A streamed answer as server-sent events: the body, then what ends it properly."""

    body: tuple[str, ...]
    ending: tuple[str, ...]


def _event(data: Mapping[str, Any] | str, name: str = "") -> str:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f"{f'event: {name}' + chr(10) if name else ''}data: {text}\n\n"


def chat(reply: Reply) -> dict[str, Any]:
    """A whole chat completion (https://platform.openai.com/docs/api-reference/chat/object)."""
    message = {"role": "assistant", "content": reply.text, "refusal": None}
    return {
        "id": f"chatcmpl-{reply.id}",
        "object": "chat.completion",
        "created": _CREATED,
        "model": reply.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish}],
        "usage": _usage(reply),
    }


def chat_events(reply: Reply, *, usage: bool) -> Events:
    """The same as a stream of chunks; `usage` adds the last chunk that `stream_options` can ask for."""

    def chunk(choices: list[dict[str, Any]], **more: Any) -> str:
        head = {"id": f"chatcmpl-{reply.id}", "object": "chat.completion.chunk", "created": _CREATED}
        return _event({**head, "model": reply.model, "choices": choices, **more})

    def choice(delta: dict[str, Any], finish: str | None = None) -> list[dict[str, Any]]:
        return [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]

    body = [chunk(choice({"role": "assistant", "content": ""}))]
    body += [chunk(choice({"content": piece})) for piece in reply.pieces]
    ending = [chunk(choice({}, reply.finish))]
    if usage:
        ending.append(chunk([], usage=_usage(reply)))
    return Events(tuple(body), (*ending, _event("[DONE]")))


def _usage(reply: Reply) -> dict[str, int]:
    total = reply.input_tokens + reply.output_tokens
    return {"prompt_tokens": reply.input_tokens, "completion_tokens": reply.output_tokens, "total_tokens": total}


def message(reply: Reply) -> dict[str, Any]:
    """A whole Anthropic message (https://docs.anthropic.com/en/api/messages)."""
    return {
        "id": f"msg_{reply.id}",
        "type": "message",
        "role": "assistant",
        "model": reply.model,
        "content": [{"type": "text", "text": reply.text}] if reply.text else [],
        "stop_reason": _stop_reason(reply),
        "stop_sequence": None,
        "usage": {"input_tokens": reply.input_tokens, "output_tokens": reply.output_tokens},
    }


def message_events(reply: Reply) -> Events:
    """The same as a stream of Anthropic's named events."""

    def event(name: str, **data: Any) -> str:
        return _event({"type": name, **data}, name)

    empty = {**message(reply), "content": [], "stop_reason": None}
    empty["usage"] = {"input_tokens": reply.input_tokens, "output_tokens": 1}
    body = [event("message_start", message=empty)]
    body.append(event("content_block_start", index=0, content_block={"type": "text", "text": ""}))
    for piece in reply.pieces:
        body.append(event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece}))
    delta = {"stop_reason": _stop_reason(reply), "stop_sequence": None}
    ending = (
        event("content_block_stop", index=0),
        event("message_delta", delta=delta, usage={"output_tokens": reply.output_tokens}),
        event("message_stop"),
    )
    return Events(tuple(body), ending)


def _stop_reason(reply: Reply) -> str:
    return "max_tokens" if reply.finish == "length" else "end_turn"


def embeddings(model: str, vectors: Matrix, texts: Sequence[str], *, as_base64: bool) -> dict[str, Any]:
    """The answer of `/v1/embeddings` (https://platform.openai.com/docs/api-reference/embeddings)."""
    data = []
    for index, row in enumerate(vectors):
        value = base64.b64encode(row.astype("<f4").tobytes()).decode() if as_base64 else row.tolist()
        data.append({"object": "embedding", "index": index, "embedding": value})
    tokens = sum(len(text.split()) for text in texts)
    return {
        "object": "list",
        "data": data,
        "model": model,
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def models(names: Sequence[str]) -> dict[str, Any]:
    """The answer of `/v1/models`."""
    data = [{"id": name, "object": "model", "created": _CREATED, "owned_by": "assay"} for name in names]
    return {"object": "list", "data": data}


def error(status: int) -> dict[str, Any]:
    """An error body as OpenAI sends it; it repeats nothing of the request."""
    kinds = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {
        "error": {
            "message": f"the fake was told to fail with {status}",
            "type": kind,
            "param": None,
            "code": kinds.get(status),
        }
    }
