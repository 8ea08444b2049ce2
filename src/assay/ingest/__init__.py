"""Bytes become documents, documents become chunks: readers, chunkers, and the durable jobs that run them."""
