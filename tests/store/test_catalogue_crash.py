"""Processes: killed in the middle of a write, reading beside a writer, forked with an open catalogue."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assay.store.catalogue import open_catalogue
from assay.types import OWNER
from tests.store.catalogue_kit import put, staged

HERE = Path(__file__).parent

_WRITER = """
import sys
from pathlib import Path
from tests.store.catalogue_kit import put, staged
from assay.store.catalogue import open_catalogue
catalogue = open_catalogue(Path(sys.argv[1]), create=False)
turn = int(sys.argv[2])
while True:
    turn += 1
    batch = [staged(f"d{i}", f"{turn} " * 60, pieces=6) for i in range(4)]
    versions = catalogue.stage([*batch, staged(f"only {turn}", "x y z")])
    catalogue.publish(versions)
    print(turn, flush=True)
    if turn % 3 == 0:
        catalogue.remove([f"only {turn}"])
        print(-turn, flush=True)
"""

_READER = """
import sys
from pathlib import Path
from assay.store.catalogue import open_catalogue
from assay.types import OWNER
catalogue = open_catalogue(Path(sys.argv[1]), create=False, read_only=True)
seen = 0
print("ready", flush=True)
while seen < 40:
    got = [(c.text, i) for c, i in catalogue.chunks(sorted(catalogue.point_ids()), OWNER).values()]
    texts = {text for text, _ in got}
    assert len(got) in (0, 3) and len({i.version for _, i in got}) <= 1, got
    seen += 1
print("fine")
"""


def _start(code: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True, env=environment
    )


def test_a_killed_writer_loses_nothing_acknowledged_and_leaves_nothing_half(tmp_path: Path) -> None:
    store = tmp_path / "s"
    open_catalogue(store, create=True).close()
    last = 0
    for delay in (0.004, 0.011, 0.023, 0.037, 0.052):
        with _start(_WRITER, str(store), str(last)) as writer:
            assert writer.stdout is not None
            told = [int(writer.stdout.readline())]
            time.sleep(delay)
            writer.send_signal(signal.SIGKILL)
            told += [int(line) for line in writer.stdout.read().splitlines() if line.strip("-").isdigit()]
        last = max(told)
        catalogue = open_catalogue(store, create=False)
        assert catalogue.check() == []
        texts = {catalogue.text(f"d{i}", OWNER) for i in range(4)}
        assert texts in ({f"{last} " * 60}, {f"{last + 1} " * 60})
        if texts != {f"{last} " * 60}:
            last += 1
        listed = {info.id for info in catalogue.documents(OWNER)}
        removed = {-turn for turn in told if turn < 0}
        assert not {f"only {turn}" for turn in removed} & listed
        assert {f"only {turn}" for turn in told if turn > 0 and turn % 3} <= listed
        catalogue.discard_staged()
        _outbox_leads_to_the_points(store)
        catalogue.close()


def _outbox_leads_to_the_points(store: Path) -> None:
    catalogue = open_catalogue(store, create=False)
    index: set[int] = set()
    for entry in catalogue.outbox(limit=10**6):
        index |= set(entry.upserts)
        index -= set(entry.deletes)
    assert index == catalogue.point_ids()
    catalogue.close()


def test_several_processes_read_whole_documents_while_one_writes(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path / "s", create=True)
    readers = [_start(_READER, str(tmp_path / "s")) for _ in range(2)]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
    turn = 0
    while any(reader.poll() is None for reader in readers):
        turn += 1
        put(catalogue, staged("a", f"{turn:04}" * 30, pieces=3))
    for reader in readers:
        assert reader.communicate()[0] == "fine\n"
    assert turn > 1
    catalogue.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_uses_connections_of_its_own(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path / "s", create=True)
    put(catalogue, staged("a"))
    child = os.fork()
    if child == 0:
        code = 1
        try:
            put(catalogue, staged("b"))
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    put(catalogue, staged("c"))
    assert [info.id for info in catalogue.documents(OWNER)] == ["a", "b", "c"]
    assert catalogue.check() == []
    catalogue.close()


def test_two_processes_may_make_the_same_store_at_once(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from assay.store.catalogue import open_catalogue; "
    code += "open_catalogue(Path(sys.argv[1]), create=True).set_manifest(**{sys.argv[2]: 1})"
    makers = [_start(code, str(tmp_path / "s"), f"maker{i}") for i in range(4)]
    assert [maker.wait() for maker in makers] == [0] * 4
    for maker in makers:
        maker.communicate()
    catalogue = open_catalogue(tmp_path / "s", create=False)
    assert len(catalogue.manifest()) == 4
    catalogue.close()
