"""Keys: named, never shown; addresses: plain places only."""

from __future__ import annotations

import pickle

import pytest

from assay.errors import ConfigError
from assay.models.secrets import SecretFromEnvironment, check_address, is_loopback
from tests.models.model_kit import SECRET


def test_a_key_is_revealed_only_when_asked_and_never_by_repr_or_pickle() -> None:
    secret = SecretFromEnvironment("A_KEY", {"A_KEY": SECRET})
    assert secret.reveal() == SECRET
    assert SECRET not in repr(secret)
    assert SECRET.encode() not in pickle.dumps(secret)
    assert secret.hide(f"the key {SECRET} is wrong") == "the key [hidden] is wrong"


def test_an_unset_variable_is_named() -> None:
    with pytest.raises(ConfigError, match="A_KEY"):
        SecretFromEnvironment("A_KEY", {}).reveal()
    assert SecretFromEnvironment("", {}).reveal() == ""


def test_a_key_in_place_of_a_name_is_refused_without_being_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        SecretFromEnvironment(SECRET)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        SecretFromEnvironment("A_KEY", {"A_KEY": key}).reveal()
    assert key not in str(caught.value)


@pytest.mark.parametrize("url", ["", "host/v1", "ftp://host/v1", "http://", "file:///etc/passwd"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="http"):
        check_address(url)


@pytest.mark.parametrize("url", [f"http://me:{SECRET}@host/v1", f"https://host/v1?key={SECRET}"])
def test_an_address_with_a_secret_in_it_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_address(url)
    assert SECRET not in str(caught.value)


def test_loopback_is_recognised() -> None:
    assert all(map(is_loopback, ["http://127.0.0.1:1/v1", "http://localhost/v1", "http://[::1]:8/v1"]))
    assert not is_loopback("http://example.org/v1")
