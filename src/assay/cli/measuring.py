"""What the commands that measure share: options, the library to ask, gates, how comparisons are shown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assay.cli.common import console, parse_filters

if TYPE_CHECKING:
    from assay.evaluation.answering import AnswersRun
    from assay.evaluation.comparing import Comparison
    from assay.evaluation.library import MeasuredLibrary

CorpusOption = Annotated[
    Path | None, typer.Option(help="Documents, JSON Lines: id, title, text, metadata (plain or gzip).")
]
QueriesOption = Annotated[Path, typer.Option(help="Questions, JSON Lines: id, text, ... (plain or gzip).")]
QrelsOption = Annotated[Path | None, typer.Option(help="Labels, TSV: query-id doc-id [start end] grade.")]
KeptStoreOption = Annotated[Path | None, typer.Option("--store", help="Keep the store here and use it again.")]
CorpusFilterOption = Annotated[
    list[str] | None, typer.Option("--corpus-filter", help="Only documents with FIELD=VALUE in their metadata.")
]
ExcludeOption = Annotated[str, typer.Option(help="A field of a question that lists documents to leave out.")]
FamilyOption = Annotated[
    str, typer.Option("--family", help="A field of a question; equal values are kept on one side of every split.")
]
MostOption = Annotated[int | None, typer.Option("--most", help="Only the first so many questions.", min=1)]
ThresholdOption = Annotated[
    float | None, typer.Option(help="The least support of a claim (default: the domain's).", min=0, max=1)
]
NearMissOption = Annotated[
    bool, typer.Option("--near-miss", help="Ask every question again with its labelled documents hidden.")
]
OffTopicOption = Annotated[
    list[Path] | None, typer.Option("--off-topic", help="Questions of another field, to be refused. Repeatable.")
]
OffTopicFilterOption = Annotated[
    list[str] | None, typer.Option("--off-topic-filter", help="Only those of the other questions with FIELD=VALUE.")
]
RecordsOutOption = Annotated[
    Path | None, typer.Option("--records", help="Write every asked question here, for calibration and fitting.")
]
RecordsInOption = Annotated[
    list[Path] | None, typer.Option("--records", help="Read asked questions from here. Repeatable.")
]
PerQueryOption = Annotated[Path | None, typer.Option(help="Write every question's scores to this file.")]
AgainstOption = Annotated[Path | None, typer.Option(help="Compare with the --per-query file of another run.")]
ToleranceOption = Annotated[float, typer.Option(help="How far a mean may fall before it is a regression.", min=0)]
PlotOption = Annotated[Path | None, typer.Option(help="Draw the curve into this SVG file.")]
LimitOption = Annotated[
    list[str] | None, typer.Option("--limit", help="NAME=VALUE; exit code 2 where it is broken. Repeatable.")
]


def measured_library(
    corpus: Path | None, store: Path | None, corpus_filters: list[str] | None, domain: str | None, config: Path | None
) -> MeasuredLibrary:
    """The library that a command asks."""
    from assay.evaluation.library import MeasuredLibrary

    return MeasuredLibrary(corpus, store, parse_filters(corpus_filters), domain or "general", config)


def answers_run(
    library: MeasuredLibrary,
    queries: Path,
    qrels: Path | None,
    filters: list[str] | None,
    *,
    off_topic: list[Path] | None = None,
    off_topic_filters: list[str] | None = None,
    **settings: Any,
) -> AnswersRun:
    """The asking that a command wants."""
    from assay.evaluation.answering import AnswersRun

    return AnswersRun(
        library,
        queries,
        qrels,
        parse_filters(filters),
        off_topic=tuple(off_topic or ()),
        off_topic_filters=parse_filters(off_topic_filters),
        **settings,
    )


def gate(
    limits: list[str] | None, measured: Mapping[str, float], compared: Comparison | None, *, most: bool = False
) -> None:
    """Exit with 2 where a limit is broken or a metric fell. Limits are the least allowed, or the `most`."""
    broken = [text for text in limits or [] if _breaks(text, measured, most)]
    for text in broken:
        name = text.partition("=")[0].strip()
        console(stderr=True).print(f"limit broken: {text}, measured {measured[name]:.4f}", markup=False)
    if broken or (compared is not None and compared.exit_code):
        raise typer.Exit(2)


def counted(limits: list[str] | None, most: int | None) -> tuple[int | None, list[str]]:
    """A bare number among the limits is how many questions to ask: the short form of --most."""
    counts = [int(text) for text in limits or [] if text.isdigit() and int(text) > 0]
    return (counts[-1] if counts else most), [text for text in limits or [] if not text.isdigit()]


def _breaks(text: str, measured: Mapping[str, float], most: bool) -> bool:
    from assay.errors import InputError

    name, mark, value = (part.strip() for part in text.partition("="))
    if not mark or name not in measured:
        raise InputError(f"there is no limit {text!r}", next=f"write NAME=VALUE with one of {', '.join(measured)}")
    try:
        bound = float(value)
    except ValueError as error:
        raise InputError(f"the limit {text!r} is not NAME=number") from error
    found = measured[name]
    # What was asked for and not measured does not pass.
    return math.isnan(found) or (found > bound if most or name == "false_refusals" else found < bound)


def show_lines(texts: Iterable[str]) -> None:
    """Lines as they are."""
    for text in texts:
        console().print(text, markup=False, soft_wrap=True)


def show_comparison(compared: Comparison | None) -> None:
    """The comparison, where there is one."""
    from assay.evaluation.comparing import lines

    if compared is not None:
        show_lines(lines(compared))
