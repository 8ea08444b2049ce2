"""The remote embedder over real HTTP: right vectors, bounded patience, clear errors, and no secret anywhere."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Iterator

import numpy as np
import pytest

from assay.errors import AssayError, ConfigError, ModelProtocolError, ModelTimeout, ModelUnavailable
from assay.models.fake import FakeLanguageModel
from assay.models.hashing import HashingEmbedder
from assay.models.opening import open_embedder
from assay.models.remote import RemoteEmbedder
from assay.models.retry import Backoff
from assay.testing.embedder import EmbedderContract
from tests.models.model_kit import SECRET


@pytest.fixture
def fake() -> Iterator[FakeLanguageModel]:
    with FakeLanguageModel(dimensions=64) as server:
        yield server


def remote(fake: FakeLanguageModel, model: str = "fake", **options: object) -> RemoteEmbedder:
    given = {"timeout": 2.0, "backoff": Backoff(2, first=0.01), **options}
    return RemoteEmbedder(fake.base_url, model, 64, **given)  # type: ignore[arg-type]


class TestTheContract(EmbedderContract):
    server: FakeLanguageModel

    @classmethod
    def setup_class(cls) -> None:
        cls.server = FakeLanguageModel(dimensions=64).start()

    @classmethod
    def teardown_class(cls) -> None:
        super().teardown_class()
        cls.server.close()

    def make_embedder(self) -> RemoteEmbedder:
        return remote(self.server)


def test_vectors_come_in_the_order_of_the_texts_however_they_are_batched(fake: FakeLanguageModel) -> None:
    texts = [f"text number {number}" for number in range(25)]
    embedder = remote(fake, batch=4)
    assert np.allclose(embedder.embed(texts), HashingEmbedder(64).embed(texts), atol=1e-6)
    assert len(fake.requests) == 7
    embedder.close()


def test_failures_that_pass_are_retried(fake: FakeLanguageModel) -> None:
    fake.fail_next(500, 0)
    embedder = remote(fake)
    assert embedder.embed(["text"]).shape == (1, 64)
    embedder.close()


def test_retry_after_is_obeyed() -> None:
    waits: list[float] = []
    with FakeLanguageModel(dimensions=64, failures=(429,), retry_after=1.5) as fake:
        embedder = remote(fake, sleep=waits.append)
        embedder.embed(["text"])
        embedder.close()
    assert waits == [1.5]


def test_tries_are_bounded(fake: FakeLanguageModel) -> None:
    embedder = remote(fake, "fake+fail-503")
    with pytest.raises(ModelUnavailable, match="503"):
        embedder.embed(["text"])
    assert len(fake.requests) == 3
    embedder.close()


def test_a_refused_key_is_not_tried_again() -> None:
    with FakeLanguageModel(dimensions=64, api_key=SECRET) as fake:
        embedder = remote(fake)
        with pytest.raises(ModelUnavailable, match="401"):
            embedder.embed(["text"])
        embedder.close()


@pytest.mark.parametrize("behaviour", ["garbage", "html", "empty"])
def test_an_answer_that_is_not_what_the_protocol_promises_is_refused(fake: FakeLanguageModel, behaviour: str) -> None:
    embedder = remote(fake, f"fake+{behaviour}")
    with pytest.raises(ModelProtocolError):
        embedder.embed(["text"])
    embedder.close()


def test_a_server_that_stalls_is_given_up_in_time(fake: FakeLanguageModel) -> None:
    embedder = remote(fake, "fake+stall", timeout=0.5)
    begin = time.monotonic()
    with pytest.raises(ModelTimeout):
        embedder.embed(["text"])
    assert time.monotonic() - begin < 2
    embedder.close()


def test_an_answer_that_breaks_off_ends_as_an_error_after_retries(fake: FakeLanguageModel) -> None:
    embedder = remote(fake, "fake+break_off")
    with pytest.raises(ModelUnavailable):
        embedder.embed(["text"])
    assert len(fake.requests) == 3
    embedder.close()


def test_a_server_that_is_not_there_is_named() -> None:
    embedder = RemoteEmbedder("http://127.0.0.1:9/v1", "m", 64, backoff=Backoff(0))
    with pytest.raises(ModelUnavailable, match=r"127\.0\.0\.1:9"):
        embedder.embed(["text"])
    embedder.close()


def test_vectors_of_another_length_are_refused_with_the_setting_to_change(fake: FakeLanguageModel) -> None:
    embedder = RemoteEmbedder(fake.base_url, "fake", 128)
    with pytest.raises(ModelProtocolError, match="embedder_dimensions = 64"):
        embedder.embed(["text"])
    embedder.close()
    shortened = RemoteEmbedder(fake.base_url, "fake", 128, send_dimensions=True)
    assert shortened.embed(["text"]).shape == (1, 128)
    shortened.close()


def test_a_proxy_of_the_environment_does_not_come_between_on_loopback(
    fake: FakeLanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    embedder = remote(fake)
    assert embedder.embed(["text"]).shape == (1, 64)
    embedder.close()


def test_the_key_is_sent_and_shown_nowhere(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("MY_EMBEDDER_KEY", SECRET)
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    with FakeLanguageModel(dimensions=64, api_key=SECRET, failures=(500,)) as fake:
        embedder = remote(fake, api_key_env="MY_EMBEDDER_KEY")
        assert embedder.embed(["a private text"]).shape == (1, 64)
        shown += [repr(embedder), embedder.fingerprint, str(vars(embedder))]
        for behaviour in ("garbage", "fail-500", "fail-401", "break_off"):
            broken = remote(fake, f"fake+{behaviour}", api_key_env="MY_EMBEDDER_KEY")
            with pytest.raises(AssayError) as caught:
                broken.embed(["a private text"])
            shown += [str(caught.value), repr(caught.value), *traceback.format_exception(caught.value)]
            broken.close()
        embedder.close()
    shown += [str(vars(record)) + record.getMessage() for record in caplog.records]
    assert not [text for text in shown if SECRET in text]
    assert not [text for text in shown if "a private text" in text and "broken.embed" not in text]


def test_the_fingerprint_names_place_model_and_length(fake: FakeLanguageModel) -> None:
    one = RemoteEmbedder("https://example.org/v1/", "m", 64, api_key_env="KEY_ONE")
    assert one.fingerprint == "remote;example.org/v1;model=m;dimensions=64"
    assert one.fingerprint == RemoteEmbedder("https://example.org/v1", "m", 64, api_key_env="KEY_TWO").fingerprint
    assert one.fingerprint != RemoteEmbedder("https://example.org/v1", "n", 64).fingerprint


def test_the_setting_opens_it(fake: FakeLanguageModel) -> None:
    embedder = open_embedder(f"openai-compatible:fake@{fake.base_url}", dimensions=64)
    assert embedder.embed(["text"]).shape == (1, 64)
    embedder.close()
    with pytest.raises(ConfigError, match="does not name an embedder"):
        open_embedder("word2vec")
