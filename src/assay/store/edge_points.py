"""How an index point lies in the index: unit vector, BM25 term weights, typed payload. Pure functions, no engine.

BM25 (Robertson and Zaragoza 2009) as a sparse dot product: a document's weight for a term is
`tf (k1 + 1) / (tf + k1 (1 - b + b length / average_length))`, computed here once; the engine multiplies it by the
term's idf `ln(1 + (N - df + 0.5) / (df + 0.5))`, counted at query time over what the caller may read. The average
length is a constant of the index: a live average would move with documents that the caller may not see.

Terms are 32-bit hashes (BLAKE2b), so no word of a document lies in the index. Two of V terms collide with odds
V^2 / 2^33: about one pair in a vocabulary of 100,000; a given query term meets a stranger with odds V / 2^32 (0.002 %).
Colliding terms count as one term, in scores and in statistics; nothing else suffers.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.errors import InputError
from assay.types import IndexPoint, Matrix, Record, Vector

KINDS = ("chunk", "document")
_LARGEST = 2.0**53


@dataclass(frozen=True, slots=True)
class Bm25Parameters(Record):
    """Term frequency saturation, length normalisation, and the length (in tokens) that counts as average.

    Chunks of 900 characters have 82 to 99 tokens with their titles, of 650 about 68 to 79 (corpora of law, medicine and
    engineering); for the shorter ones 72 ranked no better than 95 (nDCG@10 of the sum .002 to .005 lower on two of
    three sets).
    """

    k1: float = 1.2
    b: float = 0.75
    average_length: float = 95.0


@dataclass(frozen=True, slots=True, eq=False)
class PointBatch(Record):
    """Points as the index takes them: one row of `vectors` a point; `lengths` cut `terms` and `weights` into points."""

    ids: tuple[int, ...]
    payloads: tuple[Mapping[str, Any], ...]
    vectors: Matrix
    lengths: npt.NDArray[np.uint32]
    terms: npt.NDArray[np.uint32]
    weights: npt.NDArray[np.float32]

    def bounds(self) -> list[int]:
        """Where each point's terms begin, and after them the end."""
        return [0, *np.cumsum(self.lengths, dtype=np.int64).tolist()]


@functools.lru_cache(maxsize=200_000)
def term(token: str) -> int:
    """The stable 32-bit number of a token."""
    return int.from_bytes(hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")


def query_terms(tokens: Sequence[str], most: int) -> list[tuple[int, int]]:
    """Distinct terms of a question with their counts, in numerical order; of more than `most`, the first are kept."""
    counts: Counter[int] = Counter()
    for token in tokens:
        number = term(token)
        if number in counts or len(counts) < most:
            counts[number] += 1
    return sorted(counts.items())


def encode(points: Sequence[IndexPoint], bm25: Bm25Parameters, dimensions: int) -> PointBatch:
    """The batch for these points. Raises InputError for a vector of another length, or one that is not finite."""
    sparse = [_term_weights(point.tokens, bm25) for point in points]
    vectors = np.zeros((len(points), dimensions), dtype=np.float32)
    for row, point in enumerate(points):
        vectors[row] = unit(point.vector, dimensions, f"Point {point.id} of document {point.document_id!r}")
    return PointBatch(
        ids=tuple(point.id for point in points),
        payloads=tuple(payload(point) for point in points),
        vectors=vectors,
        lengths=np.array([len(terms) for terms, _ in sparse], dtype=np.uint32),
        terms=np.concatenate([np.zeros(0, np.uint32), *(terms for terms, _ in sparse)]),
        weights=np.concatenate([np.zeros(0, np.float32), *(weights for _, weights in sparse)]),
    )


def unit(vector: Vector, dimensions: int, what: str) -> Vector:
    """`vector` at length one (a zero vector stays). Raises InputError that names `what`."""
    if vector.shape != (dimensions,):
        raise InputError(
            f"{what} has a vector of shape {vector.shape}, but this index holds {dimensions} dimensions",
            next="Use the embedder that the index was built with, or run `assay migrate --rebuild`",
        )
    exact = vector.astype(np.float64)
    length = math.sqrt(float(exact @ exact))
    if not math.isfinite(length):
        raise InputError(f"{what} has a vector with a number that is not finite", why="the embedder is at fault")
    return vector if length == 0.0 else (exact / length).astype(np.float32)


def payload(point: IndexPoint) -> dict[str, Any]:
    """What is stored beside the vectors: document, kind, access list and typed filter fields; never text of a chunk."""
    access = [access_key(point.kind, token) for token in sorted(set(point.access))]
    stored: dict[str, Any] = {"document": point.document_id, "kind": point.kind, "access": access}
    for name, value in point.fields.items():
        values = list(value) if isinstance(value, (list, tuple)) else [value]
        typed = (("s", texts_of(values)), ("n", numbers_of(values)), ("d", dates_of(values)))
        stored |= {field_key(kind, name): found for kind, found in typed if found}
    return stored


def access_key(kind: str, token: str) -> str:
    """A reader of points of one kind: one condition then does for both, and a filtered search takes a third less."""
    return f"{kind}/{token}"


def field_key(kind: str, name: str) -> str:
    """The payload key of a field: letters and digits as they are, anything else as _hex_ (dots would mean nesting)."""
    return f"{kind}_" + "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in name)


def texts_of(values: Sequence[Any]) -> list[str]:
    """Every scalar as text, so that 2020 and "2020", true and "true" are equal to a filter."""
    return [as_text(value) for value in values if isinstance(value, (str, bool, int, float))]


def as_text(value: str | float) -> str:
    """A scalar as text: true, false, 2020 (also for 2020.0), 0.5, or the string itself."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST:
        return str(int(value))
    return str(value)


def numbers_of(values: Sequence[Any]) -> list[float]:
    """The numbers among the values, also those written as text, for ranges."""
    return [found for value in values if (found := as_number(value)) is not None]


def as_number(value: object) -> float | None:
    """A finite number, or a text that is one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and not (value.strip()[:1] in "+-." or value.strip()[:1].isdigit()):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def dates_of(values: Sequence[Any]) -> list[str]:
    """The dates among the values, as moments in UTC, for ranges."""
    return [moment for value in values if isinstance(value, str) and (moment := as_moment(value)) is not None]


def as_moment(text: str) -> str | None:
    """The first moment of an ISO 8601 date or time (2020-05, 2020-05-17, 2020-05-17T10:00+02:00), or None.

    A bare year is a number, not a date. A time without zone counts as UTC.
    """
    text = text.strip()
    if len(text) == 7 and text[4] == "-":
        text += "-01"
    if len(text) < 10 or text[4:5] != "-":
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        moment = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def _term_weights(
    tokens: Sequence[str], bm25: Bm25Parameters
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
    hashed = np.fromiter((term(token) for token in tokens), dtype=np.uint32, count=len(tokens))
    terms, counts = np.unique(hashed, return_counts=True)
    tf = counts.astype(np.float64)
    norm = bm25.k1 * (1.0 - bm25.b + bm25.b * len(tokens) / bm25.average_length)
    weights = tf * (bm25.k1 + 1.0) / (tf + norm)
    return terms.astype(np.uint32), weights.astype(np.float32)
