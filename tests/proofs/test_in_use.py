"""One store, several processes at once: they share its owner, or the one that cannot is told who is in its way."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

from tests.proofs.kit import LEASE, RENT, RENT_IS, Terminal, finished, flat, owner_pid, prose, talking
from tests.proofs.replacing import HEAD, NAMES, SENTENCES

SECONDS = 4.0


def test_two_processes_that_add_at_once_both_succeed(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    for side in ("left", "right"):
        for number in range(20):
            terminal.write(
                f"{side}/{side}{number}.txt", f"The warden of {side}{number} is Ondine.\n" + prose(number, 30)
            )
    running = [terminal.start("add", side) for side in ("left", "right")]
    for done in map(finished, running):
        assert done.returncode == 0 and "20 added" in flat(done.stdout), done.stdout + done.stderr
    listed, seen = terminal.all_run(["list", "--json"], ["doctor"])
    titles = {item["title"] for item in json.loads(listed)}
    assert titles == {f"{side}{number}" for side in ("left", "right") for number in range(20)}
    assert seen.endswith(" healthy")
    terminal.end_owner()


def test_a_store_that_another_process_holds_in_itself_is_refused_naming_that_process(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.write("lease.md", LEASE)
    held = Terminal(tmp_path, assay_store_mode="embedded")
    with talking(held.program("-m", "tests.proofs.holding", "lease.md")) as holder:
        for message in terminal.all_refused(["ask", RENT], ["add", "lease.md"], ["doctor", "--repair"]).values():
            assert f"is in use by process {holder.pid}" in message
        assert f"is in use by process {holder.pid}" in held.refused("ask", RENT)
    assert RENT_IS in terminal.run("ask", RENT)
    # An owner runs now; whoever wants the index in itself is served by that owner instead.
    assert owner_pid(terminal.store)
    assert RENT_IS in held.run("ask", RENT)
    terminal.end_owner()


def test_a_question_during_replacement_sees_the_old_document_or_the_new_one_and_never_half(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    seen: dict[str, set[str]] = {name: set() for name in NAMES}
    asked = answered = 0
    with (
        talking(terminal.program("-m", "tests.proofs.replacing")),
        terminal.system() as system,
    ):
        until, limit = time.monotonic() + SECONDS, time.monotonic() + 60
        while time.monotonic() < until or (min(map(len, seen.values())) < 2 and time.monotonic() < limit):
            name = NAMES[asked % len(NAMES)]
            found = system.search(f"{HEAD} {name}", k=3 * SENTENCES)
            result = system.process_query(f"Which number does sentence 3 of {name} say?")
            served = [(passage.document.id, passage.chunk.text) for passage in found.passages]
            cited = [(citation.document_id, citation.quote) for claim in result.claims for citation in claim.citations]
            for shown in (served, cited):
                for document, numbers in numbers_in(shown).items():
                    assert len(numbers) == 1, f"two versions of {document} at once: {numbers}"
                    seen[document] |= numbers
            for document in {document for document, _ in served}:
                text = "".join(part for of, part in served if of == document)
                assert all(f"Sentence {place} of {document}" in text for place in range(SENTENCES)), (
                    f"half of {document}"
                )
            assert result.status in ("success", "insufficient_evidence", "no_results"), result.message
            asked += 1
            answered += result.status == "success"
    assert answered >= asked / 2 and all(len(numbers) > 1 for numbers in seen.values()), (asked, answered, seen)
    terminal.end_owner()


def numbers_in(shown: list[tuple[str, str]]) -> dict[str, set[str]]:
    """The numbers that the shown texts of each document carry: one number is one version."""
    found: dict[str, set[str]] = {}
    for document, text in shown:
        numbers = set(re.findall(r"n(\d+)n", text))
        assert numbers, text
        found.setdefault(document, set()).update(numbers)
    return found
