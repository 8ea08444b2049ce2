"""Fail-over: the second model answers when the first cannot, and never in the middle of the first one's answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from assay.errors import ConfigError, ModelError, ModelProtocolError, ModelUnavailable
from assay.models.chat import ChatModel
from assay.models.failover import FailoverModel
from assay.models.fake import FakeLanguageModel
from assay.models.language import parse_address
from tests.models.model_kit import PROMPT, SYSTEM, chat_model


@pytest.fixture
def fake() -> Iterator[FakeLanguageModel]:
    with FakeLanguageModel() as server:
        yield server


def pair(fake: FakeLanguageModel, first: str, second: str = "faithful") -> FailoverModel:
    return FailoverModel([chat_model(fake, name, retries=0) for name in (first, second)])


@pytest.mark.parametrize("first", ["fail-500", "fail-401", "stall", "break_off", "cut_off", "html", "empty"])
def test_the_second_model_answers_whatever_ails_the_first(fake: FakeLanguageModel, first: str) -> None:
    model = pair(fake, first)
    answer = model.complete(SYSTEM, PROMPT)
    assert answer.model == "fake+faithful"
    assert answer.usage.model == "fake+faithful"
    assert json.loads(answer.text)["claims"]
    model.close()


def test_an_answer_without_the_expected_form_is_a_reason_too(fake: FakeLanguageModel) -> None:
    model = pair(fake, "garbage")
    assert model.complete(SYSTEM, PROMPT).model == "fake+garbage"
    assert model.complete(SYSTEM, PROMPT, expect_json=True).model == "fake+faithful"
    model.close()


def test_a_stream_that_does_not_begin_is_taken_over(fake: FakeLanguageModel) -> None:
    model = pair(fake, "fail-500")
    with model.stream(SYSTEM, PROMPT) as stream:
        text = "".join(stream)
        assert stream.completion is not None
        assert stream.completion.model == "fake+faithful"
        assert stream.completion.text == text
    model.close()


def test_a_stream_that_breaks_off_later_is_an_error_and_not_a_mixture(fake: FakeLanguageModel) -> None:
    model = pair(fake, "break_off")
    stream = model.stream(SYSTEM, PROMPT)
    with pytest.raises(ModelProtocolError):
        list(stream)
    assert [request.model for request in fake.requests] == ["fake+break_off"]
    model.close()


def test_a_model_that_failed_rests_for_a_while(fake: FakeLanguageModel) -> None:
    now = [0.0]
    models = [chat_model(fake, name, retries=0) for name in ("fail-500", "faithful")]
    model = FailoverModel(models, cooldown=30, clock=lambda: now[0])
    for _ in range(3):
        model.complete(SYSTEM, PROMPT)
    assert [request.model for request in fake.requests].count("fake+fail-500") == 1
    now[0] = 31.0
    model.complete(SYSTEM, PROMPT)
    assert [request.model for request in fake.requests].count("fake+fail-500") == 2
    model.close()


def test_when_none_answers_the_error_names_each_of_them(
    fake: FakeLanguageModel, caplog: pytest.LogCaptureFixture
) -> None:
    model = pair(fake, "fail-500", "empty")
    with caplog.at_level(logging.WARNING), pytest.raises(ModelError) as caught:
        model.complete(SYSTEM, PROMPT)
    assert "fake+fail-500" in str(caught.value)
    assert "fake+empty" in str(caught.value)
    assert [record.levelname for record in caplog.records if record.name == "assay.models"] == ["WARNING"] * 2
    model.close()


def test_a_missing_key_is_not_hidden_by_a_second_model(
    fake: FakeLanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UNSET_KEY", raising=False)
    address = parse_address("ollama:fake", base_url=fake.base_url, api_key_env="UNSET_KEY")
    model = FailoverModel([ChatModel(address), chat_model(fake)])
    with pytest.raises(ConfigError, match="UNSET_KEY"):
        model.complete(SYSTEM, PROMPT)
    model.close()


def test_one_model_alone_keeps_its_own_error(fake: FakeLanguageModel) -> None:
    model = FailoverModel([chat_model(fake, "fail-429", retries=0)])
    with pytest.raises(ModelUnavailable, match="overloaded"):
        model.complete(SYSTEM, PROMPT)
    model.close()
    with pytest.raises(ConfigError):
        FailoverModel([])
