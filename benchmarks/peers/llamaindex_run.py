"""A peer: LlamaIndex with sentence-transformers and its default settings. Runs with the Python of its own environment,
takes one JSON object a line on standard input and answers with one a line on standard output.

It imports nothing of Assay. Its defaults stay as they are: sentences packed to 1,024 tokens with 200 of overlap,
vectors in its own store in memory (persisted as JSON), two passages a question.
"""

from __future__ import annotations

import json
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from serving import cpu, serve


class Peer:
    """Holds the model and the open index."""

    def __init__(self) -> None:
        self.model: Any = None
        self.index: Any = None

    def load(self, model: str) -> dict[str, Any]:
        """Load the model from a folder; nothing is fetched."""
        from llama_index.core import Settings
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self.model = HuggingFaceEmbedding(model_name=model)
        Settings.embed_model = self.model
        Settings.llm = None
        self.model.get_text_embedding("a first text, so that the next one is not the first")
        names = ("llama-index-core", "llama-index-embeddings-huggingface", "sentence-transformers", "torch")
        return {"versions": {name: version(name) for name in names}}

    def ingest(self, folder: str, store: str, splitter: dict[str, int]) -> dict[str, Any]:
        """Files of a folder into a new index; seconds by stage. `splitter` is for other peers and must be empty."""
        from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter

        since, used = time.perf_counter(), cpu()
        loaded = SimpleDirectoryReader(folder, recursive=True).load_data()
        read = time.perf_counter()
        nodes = SentenceSplitter(**splitter).get_nodes_from_documents(loaded)
        cut = time.perf_counter()
        self.index = VectorStoreIndex(nodes)
        embedded = time.perf_counter()
        self.index.storage_context.persist(persist_dir=store)
        done = time.perf_counter()
        stages = {
            "read": read - since,
            "chunk": cut - read,
            "embed and index": embedded - cut,
            "store": done - embedded,
        }
        return {
            "documents": len(loaded),
            "chunks": len(nodes),
            "wall": done - since,
            "cpu": cpu() - used,
            "stages": stages,
        }

    def fill(self, texts: str, vectors: str, store: str) -> dict[str, Any]:
        """An index over texts (JSON lines with `text` and `metadata`) and their vectors."""
        import numpy as np
        from llama_index.core import VectorStoreIndex
        from llama_index.core.schema import TextNode

        rows = np.load(vectors, mmap_mode="r")
        since = time.perf_counter()
        nodes = []
        with Path(texts).open(encoding="utf-8") as file:
            for number, line in enumerate(file):
                told = json.loads(line)
                vector = rows[number].astype(float).tolist()
                nodes.append(TextNode(text=told["text"], metadata=told["metadata"], embedding=vector))
        self.index = VectorStoreIndex(nodes)
        self.index.storage_context.persist(persist_dir=store)
        return {"chunks": len(nodes), "wall": time.perf_counter() - since}

    def open(self, store: str) -> dict[str, Any]:
        """Open a persisted index."""
        from llama_index.core import StorageContext, load_index_from_storage

        since = time.perf_counter()
        if not (Path(store) / "docstore.json").is_file():
            return {"holds": False, "wall": 0.0}
        self.index = load_index_from_storage(StorageContext.from_defaults(persist_dir=store))
        return {"holds": True, "wall": time.perf_counter() - since}

    def ask(self, questions: list[dict[str, Any]]) -> dict[str, Any]:
        """Embed each question, find the passages its groups may read (two, LlamaIndex's default)."""
        from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters

        walls, cpus, found = [], [], []
        for question in questions:
            since, used = time.perf_counter(), cpu()
            limit = None
            if question["groups"]:
                among = MetadataFilter(key="reader", value=question["groups"], operator=FilterOperator.IN)
                limit = MetadataFilters(filters=[among])
            hits = self.index.as_retriever(filters=limit).retrieve(question["text"])
            walls.append(time.perf_counter() - since)
            cpus.append(cpu() - used)
            found.append(len(hits))
        return {"wall": walls, "cpu": cpus, "embed": [], "passages": found}


def main() -> None:
    """Answer requests until standard input ends."""
    peer = Peer()
    serve({"load": peer.load, "ingest": peer.ingest, "fill": peer.fill, "open": peer.open, "ask": peer.ask})


if __name__ == "__main__":
    main()
