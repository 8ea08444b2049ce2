"""Libraries of a given size to ask questions of, built once and kept under `peer.home()`.

    python -m benchmarks.libraries --chunks 10000 [--peer]       builds one (and the peer's collection over its chunks)

After loading, the index is built anew at once, as `assay migrate --rebuild` does it; that is part of the build time.
Documents are real ones, varied once they run out. Embedding a million texts would take hours and is not what a
question waits for, so the stored vectors come from `WordVectors`: a linear map from a text's words to the model's
vectors, fitted to real ones, with noise; a word's token vector is the mean of its real ones. Questions are embedded by
the real model. Each document may be read by one
group of a hundred.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from assay.config import RAGConfig
from assay.ingest.chunkers import chunker_for
from assay.ports import TokenEmbedder
from assay.specialists import system_for
from assay.store.keeper import Store
from assay.types import AccessList, Document, TokenVectors
from benchmarks.common import say
from benchmarks.documents import Collection, RealText, collection, group_of, shared_data, varied
from benchmarks.peer import Peer, home, started

if TYPE_CHECKING:
    from assay.ports import Embedder
    from assay.types import Matrix

QUESTIONS = 200
_FITTED_TO = 1500
_NOISE = 0.35
_BATCH = 4000
_TOLD = 600
_LAYOUT = 4
"""The layout of the catalogue that libraries are built with: older ones are built anew."""
_TELLING = re.compile(r"\w{4,}|\d+")


class WordVectors:
    """An embedder of the same fingerprint as another one, cheap enough for a million texts; see the module.

    `pieces`: the token vectors of the first of `texts`.
    """

    def __init__(
        self,
        fingerprint: str,
        texts: Sequence[str],
        vectors: Matrix,
        noise: float = _NOISE,
        pieces: Sequence[TokenVectors] = (),
    ) -> None:
        self.dimensions = vectors.shape[1]
        self.token_dimensions = pieces[0].vectors.shape[1] if pieces else 0
        self._pieces = _piece_means(texts, pieces)
        self.fingerprint = fingerprint
        self._noise = noise
        self._columns = {word: at for at, word in enumerate(sorted({word for text in texts for word in _words(text)}))}
        counts = np.zeros((len(texts), len(self._columns)), np.float32)
        for row, text in enumerate(texts):
            counts[row] = self._counted(text)
        gram = counts @ counts.T + 0.1 * np.eye(len(texts), dtype=np.float32)
        self._map = counts.T @ np.linalg.solve(gram, vectors)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One unit row a text; the same text always gives the same row."""
        found = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            places = [at for word in _words(text) if (at := self._columns.get(word)) is not None]
            vector = self._map[places].sum(axis=0) if places else np.ones(self.dimensions, np.float32)
            drawn = np.random.default_rng(crc32(text.encode("utf-8", "replace")))
            noise = drawn.standard_normal(self.dimensions, np.float32)
            found[row] = vector / np.linalg.norm(vector) + self._noise * noise / np.linalg.norm(noise)
        return _unit(found)

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[TokenVectors]]:
        """What `embed` gives, and a vector a word that says something."""
        return self.embed(texts), [self._told(text) for text in texts]

    def _told(self, text: str) -> TokenVectors:
        found = [(match.start(), self._piece(match.group().lower())) for match in _TELLING.finditer(text)]
        vectors = np.array([vector for _, vector in found], np.float32).reshape(len(found), self.token_dimensions)
        starts = np.array([start for start, _ in found], np.int32)
        return TokenVectors(starts, np.ones(len(found), np.float32), vectors)

    def _piece(self, word: str) -> Matrix:
        known = self._pieces.get(word)
        if known is None:
            drawn = np.random.default_rng(crc32(word.encode("utf-8", "replace")))
            known = self._pieces[word] = _unit(drawn.standard_normal((1, self.token_dimensions), np.float32))[0]
        return known

    def close(self) -> None:
        """Nothing is held."""

    def _counted(self, text: str) -> Matrix:
        row = np.zeros(len(self._columns), np.float32)
        for word in _words(text):
            row[self._columns[word]] += 1
        return row / max(1.0, float(np.linalg.norm(row)))


@dataclass(frozen=True, slots=True)
class Library:
    """A built library: its store, the peer's files beside it, and its questions with the groups that ask them."""

    folder: Path
    chunks: int
    documents: int
    build_seconds: float
    agreement: float
    """Mean cosine of the stored vectors with the model's, on texts that were left out of the fit."""

    @property
    def store(self) -> Path:
        """Assay's store."""
        return self.folder / "store"

    @property
    def collection(self) -> Path:
        """The peer's collection."""
        return self.folder / "langchain"


def library_folder(chunks: int) -> Path:
    """Where the library of so many chunks lies, or would."""
    return home() / "libraries" / f"{'medical' if shared_data() else 'samples'}-{chunks}-layout{_LAYOUT}"


def library(chunks: int, model: Embedder) -> Library:
    """The library of at least so many chunks, built now where it is not there yet."""
    folder = library_folder(chunks)
    note = folder / "library.json"
    if not note.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        note.write_text(json.dumps(_build(chunks, folder, model)), encoding="utf-8")
    told = json.loads(note.read_text(encoding="utf-8"))
    return Library(folder, told["chunks"], told["documents"], told["build_seconds"], told["agreement"])


def _build(chunks: int, folder: Path, model: Embedder) -> dict[str, float]:
    source = collection(QUESTIONS)
    vectors, agreement = _fitted(source, model)
    documents = _documents(source, chunks)
    config = RAGConfig.load(environ={}, folder=folder, store={"path": str(folder / "store"), "mode": "embedded"})
    added = made = 0
    since = time.perf_counter()
    with system_for(config, embedder=vectors) as system:
        while made < chunks:
            report = system.ingest(list(islice(documents, min(_BATCH, max(50, (chunks - made) // 2)))))
            added, made = added + report.added, made + report.chunks
            say(f"{made:,} chunks of {added:,} documents, {time.perf_counter() - since:.0f} s")
    rebuilt_in_few_parts(folder / "store")
    seconds = time.perf_counter() - since
    return {"chunks": made, "documents": added, "build_seconds": seconds, "agreement": agreement}


def rebuilt_in_few_parts(store: Path) -> None:
    """What `assay migrate --rebuild` does, as the manual advises after a first large load."""
    since = time.perf_counter()
    with Store.open(store, mode="embedded") as opened:
        opened.rebuild(erase=True)
    say(f"index built anew in few large parts, {time.perf_counter() - since:.0f} s")


def _fitted(source: Collection, model: Embedder) -> tuple[WordVectors, float]:
    """Word vectors, and the mean cosine of theirs with the model's on texts that were left out of the fit."""
    chunker = chunker_for("recursive", target=RAGConfig().ingest.chunk_characters)
    pieces = (chunk.text for text in source.documents for chunk in chunker.chunk(_plain(text)))
    real = list(islice(pieces, _FITTED_TO))
    vectors = _kept_vectors(real, model)
    checked = slice(0, len(real), 10)
    held = WordVectors(model.fingerprint, _without(real, 10), np.delete(vectors, checked, axis=0))
    agreement = float(np.mean(np.sum(held.embed(real[checked]) * vectors[checked], axis=1)))
    say(f"word vectors fitted to {len(real)} real ones; on texts left out their mean cosine is {agreement:.2f}")
    return WordVectors(model.fingerprint, real, vectors, pieces=_real_pieces(real, model)), agreement


def _kept_vectors(texts: Sequence[str], model: Embedder) -> Matrix:
    """The model's vectors of these texts, kept for the next build."""
    digest = sha256("\n".join([model.fingerprint, *texts]).encode()).hexdigest()[:16]
    place = home() / f"real-{digest}.npy"
    if not place.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        np.save(place, model.embed(texts))
    return np.asarray(np.load(place), np.float32)


def _real_pieces(texts: Sequence[str], model: Embedder) -> list[TokenVectors]:
    return model.embed_tokens(texts[:_TOLD])[1] if isinstance(model, TokenEmbedder) else []


def _without(texts: Sequence[str], every: int) -> list[str]:
    return [text for at, text in enumerate(texts) if at % every]


def _documents(source: Collection, chunks: int) -> Iterator[Document]:
    for number, text in enumerate(islice(varied(source.documents), chunks)):
        readers = AccessList((f"group:{group_of(number)}",))
        yield Document(id=text.id, title=text.title, text=text.text, source=text.id, access=readers)


def _plain(text: RealText) -> Document:
    return Document(id=text.id, title=text.title, text=text.text, source=text.id)


def fill_peer(built: Library, peer: Peer, model: Embedder) -> None:
    """The peer's collection over the same texts, cut the same way, with vectors made the same way."""
    if (built.folder / "langchain.json").is_file():
        return
    shutil.rmtree(built.collection, ignore_errors=True)
    texts, rows = built.folder / "texts.jsonl", built.folder / "vectors.npy"
    _export(built, texts, rows, model)
    told = peer.request("fill", texts=str(texts), vectors=str(rows), store=str(built.collection))
    (built.folder / "langchain.json").write_text(json.dumps(told), encoding="utf-8")
    say(f"peer: {told['chunks']:,} chunks in {told['wall']:.0f} s")
    texts.unlink()
    rows.unlink()


def _export(built: Library, texts: Path, rows: Path, model: Embedder) -> None:
    source = collection(QUESTIONS)
    vectors, _ = _fitted(source, model)
    chunker = chunker_for("recursive", target=RAGConfig().ingest.chunk_characters)
    made: list[Matrix] = []
    with texts.open("w", encoding="utf-8") as file:
        for number, document in enumerate(_documents(source, built.documents)):
            parts = [chunk.text for chunk in chunker.chunk(document)]
            told = {"reader": group_of(number), "source": document.id, "title": document.title}
            file.writelines(json.dumps({"text": part, "metadata": told}) + "\n" for part in parts)
            made.append(vectors.embed(parts))
    np.save(rows, np.concatenate(made))


def _piece_means(texts: Sequence[str], pieces: Sequence[TokenVectors]) -> dict[str, Matrix]:
    """The mean token vector of each word that begins where a word piece does."""
    sums: dict[str, Matrix] = {}
    for text, told in zip(texts, pieces, strict=False):
        at = {int(start): vector for start, vector in zip(told.starts, told.vectors, strict=True)}
        for match in _TELLING.finditer(text):
            vector = at.get(match.start())
            if vector is not None:
                word = match.group().lower()
                sums[word] = sums[word] + vector if word in sums else vector
    return {word: _unit(total[np.newaxis])[0] for word, total in sums.items()}


def _words(text: str) -> list[str]:
    return [word for raw in text.lower().split() if (word := raw.strip(".,;:()[]?!%\"'"))]


def _unit(rows: Matrix) -> Matrix:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)


def main() -> None:
    """Build a library."""
    from assay.models.minilm.embedder import LocalEmbedder

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--peer", action="store_true", help="the peer's collection too")
    told = parser.parse_args()
    model = LocalEmbedder()
    built = library(told.chunks, model)
    print(
        f"{built.chunks:,} chunks of {built.documents:,} documents, built in {built.build_seconds:.0f} s, "
        f"in {built.folder}"
    )
    if told.peer:
        peer, about = started()
        if peer is None:
            raise SystemExit(f"no peer: {about['left_out']}")
        with peer:
            fill_peer(built, peer, model)


if __name__ == "__main__":
    main()
