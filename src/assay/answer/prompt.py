"""Renders the prompt: passages fenced as data, the question, the pack's or the caller's template.

Text from documents never reaches the model as anything but the inside of a `<passage>`; a tag of ours inside it is
written with other brackets, which verification reads as the same characters.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from assay.types import Passage

if TYPE_CHECKING:
    import jinja2

_OUR_TAGS = re.compile(r"<(?=\s*/?\s*(?:passages?|question|instructions?|system|assistant|user)\b)", re.IGNORECASE)
_VARIABLE = re.compile(r"\{\{\s*(context|question)\s*\}\}|\{(context|question)\}")


class Prompt(NamedTuple):
    """What is sent: the rules that no document can change, and the material."""

    system: str
    user: str


def render(question: str, passages: Sequence[Passage], instructions: str = "", *, max_claims: int = 8) -> Prompt:
    """The prompt for a question over passages, numbered from 1.

    `instructions` is a template with the variables {context} and {question} (also {{ context }}), which then carries
    both; or plain text without them, which is put before the passages. The rules of citation are always added.
    """
    context = "\n\n".join(fenced(number, passage) for number, passage in enumerate(passages, 1))
    asked = f"<question>\n{neutralised(question)}\n</question>"
    if _VARIABLE.search(instructions):
        values = {"context": context, "question": asked}
        user = _VARIABLE.sub(lambda match: values[match[1] or match[2]], instructions)
        user = _completed(user, instructions, context, asked)
    else:
        user = _template("general.jinja").render(context=context, question=asked, instructions=instructions.strip())
    return Prompt(_template("rules.jinja").render(max_claims=max_claims).strip(), user.strip())


def fenced(number: int, passage: Passage) -> str:
    """A passage between its tags, with what the model may say of its source."""
    appraisal = passage.appraisal
    facts = {
        "title": passage.document.title,
        "section": " > ".join(passage.chunk.breadcrumb),
        "citation": appraisal.citation if appraisal else "",
        "weight": appraisal.weight.value if appraisal else "",
        "status": appraisal.currency.value if appraisal else "",
    }
    shown = "".join(f' {name}="{_attribute(value)}"' for name, value in facts.items() if value)
    return f'<passage n="{number}"{shown}>\n{neutralised(passage.chunk.text)}\n</passage>'


def neutralised(text: str) -> str:
    """`text` with every tag of ours made harmless: its opening bracket becomes a look-alike."""
    return _OUR_TAGS.sub("‹", text)


def _attribute(value: str) -> str:
    return re.sub(r"\s+", " ", value.replace("<", "‹").replace(">", "›").replace('"', "'"))[:200]


def _completed(user: str, template: str, context: str, asked: str) -> str:
    """A template that forgot a variable still gets it: a model without passages or question can only invent."""
    named = {match[1] or match[2] for match in _VARIABLE.finditer(template)}
    if "context" not in named:
        user = f"{user}\n\n{context}"
    return user if "question" in named else f"{user}\n\n{asked}"


def _template(name: str) -> jinja2.Template:
    return _environment().get_template(name)


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("assay.answer", "prompts"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # the output is a prompt, not a page; passages are neutralised above
        keep_trailing_newline=False,
    )
