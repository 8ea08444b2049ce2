"""Commands that compare runs and fit what is stated of answers: eval compare, eval fit-confidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.common import ConfigOption, DomainOption, FilterOption, JsonOption, print_json
from assay.cli.measuring import (
    CorpusOption,
    ExcludeOption,
    FamilyOption,
    MostOption,
    QrelsOption,
    RecordsInOption,
    ToleranceOption,
    answers_run,
    measured_library,
    show_comparison,
    show_lines,
)

if TYPE_CHECKING:
    from assay.evaluation.answering import AnswersRun
    from assay.evaluation.asking import Asked


def register(eval_app: typer.Typer) -> None:
    """Add this file's commands below `eval`."""
    eval_app.command("compare")(compare)
    eval_app.command("fit-confidence")(fit)


def compare(
    first: Annotated[Path, typer.Argument(help="The --per-query file of run A.")],
    second: Annotated[Path, typer.Argument(help="The --per-query file of run B.")],
    metrics: Annotated[list[str] | None, typer.Option("--metric", help="Only this metric. Repeatable.")] = None,
    tolerance: ToleranceOption = 0.0,
    as_json: JsonOption = False,
) -> None:
    """Compare two runs question by question, with paired 95 % intervals; exit code 2 where B is worse than A.

    Worse: the mean fell by more than --tolerance and the whole interval lies below 0. Runs over different questions or
    labels are refused.

    Example:  assay eval compare before.jsonl after.jsonl --metric ndcg@10 --tolerance 0.01
    """
    from assay.evaluation.comparing import compare_files

    compared = compare_files(first, second, tolerance=tolerance, metrics=metrics or ())
    if as_json:
        print_json(compared.summary())
    else:
        show_comparison(compared)
    if compared.exit_code:
        raise typer.Exit(compared.exit_code)


def fit(
    queries: Annotated[Path | None, typer.Option(help="Questions, JSON Lines: id, text, ... (plain or gzip).")] = None,
    qrels: QrelsOption = None,
    records: RecordsInOption = None,
    store: Annotated[Path | None, typer.Option("--store", help="The store to ask, and to keep the model in.")] = None,
    corpus: CorpusOption = None,
    filters: FilterOption = None,
    exclude_field: ExcludeOption = "",
    family_field: FamilyOption = "",
    most: MostOption = None,
    out: Annotated[Path | None, typer.Option(help="Write the model to this file, not into the store.")] = None,
    embedder: Annotated[str, typer.Option(help="The embedder that --records were asked with.")] = "",
    note: Annotated[str, typer.Option(help="A line for the data card.")] = "",
    domain: DomainOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit relevance and confidence on your own labelled questions; the store uses them from then on.

    Every question is asked as it is and again with its labelled documents hidden. The printed figures are of questions
    that the fit had not seen. Remove confidence.json from the store to go back to the shipped model.

    Example:  assay eval fit-confidence --store .assay/store --queries q.jsonl --qrels qrels.tsv
    """
    from assay.cli.progress import counting
    from assay.confidence.model import FILE, write_model
    from assay.errors import InputError
    from assay.evaluation.fitting import card_lines, fit_confidence

    if out is None and store is None:
        raise InputError("there is nowhere to keep the model", next="give --store DIR or --out FILE")
    library = measured_library(corpus, store, None, domain, config)
    with counting(quiet=as_json) as progress:
        rows, fingerprint = asked_rows(
            records,
            queries,
            lambda given: answers_run(
                library,
                given,
                qrels,
                filters,
                exclude_field=exclude_field,
                family_field=family_field,
                limit=most,
                near_miss=True,
            ),
            progress,
        )
    if not (fingerprint or embedder):
        raise InputError("the embedder is not known", next="say --embedder NAME: a model holds for one embedder")
    fitted = fit_confidence(rows, fingerprint or embedder, note=note)
    target = out or Path(str(store)) / FILE
    write_model(fitted.model, target)
    if as_json:
        return print_json({"written": str(target), "card": fitted.model.card})
    return show_lines([*card_lines(fitted.model.card), f"written to {target}"])


def asked_rows(
    records: list[Path] | None,
    queries: Path | None,
    run: Callable[[Path], AnswersRun],
    progress: Callable[[str, int, int], None],
) -> tuple[list[Asked], str]:
    """Asked questions from files, or asked now; and the embedder's fingerprint where they were asked now."""
    from assay.errors import InputError
    from assay.evaluation.asking import read_asked

    if (records is None) == (queries is None):
        raise InputError("give --queries to ask, or --records FILE to read what was asked")
    if records is not None:
        return read_asked(records), ""
    assert queries is not None
    asked = run(queries).execute(progress)
    return list(asked.rows), asked.embedder
