"""The off-topic floor: what is usual in a library decides, and nothing that the caller may not read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assay.retrieve.floor import Floor, best_coverage, on_topic, probe_vectors, probes, shipped_floors
from assay.types import IndexPoint, Matrix, Vector, Where
from tests.testing.memory_catalogue import MemoryCatalogue
from tests.testing.memory_index import MemoryIndex

FAMILY = "all-MiniLM-L6-v2"
EVERYTHING = Where(access=None)


def _probe_vectors() -> np.ndarray:
    stored = probe_vectors(FAMILY)
    assert stored is not None
    return np.asarray(stored)


def _near(share: float) -> list[Vector]:
    """One vector a probe, at about this cosine to it."""
    random = np.random.default_rng(1)
    found = []
    for probe in _probe_vectors():
        other = random.normal(size=len(probe))
        other -= other @ probe * probe
        found.append((share * probe + np.sqrt(1 - share**2) * other / np.linalg.norm(other)).astype(np.float32))
    return found


def _floor(folder: Path, vectors: list[Vector], *, access: tuple[str, ...] = (), fingerprint: str = FAMILY) -> Floor:
    index = MemoryIndex(folder)
    index.upsert([IndexPoint(i, f"d{i}", "chunk", v, ("word",), access) for i, v in enumerate(vectors, 1)])
    return Floor(f"{fingerprint};x", 0.0, lambda text: vectors[0], MemoryCatalogue(folder), index)


def test_the_same_nearness_is_on_topic_where_little_is_near_and_off_topic_where_everything_is(tmp_path: Path) -> None:
    sparse, dense = _floor(tmp_path / "a", _near(0.1)), _floor(tmp_path / "b", _near(0.5))
    assert sparse.admits("how do turbines work", 0.45, [], EVERYTHING)[0]
    assert not dense.admits("how do turbines work", 0.45, [], EVERYTHING)[0]


def test_words_that_a_passage_shares_count_for_a_question(tmp_path: Path) -> None:
    floor = _floor(tmp_path, _near(0.3))
    question = "blade pitch of offshore turbines in storms"
    assert not floor.admits(question, 0.42, ["an opera in three acts"], EVERYTHING)[0]
    assert floor.admits(question, 0.42, ["the blade pitch of offshore machines"], EVERYTHING)[0]


def test_a_look_up_whose_words_stand_in_one_passage_passes_however_far_it_lies(tmp_path: Path) -> None:
    floor = _floor(tmp_path, _near(0.4))
    good, reason = floor.admits("zlib.adler32 starting value", 0.1, ["zlib.adler32: the starting value"], EVERYTHING)
    assert good
    assert "words stand in one passage" in reason


def test_documents_that_the_caller_may_not_read_do_not_move_the_floor(tmp_path: Path) -> None:
    floor = _floor(tmp_path, _near(0.5), access=("group:secret",))
    question, outsider = "how do turbines work", Where(access=("user:ann",))
    assert floor.admits(question, 0.3, [], outsider)[0]
    assert not floor.admits(question, 0.3, [], Where(access=("group:secret",)))[0]


def test_a_configured_floor_is_a_plain_least_cosine(tmp_path: Path) -> None:
    index = MemoryIndex(tmp_path)
    floor = Floor(f"{FAMILY};x", 0.3, lambda text: _near(0.1)[0], MemoryCatalogue(tmp_path), index)
    assert floor.admits("tides of the moon", 0.31, [], EVERYTHING)[0]
    assert not floor.admits("tides of the moon", 0.29, [], EVERYTHING)[0]


def test_an_embedder_that_nobody_measured_has_no_floor(tmp_path: Path) -> None:
    floor = _floor(tmp_path, _near(0.5), fingerprint="no-such-model")
    assert floor.admits("anything at all", 0.0, [], EVERYTHING)[0]


def test_the_plain_rule_lets_exact_words_pass() -> None:
    assert on_topic("tides of the moon", 0.6, 0.3, [])[0]
    assert not on_topic("best pizza in Rome", 0.1, 0.3, ["Fair use is a defence."])[0]
    assert on_topic("zlib.adler32 value", 0.2, 0.3, ["zlib.adler32(data, value): the value of ..."])[0]


def test_coverage_is_of_one_passage_and_not_of_several_together() -> None:
    assert best_coverage("red kite", ["red kite"]) == pytest.approx(1.0)
    assert best_coverage("red kite", ["red fox", "paper kite"]) == pytest.approx(0.5)
    assert best_coverage("", ["red"]) == 0.0


def test_every_shipped_floor_comes_with_vectors_of_its_probes() -> None:
    for family in shipped_floors():
        stored = probe_vectors(family)
        assert stored is not None
        assert len(stored) == len(probes())
        assert np.allclose(np.linalg.norm(stored, axis=1), 1.0, atol=0.01)


def test_a_question_that_reaches_the_level_of_the_whole_library_needs_no_probes_of_the_caller_s_part(
    tmp_path: Path,
) -> None:
    index = CountingIndex(tmp_path)
    vectors = _near(0.2)
    index.upsert([IndexPoint(i, f"d{i}", "chunk", v, ("word",), ("public",)) for i, v in enumerate(vectors, 1)])
    floor = Floor(f"{FAMILY};x", 0.0, lambda text: vectors[0], MemoryCatalogue(tmp_path), index)
    assert floor.admits("how do turbines work", 0.55, [], Where(access=("user:ann", "public")))[0]
    asked = index.searches
    for name in ("bea", "cem", "dan"):
        assert floor.admits("how do turbines work", 0.55, [], Where(access=(f"user:{name}", "public")))[0]
    assert asked == index.searches == len(probes())


class CountingIndex(MemoryIndex):
    """Counts what it is asked."""

    searches = 0

    def nearest(self, where: Where, vectors: Matrix) -> list[float]:
        self.searches += len(vectors)
        return super().nearest(where, vectors)


def test_a_warmed_floor_has_asked_for_the_level_of_the_whole_library(tmp_path: Path) -> None:
    index = CountingIndex(tmp_path)
    vectors = _near(0.2)
    index.upsert([IndexPoint(i, f"d{i}", "chunk", v, ("word",), ("public",)) for i, v in enumerate(vectors, 1)])
    floor = Floor(f"{FAMILY};x", 0.0, lambda text: vectors[0], MemoryCatalogue(tmp_path), index)
    floor.warm()
    assert index.searches == len(probes())
    assert floor.admits("how do turbines work", 0.55, [], Where(None))[0]
    assert index.searches == len(probes())
