"""The peer: LangChain, sentence-transformers and Chroma with default settings. Runs with the Python of its own
environment, takes one JSON object a line on standard input and answers with one a line on standard output.

It imports nothing of Assay. What Chroma and LangChain do by default stays as it is; only telemetry is off.
"""

from __future__ import annotations

import json
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from serving import cpu, serve

COLLECTION = "documents"


class Timed:
    """An embeddings object that adds up its time; vectors given in advance are handed out in order instead."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.seconds = 0.0
        self.prepared: list[list[float]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        if self.prepared:
            taken, self.prepared = self.prepared[: len(texts)], self.prepared[len(texts) :]
            return taken
        since = time.perf_counter()
        found: list[list[float]] = self.inner.embed_documents(texts)
        self.seconds += time.perf_counter() - since
        return found

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        since = time.perf_counter()
        found: list[float] = self.inner.embed_query(text)
        self.seconds += time.perf_counter() - since
        return found


class Peer:
    """Holds the model and the open collection."""

    def __init__(self) -> None:
        self.embeddings: Any = None
        self.store: Any = None

    def load(self, model: str) -> dict[str, Any]:
        """Load the model from a folder; nothing is fetched."""
        from langchain_huggingface import HuggingFaceEmbeddings

        self.embeddings = Timed(HuggingFaceEmbeddings(model_name=model))
        self.embeddings.embed_query("a first text, so that the next one is not the first")
        names = ("langchain-core", "langchain-text-splitters", "langchain-chroma", "sentence-transformers")
        return {"versions": {name: version(name) for name in (*names, "chromadb", "torch")}}

    def ingest(self, folder: str, store: str, splitter: dict[str, int]) -> dict[str, Any]:
        """Files of a folder into a new collection; seconds by stage."""
        from langchain_chroma import Chroma
        from langchain_community.document_loaders import DirectoryLoader, TextLoader
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        self.embeddings.seconds = 0.0
        since, used = time.perf_counter(), cpu()
        loaded = DirectoryLoader(folder, glob="**/*.txt", loader_cls=TextLoader).load()
        read = time.perf_counter()
        parts = RecursiveCharacterTextSplitter(**splitter).split_documents(loaded)
        cut = time.perf_counter()
        self.store = Chroma.from_documents(parts, self.embeddings, persist_directory=store, collection_name=COLLECTION)
        done = time.perf_counter()
        stages = {"read": read - since, "chunk": cut - read, "embed": self.embeddings.seconds}
        stages["store"] = done - cut - stages["embed"]
        return {
            "documents": len(loaded),
            "chunks": len(parts),
            "wall": done - since,
            "cpu": cpu() - used,
            "stages": stages,
        }

    def fill(self, texts: str, vectors: str, store: str) -> dict[str, Any]:
        """A collection from texts (JSON lines with `text` and `metadata`) and their vectors."""
        import numpy as np

        self.open(store)
        rows = np.load(vectors, mmap_mode="r")
        since = time.perf_counter()
        number = 0
        batch: list[dict[str, Any]] = []
        with Path(texts).open(encoding="utf-8") as file:
            for line in file:
                number += 1
                batch.append(json.loads(line))
                if len(batch) == 2000:
                    self._add(batch, rows, number)
                    batch = []
        if batch:
            self._add(batch, rows, number)
        return {"chunks": number, "wall": time.perf_counter() - since}

    def _add(self, batch: list[dict[str, Any]], rows: Any, after: int) -> None:
        self.embeddings.prepared = rows[after - len(batch) : after].astype(float).tolist()
        self.store.add_texts([item["text"] for item in batch], [item["metadata"] for item in batch])

    def open(self, store: str) -> dict[str, Any]:
        """Open a collection, made first where there is none; how many chunks it holds."""
        from langchain_chroma import Chroma

        since = time.perf_counter()
        self.store = Chroma(COLLECTION, self.embeddings, persist_directory=store)
        found = self.store.get(limit=1, include=[])["ids"]
        return {"holds": bool(found), "wall": time.perf_counter() - since}

    def ask(self, questions: list[dict[str, Any]]) -> dict[str, Any]:
        """Embed each question, find the passages its groups may read (four, LangChain's default)."""
        walls, embeds, cpus, found = [], [], [], []
        for question in questions:
            self.embeddings.seconds = 0.0
            since, used = time.perf_counter(), cpu()
            limit = {"reader": {"$in": question["groups"]}} if question["groups"] else None
            hits = self.store.similarity_search(question["text"], filter=limit)
            walls.append(time.perf_counter() - since)
            cpus.append(cpu() - used)
            embeds.append(self.embeddings.seconds)
            found.append(len(hits))
        return {"wall": walls, "cpu": cpus, "embed": embeds, "passages": found}


def main() -> None:
    """Answer requests until standard input ends."""
    peer = Peer()
    serve({"load": peer.load, "ingest": peer.ingest, "fill": peer.fill, "open": peer.open, "ask": peer.ask})


if __name__ == "__main__":
    main()
