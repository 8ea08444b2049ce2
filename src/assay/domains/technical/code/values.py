"""What is said of one piece of code: frozen values, no rules. Spans are half-open and count in the text handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.types import Record

LanguageSource = Literal["declared", "parse", "rules", "context", "unknown"]
Completeness = Literal["file", "snippet", "fragment", "unknown"]
UseKind = Literal["call", "reference", "decorator", "exception"]
Origin = Literal["import", "builtin", "inferred", "module", "global", "local", ""]
PartKind = Literal["input", "output", "comment"]


@dataclass(frozen=True, slots=True)
class Import(Record):
    """A name brought in: `symbol` is what it stands for ("os.path.join"), `name` what the code calls it ("join").

    `name` is "*" where everything is brought in (a star import, a C header).
    """

    symbol: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Use(Record):
    """A name that is looked up: a call, a reference, a decorator, an exception that is caught or raised.

    `name` is as written ("np.array"), `symbol` the qualified name ("numpy.array") or empty where it is not known.
    `origin` says how the symbol was found: "import"; "builtin" (the symbol is bare: "open"); "inferred" (the
    receiver's class was seen: "pathlib.Path.read_text"); "module" (a standard module used without its import);
    "global" (a language without qualified names: C, shell); "local" (defined in the code itself); "" (not found).
    `keywords`: names of keyword arguments; `arguments`: how many positional ones.
    """

    kind: UseKind
    name: str
    symbol: str
    origin: Origin
    start: int
    end: int
    keywords: tuple[str, ...] = ()
    arguments: int = 0


@dataclass(frozen=True, slots=True)
class Definition(Record):
    """Something that the code defines: "function", "method", "class", "type"; `docstring` is its first line."""

    kind: str
    name: str
    start: int
    end: int
    docstring: str = ""


@dataclass(frozen=True, slots=True)
class Handling(Record):
    """Error handling: `form` is "try", "catch", "rescue", "raises", "if err", "result", "status check" or
    "exit on error"; `names` are what is caught or raised, qualified where the imports tell."""

    form: str
    names: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part(Record):
    """A stretch of a session: what was typed (with its `prompt` taken off `text`), or what came out."""

    kind: PartKind
    start: int
    end: int
    prompt: str
    text: str


@dataclass(frozen=True, slots=True)
class CodeReport(Record):
    """Everything that was found out about one piece of code. See `CodeAnalyzer.analyze`."""

    language: str = "unknown"
    language_source: LanguageSource = "unknown"
    language_reason: str = ""
    start: int = 0
    end: int = 0
    completeness: Completeness = "unknown"
    parses: bool | None = None
    error: str = ""
    imports: tuple[Import, ...] = ()
    uses: tuple[Use, ...] = ()
    definitions: tuple[Definition, ...] = ()
    handling: tuple[Handling, ...] = ()
    parts: tuple[Part, ...] = ()
    truncated: bool = False

    @property
    def calls(self) -> tuple[Use, ...]:
        """The uses that are calls."""
        return tuple(use for use in self.uses if use.kind == "call")

    @property
    def symbols(self) -> tuple[str, ...]:
        """The qualified symbols of imports and uses, each once, in order; what the code defines itself is left out."""
        found = [(item.start, item.symbol) for item in self.imports]
        found += [(use.start, use.symbol) for use in self.uses if use.symbol and use.origin != "local"]
        return tuple(dict.fromkeys(symbol for _, symbol in sorted(found)))

    @property
    def code(self) -> str:
        """What is typed: without prompts, output and common indentation."""
        return "\n".join(part.text for part in self.parts if part.kind == "input")

    @property
    def has_error_handling(self) -> bool:
        """Whether any error is caught or checked for (raising one is not handling it)."""
        return any(item.form != "raises" for item in self.handling)


@dataclass(frozen=True, slots=True)
class Snippet(Record):
    """A fenced block of Markdown: its report, the tag as written, its span with the fences, whether it is closed."""

    report: CodeReport
    language_tag: str
    start: int
    end: int
    closed: bool
