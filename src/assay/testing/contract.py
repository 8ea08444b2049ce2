"""What all contracts share: a test's own folder, closing what was opened, and running a contract without pytest.

A contract is a plain class with `test_` methods and plain asserts. A user inherits it, overrides the `make_...` method,
and lets pytest collect the subclass (its name begins with Test) or hands it to `failures_of` or `prove`.

It is not a test framework: no parameters, no fixtures, no parallel runs. It needs nothing but the standard library.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from assay.errors import InputError


class Closable(Protocol):
    """Anything with a `close`."""

    def close(self) -> None:
        """Let go."""
        ...


C = TypeVar("C", bound=Closable)


class Contract:
    """The base of every contract. Each test runs on an instance of its own, as pytest and `failures_of` do it."""

    _cleanup: ExitStack | None = None
    _folder: Path | None = None

    @property
    def folder(self) -> Path:
        """An empty folder of this test's own, the same throughout the test, removed afterwards."""
        if self._folder is None:
            self._folder = self.other_folder()
        return self._folder

    def other_folder(self) -> Path:
        """One more empty folder, removed after the test."""
        made = Path(tempfile.mkdtemp(prefix="assay-contract-"))
        self._stack().callback(shutil.rmtree, made, ignore_errors=True)
        return made

    def opened(self, thing: C) -> C:
        """`thing`, which is closed after the test (also where the test closes it itself)."""
        self._stack().callback(thing.close)
        return thing

    def teardown_method(self, method: object = None) -> None:
        """Close and remove what the test made. pytest calls it; an override must call this one too."""
        if self._cleanup is not None:
            self._cleanup.close()

    @classmethod
    def teardown_class(cls) -> None:
        """Let go of what the tests of this class share. pytest calls it once, after the last test."""

    def _stack(self) -> ExitStack:
        if self._cleanup is None:
            self._cleanup = ExitStack()
        return self._cleanup


def contract_tests(contract: type[Contract]) -> list[str]:
    """The names of a contract's tests, in the order in which they are written, inherited ones first."""
    names: dict[str, None] = {}
    for part in reversed(contract.__mro__):
        names.update(dict.fromkeys(name for name, value in vars(part).items() if _is_test(name, value)))
    return [name for name in names if callable(getattr(contract, name, None))]


def failures_of(contract: type[Contract], *, only: str = "") -> list[str]:
    """What a contract has to say against the adapter that `contract` makes: "test_name: why", empty where it holds.

    Each test runs on a fresh instance. An AssertionError is told by its message, any other exception by its type as
    well. `only` runs just the tests whose name contains it. Raises InputError under `python -O`, which removes asserts.
    """
    if not __debug__:
        raise InputError("contracts cannot run under python -O", why="it removes asserts", next="run without -O")
    names = [name for name in contract_tests(contract) if only in name]
    if not names:
        raise InputError(f"{contract.__name__} has no test {only!r}", next=f"choose from {contract_tests(contract)}")
    found = [f"{name}: {why}" for name in names for why in _run(contract, name)]
    why = _failure(contract.teardown_class)
    return [*found, f"teardown_class: {why}"] if why else found


def prove(contract: type[Contract]) -> None:
    """Raises AssertionError with every failure of `contract`, one a line; returns where it holds."""
    failures = failures_of(contract)
    assert not failures, "\n".join((f"{contract.__name__} does not hold:", *failures))


@contextmanager
def bounded(seconds: float, what: str) -> Iterator[None]:
    """Raises AssertionError where the block takes more than `seconds` of this thread's processor time."""
    before = time.thread_time()
    yield
    taken = time.thread_time() - before
    assert taken <= seconds, f"{what} took {taken:.1f} s of processor time; at most {seconds:.1f} s is allowed"


def _run(contract: type[Contract], name: str) -> Iterator[str]:
    instance = contract()
    steps: list[tuple[str, Callable[[], object]]] = [
        ("", getattr(instance, name)),
        ("while cleaning up: ", instance.teardown_method),
    ]
    setup = getattr(instance, "setup_method", None)
    if setup is not None:
        steps.insert(0, ("in setup_method: ", setup))
    for prefix, step in steps:
        why = _failure(step)
        if why:
            yield prefix + why


def _failure(step: Callable[[], object]) -> str:
    try:
        step()
    except AssertionError as error:
        # pytest adds the values to the message of an assert in a module that it rewrites; the first line says it all.
        return str(error).partition("\n")[0] or "an assertion without a message failed"
    except Exception as error:  # noqa: BLE001  Foreign code runs here: whatever it raises is the finding.
        return f"{type(error).__name__}: {error}"
    return ""


def _is_test(name: str, value: object) -> bool:
    return name.startswith("test_") and callable(value)
