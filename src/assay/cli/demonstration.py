"""`assay demo`: builds the three sample libraries and asks each a question. Nothing leaves the machine."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from assay.cli.common import console, print_json
from assay.cli.progress import observing
from assay.config import RAGConfig
from assay.errors import InputError
from assay.samples import NAMES, SampleLibrary, product_documentation, sample_library
from assay.specialists import system_for
from assay.types import IngestReport, QueryResult
from assay.version import VERSION

if TYPE_CHECKING:
    from assay.ingest.progress import Observer
    from assay.system import ProductionRAGSystem

QUESTIONS = {
    "legal": "Is a shrinkwrap licence enforceable?",
    "medical": "Did dexamethasone reduce mortality in patients hospitalized with COVID-19?",
    "technical": "How does a client get an access token with OAuth 2.0 client credentials?",
}


def run_demo(folder: Path, as_json: bool) -> None:
    """Build, ask, show; the libraries stay in `folder` for questions of your own."""
    from assay.cli.render import show_answer

    screen = console()
    make_room(folder)
    answers: dict[str, QueryResult] = {}
    for name in NAMES:
        library = sample_library(name)
        with system_for(demo_config(folder, name)) as system:
            started = time.perf_counter()
            with observing(quiet=as_json) as observer:
                reports = fill(system, library, observer)
            if not as_json:
                documents = system.count_documents()
                head = f"{library.title}: {documents} documents, {time.perf_counter() - started:.1f} s"
                screen.rule(Text(head, style="bold"), align="left")
                _warn_of_failures(reports)
            answers[name] = system.process_query(QUESTIONS[name])
            if not as_json:
                show_answer(screen, answers[name])
                screen.print()
    if as_json:
        print_json(answers)
    else:
        _invite(folder)


def make_room(folder: Path) -> None:
    """Take away the sample libraries that an older version made here: they hold nothing of the user's.

    InputError where something stands in their place that the demonstration did not make.
    """
    from assay.store.edge_settings import FORMAT
    from assay.store.migrations import MIGRATIONS
    from assay.textual.tokens import TOKENISER_VERSION

    stamp, made_by = folder / "MADE_BY", f"assay {VERSION}; {MIGRATIONS[-1][0]}; index {FORMAT}; {TOKENISER_VERSION}\n"
    present = [folder / name for name in NAMES if (folder / name).exists()]
    if stamp.is_file() and stamp.read_text(encoding="utf-8") != made_by:
        for library in present:
            shutil.rmtree(library)
    elif present and not stamp.is_file():
        raise InputError(
            f"{present[0]} was not made by this demonstration",
            next=f"remove {folder}, or choose another place with --folder",
        )
    folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(made_by, encoding="utf-8")


def demo_config(folder: Path, name: str) -> RAGConfig:
    """The configuration of one sample library: its own store, held by this process."""
    return RAGConfig.load(domain=name, store={"path": str(folder / name), "mode": "embedded"})


def fill(system: ProductionRAGSystem, library: SampleLibrary, observer: Observer | None = None) -> list[IngestReport]:
    """Add a sample library's documents; the technical one also gets this product's pages and the standard library."""
    told: dict[Path, Mapping[str, Any]] = {
        document.path: document.metadata for document in library.documents if document.metadata
    }
    reports = [system.ingest([document.path for document in library.documents], metadata_of=told, observer=observer)]
    if library.name == "technical":
        from assay.samples.stdlib_docs import build_stdlib_docs

        pages = system.config.store.path.parent / "standard-library-pages"
        build_stdlib_docs(pages)
        reports.append(system.ingest([pages, *product_documentation()], observer=observer))
    return reports


def _warn_of_failures(reports: list[IngestReport]) -> None:
    for report in reports:
        for failure in report.failures:
            console(stderr=True).print(f"{failure.source}: {failure.reason}", markup=False)


def _invite(folder: Path) -> None:
    lines = (
        "Every quotation above was found, character for character, in its document.",
        f"Ask more:      assay ask --domain legal --store {folder / 'legal'} 'What is fair use?'",
        "Your own:      assay init && assay add FOLDER && assay ask 'your question'",
    )
    for line in lines:
        console().print(line, markup=False)
