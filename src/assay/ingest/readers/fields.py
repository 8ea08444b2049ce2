"""Writes a JSON value as lines "path: value", each value with its place and its path ($.a[2].b) as locator.

A short list of scalars is one line. Objects inside lists, and objects below the top, are set apart by a blank line.
"""

from __future__ import annotations

from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.json_scan import Node

_ONE_LINE = 400


def write_value(writer: FlowWriter, node: Node, place: str = "$", label: str = "") -> None:
    """Write `node`. `place` begins every locator, `label` every path."""
    if not node.is_container or not node.items:
        _line(writer, [(place, node)], label)
    elif node.kind == "array" and _is_short_list(node):
        _line(writer, [(f"{place}[{index}]", item) for index, (_, item) in enumerate(node.items)], label)
    else:
        for index, (key, item) in enumerate(node.items):
            is_member = node.kind == "object"
            sets_apart = item.kind == "object" and bool(item.items)
            writer.gap(2 if sets_apart else 1)
            step = f".{key}" if is_member else f"[{index}]"
            inner = f"{label}{step}".removeprefix(".") if label else (key if is_member else step)
            write_value(writer, item, f"{place}{step}", inner)
            writer.gap(2 if sets_apart else 1)


def _line(writer: FlowWriter, values: list[tuple[str, Node]], label: str) -> None:
    with writer.block("field", gap=1, label=label):
        if label:
            writer.own(f"{label}: ")
        for number, (place, node) in enumerate(values):
            if number:
                writer.own(", ")
            writer.locator = place
            if node.is_container:
                writer.verbatim(("{}" if node.kind == "object" else "[]", node.start, node.end))
            for piece in node.pieces() if not node.is_container else ():
                writer.verbatim(piece)
    writer.locator = ""


def _is_short_list(node: Node) -> bool:
    scalars = all(not item.is_container and "\\n" not in item.raw for _, item in node.items)
    return scalars and sum(len(item.raw) + 2 for _, item in node.items) <= _ONE_LINE
