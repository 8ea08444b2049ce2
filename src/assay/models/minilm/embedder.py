"""The local embedder: texts in, unit vectors out, on this machine's processor and without any network.

A text longer than 256 word pieces is cut there; `chunk_characters` is set so that this does not happen to chunks.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from assay.errors import ModelError
from assay.models.minilm import facts, weights
from assay.models.minilm.engines import Engine, EngineName, Ids, Precision, load
from assay.models.minilm.projection import PieceWeights
from assay.types import Matrix, TokenVectors

_BUDGET = 1024
"""Tokens in one batch: larger ones leave the processor's caches and are slower."""
_SHARED = 32
"""Tokens in one batch of a short call that is shared out; smaller ones cost more than they gain."""

Found = TypeVar("Found")
Rows = list[int]
Batch = tuple[Rows, Ids, Ids]


class LocalEmbedder:
    """all-MiniLM-L6-v2 behind the ports Embedder and TokenEmbedder."""

    dimensions = facts.HIDDEN
    token_dimensions = facts.TOKEN_DIMENSIONS

    def __init__(
        self,
        *,
        engine: EngineName = "auto",
        precision: Precision = "default",
        threads: int = 0,
        folder: Path | None = None,
    ) -> None:
        """Load the model (about half a second). `threads` 0 leaves their number to the engine.

        Raises ModelMissing where the model is not installed, ModelError where a file is damaged or no engine is there.
        """
        place = weights.find_model(folder)
        with ThreadPoolExecutor(1) as pool:
            checked = pool.submit(weights.verify, place)
            tensors = weights.Weights.open(place / facts.WEIGHTS_FILE)
            self._engine: Engine | None = load(tensors, engine, precision, threads)
            self._tokeniser = _tokeniser(place / facts.TOKENISER_FILE)
            self._weights = PieceWeights(
                self._tokeniser.get_vocab_size(with_added_tokens=True), self._tokeniser.id_to_token
            )
            checked.result()
        self._width = self._engine.width
        self._threads = ThreadPoolExecutor(self._width, "assay-embed") if self._width > 1 else None
        self.engine = self._engine.name
        self.precision = self._engine.precision
        self.fingerprint = _fingerprint(self.engine, self.precision)

    def __repr__(self) -> str:
        return f"LocalEmbedder({self.fingerprint!r})"

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One unit row a text, float32, shape (len(texts), 384). Safe to call from several threads."""
        engine = self._open_engine()
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        batches = _batches([encoding.ids for encoding in self._encode(texts)], engine.width)
        for rows, sentences in self._computed(batches, engine.sentences):
            vectors[rows] = _unit(sentences)
        return vectors

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[TokenVectors]]:
        """What `embed` gives, and the word pieces of each text that carry meaning (no stop words, no punctuation)."""
        engine = self._open_engine()
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        encodings = self._encode(texts)
        found: dict[int, TokenVectors] = {}
        batches = _batches([encoding.ids for encoding in encodings], engine.width)
        for rows, (sentences, pieces) in self._computed(batches, engine.both):
            vectors[rows] = _unit(sentences)
            for position, row in enumerate(rows):
                found[row] = self._telling(encodings[row], pieces[position])
        return vectors, [found[row] for row in range(len(texts))]

    def _computed(
        self, batches: list[Batch], compute: Callable[[Ids, Ids], Found]
    ) -> Iterator[tuple[list[int], Found]]:
        """The rows and the result of each batch, in order; as many batches at once as the engine takes."""
        if len(batches) < 2 or self._threads is None:
            for rows, ids, mask in batches:
                yield rows, compute(ids, mask)
            return
        waiting: collections.deque[tuple[Rows, Future[Found]]] = collections.deque()
        for rows, ids, mask in batches:
            waiting.append((rows, self._threads.submit(compute, ids, mask)))
            # A few ahead, so that no thread waits for what is done with results; not all, which would fill the memory.
            if len(waiting) > 2 * self._width:
                done, result = waiting.popleft()
                yield done, result.result()
        for done, result in waiting:
            yield done, result.result()

    def _telling(self, encoding: Any, pieces: Matrix) -> TokenVectors:
        weights = self._weights[encoding.ids]
        kept = np.flatnonzero(weights)
        starts = np.array(encoding.offsets, np.int32).reshape(-1, 2)[kept, 0]
        return TokenVectors(starts, weights[kept], _unit(pieces[kept]))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many word pieces of each text the model reads (at most 256, the two marks included)."""
        return [len(encoding.ids) for encoding in self._encode(texts)]

    def warm(self, lengths: Iterable[int] = range(6, 33)) -> None:
        """Run each of these token lengths once: the first text of a new length costs some milliseconds more.

        Worth it for a server that answers questions; a single command does better without.
        """
        engine = self._open_engine()
        for length in lengths:
            ids = np.ones((1, length), np.int32)
            engine.sentences(ids, ids)

    def close(self) -> None:
        """Free the model; calling it twice is harmless."""
        engine, self._engine = self._engine, None
        if engine is not None:
            if self._threads is not None:
                self._threads.shutdown()
            engine.close()

    def _open_engine(self) -> Engine:
        engine = self._engine
        if engine is None:
            raise ModelError("the local embedder is closed", next="make a new one")
        return engine

    def _encode(self, texts: Sequence[str]) -> list[Any]:
        if isinstance(texts, str):
            raise TypeError("embed takes a list of texts; put the one text into a list")
        # Half a surrogate pair cannot be encoded; the tokeniser would refuse the whole batch.
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        return list(self._tokeniser.encode_batch(clean))


def _tokeniser(path: Path) -> Any:
    from tokenizers import Tokenizer

    tokeniser = Tokenizer.from_file(str(path))
    # The file asks for padding to and cutting at 128; the published model reads 256.
    tokeniser.no_padding()
    tokeniser.enable_truncation(facts.MAX_TOKENS)
    return tokeniser


def _fingerprint(engine: str, precision: str) -> str:
    # At f32 the engines give the same vectors, so that an index may move between machines; below that they do not.
    arithmetic = "f32" if precision == "f32" else f"{engine}-{precision}"
    digest = facts.WEIGHTS_SHA256[:16]
    pieces = f"pieces={facts.TOKEN_DIMENSIONS}-{facts.TOKEN_RECIPE}"
    return f"{facts.NAME};recipe={facts.RECIPE};sha256={digest};tokens={facts.MAX_TOKENS};{pieces};{arithmetic}"


def _batches(encoded: Sequence[Sequence[int]], width: int = 1) -> list[Batch]:
    """Rows of similar length together, longest first: (row numbers, padded ids, mask), about 1,024 tokens each; fewer
    where one call would leave some of the engine's `width` threads without work."""
    order = sorted(range(len(encoded)), key=lambda row: -len(encoded[row]))
    budget = max(_SHARED, min(_BUDGET, -(-sum(map(len, encoded)) // width)))
    found = []
    start = 0
    while start < len(order):
        length = len(encoded[order[start]])
        rows = order[start : start + max(1, budget // length)]
        ids = np.zeros((len(rows), length), np.int32)
        mask = np.zeros_like(ids)
        for position, row in enumerate(rows):
            tokens = encoded[row]
            ids[position, : len(tokens)] = tokens
            mask[position, : len(tokens)] = 1
        found.append((rows, ids, mask))
        start += len(rows)
    return found


def _unit(vectors: Matrix) -> Matrix:
    # Low-precision arithmetic leaves rows a little off unit length.
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)
