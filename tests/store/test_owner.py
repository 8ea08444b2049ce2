"""The process that holds the index: who may speak to it, how it ends, and what happens when it is killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assay.errors import FilterError, OwnerLost, StoreDamaged, StoreError, StoreInUse
from assay.store.edge import EdgeIndex
from assay.store.edge_lock import ProcessLock, held
from assay.store.keeper_access import EmbeddedIndex
from assay.store.owner_client import OwnedIndex
from assay.store.owner_files import OwnerFiles, announce, runtime_folder
from assay.store.owner_link import end_owner
from assay.store.owner_protocol import PROTOCOL, ProtocolError, Unpacker, error_from_json, error_to_json, pack
from assay.types import FieldFilter, IndexQuery, Where
from tests.store.index_kit import point, query, settings

POINTS = [point(key) for key in range(1, 201)]
Open = Callable[..., OwnedIndex]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "store"
    (place / "index").mkdir(parents=True)
    yield place
    if place.exists():
        end_owner(place)


@pytest.fixture
def reach(store: Path) -> Iterator[Open]:
    """Opens clients of the store's owner and closes them."""
    made: list[OwnedIndex] = []

    def open_one(**more: object) -> OwnedIndex:
        folder = store / "index" / "gen-000001"
        made.append(OwnedIndex(store, lambda: folder, create=settings(), **more))  # type: ignore[arg-type]
        return made[-1]

    yield open_one
    for one in made:
        one.close()


def test_an_answer_through_the_socket_equals_the_answer_inside(store: Path, reach: Open, tmp_path: Path) -> None:
    inside = EdgeIndex.create(tmp_path / "inside" / "gen-000001", settings())
    inside.upsert(POINTS)
    outside = reach()
    outside.upsert(POINTS)
    asked = [query(number, access) for number in (3, 77) for access in (None, ("public",), ("nobody",), ())]
    asked.append(IndexQuery(Where(None, (FieldFilter("x", "any", ("y",)),)), None, asked[0].vector, 5))
    asked.append(IndexQuery(Where(None), asked[0].tokens, None, 5))
    assert [outside.search(one) for one in asked] == [inside.search(one) for one in asked]
    outside.delete([5, 6, 999])
    outside.flush()
    assert outside.ids() == {one.id for one in POINTS} - {5, 6}
    assert outside.differing(POINTS[:10]) == [5, 6]
    status = outside.status()
    assert status.points == 198 and status.clean and status.pid == outside.pid != os.getpid()
    inside.close()


def test_errors_come_through_the_socket_as_what_they_are(reach: Open) -> None:
    index = reach()
    with pytest.raises(FilterError, match="year"):
        index.search(IndexQuery(Where(None, (FieldFilter("year", "gte", "soon"),)), ("a",), None, 5))
    with pytest.raises(StoreError, match="no generation"):
        index.switch(Path("/etc"))
    assert index.status().points == 0


def test_many_threads_and_processes_share_one_owner(store: Path, reach: Open) -> None:
    first = reach()
    first.upsert(POINTS)
    expected = first.search(query(9))
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(first.search(query(9)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 8
    code = f"""
import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from pathlib import Path
from tests.store.index_kit import query
from assay.store.owner_client import OwnedIndex
index = OwnedIndex(Path({str(store)!r}), lambda: Path("unused"))
print(index.pid, [hit.id for hit in index.search(query(9))])
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == f"{first.pid} {[hit.id for hit in expected]}"


def test_clients_that_start_at_the_same_time_end_up_with_one_owner(reach: Open) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(reach().pid)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1


# --- strangers -------------------------------------------------------------------------------------------------------


def speak(store: Path, data: bytes) -> bytes:
    """Send raw bytes to the owner's socket; what comes back before it hangs up."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(10)
        sock.connect(json.loads((store / "owner.json").read_text())["socket"])
        sock.sendall(data)
        found = b""
        try:
            while piece := sock.recv(65536):
                found += piece
        except ConnectionResetError:
            pass
        return found


@pytest.mark.parametrize(
    "data",
    [
        pack({"op": "hello", "token": "guess", "protocol": PROTOCOL}),
        pack({"op": "ids"}),
        pack({"op": "hello", "token": "x" * 5000}),
        b"GET / HTTP/1.1\r\n\r\n",
        b"ASY1\xff\xff\xff\xff\xff\xff\xff\xff",
    ],
)
def test_a_stranger_is_hung_up_on_without_a_word(store: Path, reach: Open, data: bytes) -> None:
    index = reach()
    assert speak(store, data) == b""
    assert index.status().points == 0


def test_socket_and_secret_are_for_this_user_alone(store: Path, reach: Open) -> None:
    reach()
    place = Path(json.loads((store / "owner.json").read_text())["socket"])
    assert stat.S_IMODE((store / "owner.token").stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700 and stat.S_IMODE(place.stat().st_mode) == 0o600
    assert place.parent == runtime_folder()


def test_a_store_deep_in_the_file_system_has_a_short_socket(tmp_path: Path) -> None:
    store = tmp_path / ("d" * 120) / ("e" * 120)
    (store / "index").mkdir(parents=True)
    index = OwnedIndex(store, lambda: store / "index" / "gen-000001", create=settings())
    assert index.status().points == 0
    index.end()


def test_frames_that_make_no_sense_are_refused() -> None:
    wrong = [
        pack({"op": "x"}).replace(b'"arrays":[]', b'"arrays":3 '),
        pack({"op": "x"}).replace(b'"op":"x"', b'"op":x""'),
        pack({"op": "x"})[:4] + b"\0\0\0\2\0\0\0\0[]",
    ]
    for data in wrong:
        with pytest.raises(ProtocolError):
            list(Unpacker(trusted=True).feed(data))


def test_an_error_keeps_its_kind_and_words_on_the_way() -> None:
    error = error_from_json(error_to_json(StoreDamaged("a", why="b", next="c")))
    assert isinstance(error, StoreDamaged) and (error.what, error.why, error.next) == ("a", "b", "c")


# --- ending ----------------------------------------------------------------------------------------------------------


def gone(pid: int, seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_an_owner_that_is_told_to_end_leaves_a_sealed_index_and_no_files(store: Path, reach: Open) -> None:
    index = reach()
    index.upsert(POINTS[:30])
    index.end()
    assert gone(index.pid)
    assert [place.name for place in store.iterdir() if place.name.startswith("owner")] == ["owner.lock"]
    again = EdgeIndex.open(store / "index" / "gen-000001")
    assert len(again.ids()) == 30 and again.status().clean
    again.close()


def test_an_owner_ends_when_nobody_asks_and_is_started_again_by_the_next_request(reach: Open) -> None:
    index = reach(idle_seconds=0.5)
    index.upsert(POINTS[:10])
    former = index.pid
    assert gone(former)
    assert index.ids() == {one.id for one in POINTS[:10]}
    assert index.pid != former


def test_an_owner_seals_by_itself_after_a_quiet_moment(reach: Open) -> None:
    index = reach()
    index.upsert(POINTS[:10])
    assert index.state().dirty
    time.sleep(4)
    assert not index.state().dirty


def test_an_owner_ends_when_its_store_is_gone_and_writes_nothing_there(store: Path, reach: Open) -> None:
    index = reach()
    store.rename(store.with_name("moved"))
    assert gone(index.pid)
    assert not store.exists()


def test_an_owner_that_is_asked_by_the_system_to_end_closes_properly(store: Path, reach: Open) -> None:
    index = reach()
    index.upsert(POINTS[:10])
    os.kill(index.pid, signal.SIGTERM)
    assert gone(index.pid)
    assert (store / "index" / "gen-000001" / "seal.json").exists() and not (store / "owner-crash.txt").exists()


# --- crashing --------------------------------------------------------------------------------------------------------


def test_a_killed_owner_is_replaced_once_and_the_request_repeated(store: Path, reach: Open) -> None:
    called: list[str] = []
    index = reach(on_restart=lambda: called.append("again"))
    index.upsert(POINTS[:20])
    index.flush()
    former = index.pid
    os.kill(former, signal.SIGKILL)
    assert len(index.ids()) == 20
    assert called == ["again"] and index.pid != former
    told = (store / "owner-crash.txt").read_text()
    assert "SIGKILL" in told and str(former) in told


def test_an_owner_that_dies_of_a_fault_says_where_it_was(store: Path, reach: Open) -> None:
    index = reach()
    os.kill(index.pid, signal.SIGSEGV)
    assert index.ids() == set()
    told = (store / "owner-crash.txt").read_text()
    assert "Segmentation fault" in told and "ended at: nothing" in told


def test_an_owner_lost_twice_is_an_error_with_the_crash_report(reach: Open) -> None:
    index: OwnedIndex

    def kill_again() -> None:
        os.kill(index.pid, signal.SIGKILL)
        assert gone(index.pid)

    index = reach(on_restart=kill_again)
    os.kill(index.pid, signal.SIGKILL)
    with pytest.raises(OwnerLost, match="lost twice") as caught:
        index.ids()
    assert "SIGKILL" in str(caught.value) and "assay doctor" in str(caught.value)


def test_an_owner_that_cannot_open_its_index_tells_the_client_why(store: Path, reach: Open) -> None:
    reach().end()
    folder = store / "index" / "gen-000001"
    (folder / "edge_config.json").write_text("{}")
    with pytest.raises(StoreDamaged, match=r"edge_config\.json") as caught:
        reach()
    assert "assay doctor --repair" in caught.value.next
    assert not held(store / "owner.lock")


# --- who holds the index ---------------------------------------------------------------------------------------------


def test_a_process_that_holds_the_index_in_itself_is_named(store: Path, reach: Open) -> None:
    reach().end()
    inside = EmbeddedIndex.held(store, store / "index" / "gen-000001")
    with pytest.raises(StoreInUse, match=f"process {os.getpid()}"):
        reach()
    inside.close()
    assert reach().status().points == 0


def test_an_owner_of_another_version_is_named(store: Path, reach: Open) -> None:
    lock = ProcessLock(OwnerFiles(store).lock, "the store")
    announce(OwnerFiles(store), {"socket": "/nowhere", "pid": 4711, "instance": "x", "protocol": PROTOCOL + 1})
    with pytest.raises(StoreInUse, match="4711 of another version"):
        reach()
    lock.release()


def test_an_owner_serves_another_generation_when_told(store: Path, reach: Open) -> None:
    index = reach()
    index.upsert(POINTS[:10])
    second = EdgeIndex.create(store / "index" / "gen-000002", settings().changed(generation=2))
    second.upsert(POINTS[:40])
    second.close()
    other = reach()
    index.switch(store / "index" / "gen-000002")
    assert len(index.ids()) == 40 and index.settings.generation == 2
    # A client that still thinks of the former generation learns of the new one before it writes.
    other.upsert(POINTS[40:50])
    assert other.settings.generation == 2 and len(index.ids()) == 50
