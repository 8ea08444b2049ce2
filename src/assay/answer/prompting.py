"""What a language model is asked: passages fenced as data, the question, the field's instructions, the form of answer.

The words stand in `prompts/`: `system.jinja` (the rules), `general.jinja` (where the field has no template of its own),
`form.jinja` (the JSON that is demanded, always last). Text of documents and of the question only ever stands between
tags that it cannot close. A fence is no proof against a model that obeys what it reads; verification is.
"""

from __future__ import annotations

import functools
import re
import string
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.types import Passage

if TYPE_CHECKING:
    import jinja2

_INVISIBLE = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
_TAG = re.compile(
    rf"<(?=[\s/{_INVISIBLE}]*(?:passages?|questions?|instructions?|context|system|assistant|user|human|ai)\b)|<(?=\|)",
    re.IGNORECASE,
)
_BRACKET = "‹"
_VARIABLE = re.compile(r"\{(context|question)\}")
_JINJA_VARIABLE = re.compile(r"\{\{\s*(context|question)\s*\}\}")
_TOLD = ("version", "library", "year", "court", "journal")
_LONGEST_ATTRIBUTE = 200


class Prompt(NamedTuple):
    """What is sent: `system` holds the rules, `user` the material and the form of the answer."""

    system: str
    user: str


def render(question: str, passages: Sequence[Passage], instructions: Any = "", *, max_claims: int = 5) -> Prompt:
    """The prompt for a question over passages, which are numbered from 1.

    `instructions`: text, or a template with `{context}` and `{question}` (a string, or an object with `format` or
    `template`, such as LangChain's PromptTemplate). Other braces in it stand as they are; what it does not place itself
    is added behind it.
    """
    context = "\n".join(fenced(number, passage) for number, passage in enumerate(passages, 1))
    asked = f"<question>{neutralised(question).strip()}</question>"
    body = _filled(instructions, f"\n{context}\n", asked).strip()
    if context in body or asked in body:
        missing = [part for part in (context, asked) if part not in body]
        body = "\n\n".join((body, *missing))
    else:
        body = _template("general.jinja").render(instructions=body, passages=context, question=asked).strip()
    form = _template("form.jinja").render(max_claims=max_claims).strip()
    return Prompt(_template("system.jinja").render().strip(), f"{body}\n\n{form}")


def fenced(number: int, passage: Passage) -> str:
    """A passage between its tags, with title, headings and the particulars of its source that verification knows."""
    facts = {"title": passage.document.title, "section": " > ".join(passage.chunk.breadcrumb)}
    facts |= {key: str(passage.document.metadata.get(key, "")) for key in _TOLD}
    shown = "".join(f' {name}="{_attribute(value)}"' for name, value in facts.items() if value.strip())
    return f'<passage n="{number}"{shown}>\n{neutralised(passage.chunk.text)}\n</passage>'


def neutralised(text: str) -> str:
    """`text` with every tag that could end its fence or pose as a role made harmless: `<passage` becomes `‹passage`."""
    return _TAG.sub(_BRACKET, text)


def restored(quote: str, source: str) -> str:
    """A quotation as it stands in `source`, where the model copied brackets that `neutralised` had put there."""
    if _BRACKET in quote and quote not in source:
        original = quote.replace(_BRACKET, "<")
        return original if original in source else quote
    return quote


def _attribute(value: str) -> str:
    plain = value.replace("<", "‹").replace(">", "›").replace('"', "'")
    return " ".join(plain.split())[:_LONGEST_ATTRIBUTE]


def _filled(instructions: Any, context: str, question: str) -> str:
    """The instructions with their variables put in. Values are never read as templates."""
    values = {"context": context, "question": question}
    if isinstance(instructions, str):
        return _substituted(instructions, values)
    form = getattr(instructions, "format", None)
    if callable(form):
        try:
            return str(form(**values))
        except (KeyError, IndexError, ValueError, TypeError, AttributeError):
            pass  # a template with variables that nobody gives: its text is used, with the two that are known
    return _substituted(str(getattr(instructions, "template", instructions)), values)


def _substituted(template: str, values: dict[str, str]) -> str:
    if _JINJA_VARIABLE.search(template) and not _VARIABLE.search(_JINJA_VARIABLE.sub("", template)):
        return _JINJA_VARIABLE.sub(lambda found: values[found[1]], template)
    if _is_format_string(template):
        return template.format(**values)
    return _VARIABLE.sub(lambda found: values[found[1]], template)


def _is_format_string(template: str) -> bool:
    """Whether the template keeps to str.format with the two plain variables, doubled braces for single ones."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        return False
    named = [(name, spec, conversion) for _, name, spec, conversion in parts if name is not None]
    return bool(named) and all(part in (("context", "", None), ("question", "", None)) for part in named)


def _template(name: str) -> jinja2.Template:
    return _environment().get_template(name)


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("assay.answer", "prompts"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # the output is a prompt, not a page; what is put in is neutralised above
        trim_blocks=True,
        lstrip_blocks=True,
    )
