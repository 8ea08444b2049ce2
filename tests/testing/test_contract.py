"""Running a contract without pytest: what is reported, what is cleaned up, and the contract of a clock."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from assay.errors import InputError
from assay.ports import Clock
from assay.store.records import SystemClock as StoreClock
from assay.system.clock import SystemClock
from assay.testing import ClockContract, Contract, StandingClock, contract_tests, failures_of, prove


class Sample(Contract):
    seen: list[Path] = []

    def test_holds(self) -> None:
        assert True

    def test_fails(self) -> None:
        raise AssertionError("arithmetic is off\nassert 2 == 3")

    def test_raises(self) -> None:
        raise KeyError("nothing there")

    def test_leaves_a_folder(self) -> None:
        (self.folder / "file").write_text("x")
        self.seen.append(self.folder)


def test_every_failure_is_told_with_its_test_and_its_reason() -> None:
    assert failures_of(Sample) == ["test_fails: arithmetic is off", "test_raises: KeyError: 'nothing there'"]


def test_prove_raises_an_assertion_error_that_lists_the_failures() -> None:
    with pytest.raises(AssertionError, match=r"Sample does not hold:\ntest_fails: arithmetic is off\ntest_raises"):
        prove(Sample)


def test_what_a_test_made_is_removed() -> None:
    failures_of(Sample, only="leaves")
    assert Sample.seen and not Sample.seen[-1].exists()


def test_a_defect_in_closing_is_a_failure() -> None:
    class Stuck:
        def close(self) -> None:
            raise OSError("stuck")

    class Closing(Contract):
        def test_opens(self) -> None:
            self.opened(Stuck())

    assert failures_of(Closing) == ["test_opens: while cleaning up: OSError: stuck"]


def test_tests_of_a_subclass_come_after_inherited_ones_and_can_be_switched_off() -> None:
    class Narrower(Sample):
        test_raises = None  # type: ignore[assignment]

        def test_more(self) -> None:
            assert True

    assert contract_tests(Narrower) == ["test_holds", "test_fails", "test_leaves_a_folder", "test_more"]


def test_a_name_that_fits_no_test_is_an_error() -> None:
    with pytest.raises(InputError, match="no test 'nothing'"):
        failures_of(Sample, only="nothing")


class TestSystemClock(ClockContract):
    def make_clock(self) -> Clock:
        return SystemClock()


class TestStoreClock(ClockContract):
    def make_clock(self) -> Clock:
        return StoreClock()


class TestStandingClock(ClockContract):
    def make_clock(self) -> Clock:
        return StandingClock()


class LocalTime(StandingClock):
    def now(self) -> datetime:
        return super().now().replace(tzinfo=None)


class Backwards(StandingClock):
    def now(self) -> datetime:
        self.advance(-1)
        return super().now()


class Text(StandingClock):
    def now(self) -> datetime:
        return super().now().isoformat()  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("defect", "found_by"),
    [
        (LocalTime, "test_moments_carry_a_time_zone"),
        (Text, "test_moments_carry_a_time_zone"),
        (Backwards, "test_time_does_not_run_backwards"),
    ],
)
def test_a_broken_clock_fails(defect: type[StandingClock], found_by: str) -> None:
    class Broken(ClockContract):
        def make_clock(self) -> Clock:
            return defect()

    assert [failure.partition(":")[0] for failure in failures_of(Broken, only=found_by)] == [found_by]


def test_importing_the_contracts_imports_neither_pytest_nor_a_model() -> None:
    heavy = ("pytest", "openvino", "onnxruntime", "qdrant_edge", "tokenizers", "lxml", "httpx", "pydantic_ai")
    code = f"import sys, assay.testing; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_without_asserts_a_contract_refuses_to_run() -> None:
    code = "from assay.testing import ClockContract, failures_of; failures_of(ClockContract)"
    ran = subprocess.run([sys.executable, "-O", "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "contracts cannot run under python -O" in ran.stderr
