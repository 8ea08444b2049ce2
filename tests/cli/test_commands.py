"""The command line as a person or a script uses it: real processes, real exit codes, plain text when piped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEASE = "# Lease\n\nThe tenant shall pay rent of 4,200 euros on the first day of each month.\n"


class Shell:
    """Runs `assay` in a folder of its own, with the deterministic embedder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "COLUMNS": "80",
            "ASSAY_MODELS_EMBEDDER": "hashing",
            "ASSAY_STORE_IDLE_SECONDS": "5",
        }

    def run(self, *arguments: str, code: int = 0, stdin: str = "") -> str:
        """Standard output of `assay arguments`; the exit code must be `code`."""
        done = self.attempt(*arguments, stdin=stdin)
        assert done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout

    def attempt(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "assay", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, input=stdin, capture_output=True, text=True, timeout=120
        )


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    made = Shell(tmp_path_factory.mktemp("cli"))
    made.run("init")
    (made.folder / "lease.md").write_text(LEASE, encoding="utf-8")
    made.run("add", "lease.md")
    yield made


def test_a_question_is_answered_with_citation_verdict_and_timing(shell: Shell) -> None:
    shown = shell.run("ask", "How much rent shall the tenant pay?")
    assert "The tenant shall pay rent of 4,200 euros" in " ".join(shown.split())
    assert "[1]" in shown and "supported 1.00" in shown and "threshold 0.75" in shown and "lease.md" in shown
    assert "\x1b[" not in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_json_output_is_one_document_with_the_whole_result(shell: Shell) -> None:
    body = json.loads(shell.run("ask", "How much rent shall the tenant pay?", "--json"))
    assert body["status"] == "success"
    citation = body["claims"][0]["citations"][0]
    assert LEASE[citation["start"] : citation["end"]] == citation["quote"]


def test_a_question_may_come_from_standard_input(shell: Shell) -> None:
    assert "4,200" in shell.run("ask", "-", stdin="How much rent shall the tenant pay?\n")


def test_a_refusal_is_an_honest_outcome_unless_strict(shell: Shell) -> None:
    question = "Who won the chess olympiad of 1972 in Skopje?"
    assert "Nearest in the library" in shell.run("ask", question)
    shell.run("ask", question, "--strict", code=2)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("ask", ""), 1, "the question is empty"),
        (("ask", "rent?", "-k", "0"), 1, "k cannot be 0"),
        (("ask", "rent?", "--threshold", "7"), 1, "score_threshold cannot be 7"),
        (("ask", "rent?", "--filter", "colour=red"), 1, "no document here has a field 'colour'"),
        (("search", "rent", "--filter", "nonsense"), 1, "is not a filter"),
        (("add",), 1, "nothing to add"),
        (("show", "nope"), 1, "no document 'nope'"),
        (("remove", "nope", "--yes"), 1, "no document matches"),
        (("init",), 1, "is there already"),
        (("restore", "nope.tar"), 1, "nope.tar"),
        (("ask",), 2, "Missing argument"),
        (("frobnicate",), 2, "No such command"),
    ],
)
def test_what_cannot_be_done_ends_with_a_message_and_the_right_exit_code(
    shell: Shell, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = shell.attempt(*arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_an_error_is_json_too_where_json_was_asked_for(shell: Shell) -> None:
    body = json.loads(shell.run("show", "nope", "--json", code=1))
    assert (body["status"], body["error"]) == ("error", "not_found")


def test_adding_reports_bad_files_and_exits_with_one_but_goes_on(shell: Shell) -> None:
    (shell.folder / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    (shell.folder / "tides.txt").write_text("The tide at Fundy rises sixteen metres.\n", encoding="utf-8")
    shown = shell.run("add", "bad.pdf", "tides.txt", code=1)
    assert "1 added" in shown and "1 failed" in shown and "not a readable PDF" in " ".join(shown.split())
    assert "bad.pdf" in shell.run("list", "--failed")
    assert "sixteen metres" in " ".join(shell.run("ask", "How high does the tide at Fundy rise?").split())


def test_list_show_and_remove_go_together(shell: Shell) -> None:
    (shell.folder / "gone.txt").write_text("The moon of Zarmina is green.\n", encoding="utf-8")
    shell.run("add", "gone.txt")
    (info,) = json.loads(shell.run("list", "*gone.txt", "--json"))
    assert "moon of Zarmina" in shell.run("show", info["id"])
    (receipt,) = json.loads(shell.run("remove", info["id"], "--erase", "--yes", "--json"))
    assert receipt["compacted"] and receipt["probes"]
    assert "Zarmina" not in shell.run("list")


def test_doctor_finds_a_healthy_store_and_exits_with_zero(shell: Shell) -> None:
    assert shell.run("doctor").splitlines()[-1] == "healthy"


def test_a_damaged_index_is_named_with_the_command_that_repairs_it_and_then_repaired(tmp_path: Path) -> None:
    other = Shell(tmp_path)
    other.environment["ASSAY_STORE_MODE"] = "embedded"
    other.run("init")
    (tmp_path / "lease.md").write_text(LEASE, encoding="utf-8")
    other.run("add", "lease.md")
    before = json.loads(other.run("ask", "How much rent shall the tenant pay?", "--json"))["answer"]
    matrix = max(
        (p for p in (tmp_path / ".assay").rglob("*") if p.is_file() and "gen-" in str(p)),
        key=lambda p: p.stat().st_size,
    )
    matrix.write_bytes(matrix.read_bytes()[: matrix.stat().st_size // 2])
    broken = other.attempt("ask", "How much rent shall the tenant pay?")
    assert broken.returncode == 1 and "assay doctor --repair" in broken.stderr
    other.run("doctor", code=2)
    other.run("doctor", "--repair")
    assert json.loads(other.run("ask", "How much rent shall the tenant pay?", "--json"))["answer"] == before


def test_backup_and_restore_give_the_same_answer_elsewhere(shell: Shell) -> None:
    shell.run("backup", "library.tar")
    shell.run("restore", "library.tar", "--store", "restored")
    question = ("ask", "How much rent shall the tenant pay?", "--json")
    here, there = (json.loads(shell.run(*question, *store)) for store in ((), ("--store", "restored")))
    assert here["answer"] == there["answer"]
    assert shell.attempt("restore", "library.tar", "--store", "restored").returncode == 1


def test_search_explains_every_score(shell: Shell) -> None:
    shown = shell.run("search", "rent of the tenant", "--explain")
    assert "bm25" in shown and "cosine" in shown
    found = json.loads(shell.run("search", "rent of the tenant", "--json"))
    for passage in found["passages"]:
        assert passage["score"] == pytest.approx(sum(s["contribution"] for s in passage["signals"]))


def test_chat_completes_a_follow_up_and_shows_what_it_asked(shell: Shell) -> None:
    said = "How much rent shall the tenant pay?\nand on which day?\n\n"
    lines = [json.loads(line) for line in shell.run("chat", "--json", stdin=said).splitlines()]
    assert [line["said"] for line in lines] == said.split("\n")[:2]
    assert lines[0]["asked"] == lines[0]["said"]
    assert "rent" in lines[1]["asked"]


def test_config_explain_says_value_origin_and_reason(shell: Shell) -> None:
    lines = {line["name"]: line for line in json.loads(shell.run("config", "explain", "--json"))}
    assert lines["models.embedder"]["value"] == "hashing" and lines["models.embedder"]["origin"] == "environment"
    assert lines["store.path"]["origin"].startswith("file")


def test_migrate_has_nothing_to_do_on_a_new_store(shell: Shell) -> None:
    assert "up to date" in shell.run("migrate")


def test_eval_prints_metrics_with_intervals(shell: Shell) -> None:
    rows = [{"id": f"d{n}", "title": f"T{n}", "text": f"Topic{n} is about word{n} and nothing else."} for n in range(5)]
    asked = [{"id": f"q{n}", "text": f"what is word{n}"} for n in range(5)]
    for name, records in (("corpus", rows), ("queries", asked)):
        (shell.folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    qrels = "query-id\tdoc-id\tstart\tend\tgrade\n" + "".join(f"q{n}\td{n}\t0\t8\t1\n" for n in range(4))
    (shell.folder / "qrels.tsv").write_text(qrels + "q4\tmissing\t\t\t1\n", encoding="utf-8")
    names = ("--corpus", "corpus.jsonl", "--queries", "queries.jsonl", "--qrels", "qrels.tsv")
    body = json.loads(shell.run("eval", "retrieval", *names, "--json"))
    assert (body["questions"], body["missing"], body["documents"]) == (4, 1, 5)
    assert body["metrics"]["ndcg@10"]["mean"] == 1.0
    assert {"low", "high", "n"} <= set(body["metrics"]["hit@1"])
    assert body["metrics"]["char_r@1"]["mean"] == 1.0


def test_every_command_has_help_with_an_example(shell: Shell) -> None:
    from assay.cli import command

    for name, item in command().commands.items():
        leaves = getattr(item, "commands", {name: item})
        assert all("assay " in (leaf.help or "") and "Example" in (leaf.help or "") for leaf in leaves.values()), name
