"""With the network cut off, and with every socket watched: asking and adding need no network, with the local model."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.models.model_kit import needs_local_model
from tests.proofs.guarded import FORBIDDEN, KILLED, SYSTEMS
from tests.proofs.kit import LEASE, RENT, RENT_IS, Terminal, finished, flat, without_network

pytestmark = [needs_local_model, pytest.mark.skipif(sys.platform != "linux", reason="the guards are Linux's")]
TIDE = "The tide at Fundy rises sixteen metres.\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A library with one document, built with the local model while there was a network."""
    terminal = Terminal(tmp_path_factory.mktemp("network"), embedder="local")
    terminal.write("lease.md", LEASE)
    terminal.run("add", "lease.md")
    yield terminal
    terminal.end_owner()


def test_without_any_network_questions_are_answered_and_documents_added(built: Terminal) -> None:
    cut_off = Terminal(built.folder, embedder="local", prefix=without_network())
    # The owner of a while ago still has the network; the one that is started inside has none.
    built.end_owner()
    reached = finished(
        cut_off.program("-c", "import socket; socket.create_connection(('127.0.0.1', 9), 1)"), any_end=True
    )
    assert "Network is unreachable" in reached.stderr
    assert RENT_IS in cut_off.run("ask", RENT)
    cut_off.write("tides.txt", TIDE)
    assert "1 added" in cut_off.run("add", "tides.txt")
    assert "sixteen metres" in cut_off.run("ask", "How high does the tide at Fundy rise?")


def guarded(terminal: Terminal, mode: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return finished(terminal.program("-m", "tests.proofs.guarded", mode, *arguments))


def test_an_answering_process_opens_no_socket_but_unix_ones(built: Terminal) -> None:
    assert guarded(built, "python", "probe").returncode == FORBIDDEN
    done = guarded(built, "python", "ask", RENT, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "success"
    # The index owner is reached by a unix socket: the hook was in place and saw it.
    assert set(done.stderr.splitlines()) == {"opened: AF_UNIX"}


@pytest.mark.skipif(platform.machine() not in SYSTEMS, reason="the filter is written for x86-64 and arm64")
def test_the_kernel_sees_no_other_socket_either_in_any_process_of_an_answer_or_an_addition(built: Terminal) -> None:
    built.end_owner()
    assert guarded(built, "system", "probe").returncode == KILLED
    built.write("moon.txt", "The moon of Zarmina is green.\n")
    added = guarded(built, "system", "add", "moon.txt")
    assert added.returncode == 0 and "1 added" in flat(added.stdout), added.stdout + added.stderr
    asked = guarded(built, "system", "ask", "What colour is the moon of Zarmina?")
    assert asked.returncode == 0 and "is green" in flat(asked.stdout), asked.stdout + asked.stderr
