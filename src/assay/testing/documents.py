"""Documents for contracts: built from parts with known blocks, everyday ones, and prose of any length."""

from __future__ import annotations

import random
from collections.abc import Sequence

from assay.types import Block, BlockKind, Document

Part = tuple[BlockKind, str]

_SUBJECTS = ("The court", "A buyer", "The seller", "Each patient", "The committee", "This function", "The licence")
_VERBS = ("shall deliver", "may cancel", "was given", "returns", "has held", "must record", "did not accept")
_OBJECTS = ("the goods", "a list of values", "twenty milligrams daily", "the former ruling", "an error", "the contract")
_ENDS = (
    "within thirty days",
    "in version 2.1",
    "under section 2-106",
    "after the trial",
    "for every caller",
    "in good faith",
)


def prose(characters: int, seed: int = 0) -> str:
    """About `characters` characters of plain sentences in paragraphs; the same for the same seed."""
    chooser = random.Random(seed)
    made: list[str] = []
    size = 0
    while size < characters:
        words = (chooser.choice(_SUBJECTS), chooser.choice(_VERBS), chooser.choice(_OBJECTS), chooser.choice(_ENDS))
        sentence = " ".join(words) + "." + chooser.choice((" ", " ", " ", "\n\n"))
        made.append(sentence)
        size += len(sentence)
    return "".join(made).rstrip()


def built(key: str, parts: Sequence[Part], gap: str = "\n\n") -> Document:
    """A document of these parts (kind and text) with one block each; heading levels are the number of `#` before it."""
    text = ""
    blocks: list[Block] = []
    for kind, body in parts:
        text += gap if text else ""
        level = max(1, len(body) - len(body.lstrip("#"))) if kind == "heading" else 0
        label = body.lstrip("# ") if kind == "heading" else ""
        blocks.append(Block(kind, len(text), len(text) + len(body), level, label=label))
        text += body
    return Document(key, f"Document {key}", text, format="markdown", blocks=tuple(blocks))


def everyday_documents() -> tuple[Document, ...]:
    """Documents as readers give them: with headings, code, tables and lists; without any blocks; short and long."""
    return (
        built("guide", _guide()),
        built(
            "deep", [(("heading", "#" * level + f" Level {level}")) for level in range(1, 7)] + [("prose", prose(900))]
        ),
        built(
            "rows",
            [("prose", "The doses were these:"), *(("row", f"| arm {n} | {n * 5} mg | {n}.5 % |") for n in range(90))],
        ),
        built("crlf", [("prose", prose(1_500, seed).replace("\n\n", "\r\n\r\n")) for seed in (1, 2)], gap="\r\n\r\n"),
        Document("plain", "Plain", prose(6_000, 3)),
        Document("contract", "Contract", _clauses()),
        Document("short", "Short", "One sentence."),
        Document("one-line", "One line", prose(9_000, 4).replace("\n", " ")),
        Document("lines", "Lines", "\n".join(f"entry {number}" for number in range(700))),
        Document(
            "world",
            "World",
            "\n\n".join(("Ünïcödé text. " * 40, "合同无效。" * 200, "العقد باطل. " * 80, "👩\u200d⚖️ " * 90)),
        ),
        Document("padded", "Padded", "\n\n\n   \t" + prose(2_000, 5) + "   \n\n\n"),
    )


def _guide() -> list[Part]:
    code = "def read(path):\n\n    with open(path) as file:\n        return file.read()\n"
    parts: list[Part] = []
    for number in range(1, 9):
        parts += [
            ("heading", f"# Chapter {number}"),
            ("prose", prose(500, number)),
            ("heading", f"## Use of part {number}"),
            ("prose", f"Call it so, in part {number}:"),
            ("code", code * (number % 3 + 1)),
            ("list", "\n".join(f"- point {item} of part {number}" for item in range(5))),
        ]
    return parts


def _clauses() -> str:
    lines = ["LICENCE AGREEMENT", ""]
    for article in range(1, 9):
        lines += [f"ARTICLE {article}. DUTIES", ""]
        lines += [f"{article}.{clause} The licensee {prose(260, article * 10 + clause)}" for clause in range(1, 5)]
        lines += ["(a) in writing;", "(b) in person; or", "(c) by agent.", ""]
    return "\n".join(lines)
