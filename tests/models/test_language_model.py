"""Language models over real HTTP: whole and streamed answers, every misbehaviour, limits, and no secret anywhere."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from assay.errors import AssayError, ConfigError, ModelError, ModelProtocolError, ModelTimeout, ModelUnavailable
from assay.models.chat import ChatModel
from assay.models.fake import FakeLanguageModel
from assay.models.language import ModelAddress, TimeLimits, parse_address
from assay.models.opening import open_language_model
from assay.models.retry import Backoff
from tests.models.model_kit import PROMPT, SECRET, SHORT, SYSTEM, chat_model

QUOTE = "The fee is 12.5 percent of sales."


@pytest.fixture
def fake() -> Iterator[FakeLanguageModel]:
    with FakeLanguageModel() as server:
        yield server


def claims_of(text: str) -> list[str]:
    return [claim["text"] for claim in json.loads(text)["claims"]]


# --- good answers


@pytest.mark.parametrize("provider", ["openai-compatible", "ollama", "anthropic"])
def test_a_whole_answer_comes_with_its_token_counts(fake: FakeLanguageModel, provider: str) -> None:
    model = chat_model(fake, provider=provider)
    answer = model.complete(SYSTEM, PROMPT)
    assert claims_of(answer.text) == [QUOTE]
    assert answer.finish_reason == "stop"
    assert answer.usage.model == answer.model == "fake+faithful"
    assert answer.usage.input_tokens == len(f"{SYSTEM} {PROMPT}".split())
    assert answer.usage.output_tokens == len(answer.text.split())
    assert (fake.requests[0].system, fake.requests[0].user) == (SYSTEM, PROMPT)
    model.close()


@pytest.mark.parametrize("provider", ["openai-compatible", "ollama", "anthropic"])
def test_a_stream_gives_the_same_answer_in_pieces(fake: FakeLanguageModel, provider: str) -> None:
    model = chat_model(fake, provider=provider)
    whole = model.complete(SYSTEM, PROMPT)
    with model.stream(SYSTEM, PROMPT) as stream:
        before = stream.completion
        pieces = list(stream)
        assert before is None
        assert len(pieces) > 3
        assert "".join(pieces) == whole.text
        assert stream.completion == whole
    model.close()


def test_many_threads_may_ask_one_model(fake: FakeLanguageModel) -> None:
    model = chat_model(fake, limits=TimeLimits(total=20))
    prompts = [PROMPT.replace("12.5", str(number)) for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda prompt: model.complete(SYSTEM, prompt).text, prompts))
    for number, text in enumerate(answers):
        assert claims_of(text) == [QUOTE.replace("12.5", str(number))]
    model.close()


def test_an_answer_cut_at_its_greatest_length_says_so(fake: FakeLanguageModel) -> None:
    model = chat_model(fake, "length")
    assert model.complete(SYSTEM, PROMPT).finish_reason == "length"
    with pytest.raises(ModelProtocolError, match="greatest length"):
        model.complete(SYSTEM, PROMPT, expect_json=True)
    model.close()


def test_a_stream_that_nobody_reads_on_is_stopped_at_the_server() -> None:
    with FakeLanguageModel(delay=0.05) as fake:
        model = chat_model(fake)
        with model.stream(SYSTEM, PROMPT) as stream:
            next(stream)
        assert list(stream) == []
        assert stream.completion is None
        # The connection is free again: another question is answered at once.
        assert model.complete(SYSTEM, PROMPT).text
        model.close()


# --- misbehaviour


_FAILURES = {
    "empty": ModelProtocolError,
    "html": ModelProtocolError,
    "break_off": ModelProtocolError,
    "cut_off": ModelProtocolError,
    "stall": ModelTimeout,
    "fail-500": ModelUnavailable,
    "fail-429": ModelUnavailable,
    "fail-401": ModelUnavailable,
    "fail-404": ModelUnavailable,
    "fail-400": ModelUnavailable,
}


@pytest.mark.parametrize(
    ("provider", "behaviour"),
    [
        *(("openai-compatible", behaviour) for behaviour in _FAILURES),
        *(("anthropic", behaviour) for behaviour in ("empty", "break_off", "cut_off", "fail-500", "fail-401")),
    ],
)
def test_each_failure_becomes_one_of_our_errors(fake: FakeLanguageModel, provider: str, behaviour: str) -> None:
    expected: type[AssayError] = _FAILURES[behaviour]
    model = chat_model(fake, behaviour, provider=provider, retries=0)
    with pytest.raises(expected):
        model.complete(SYSTEM, PROMPT)
    stream = model.stream(SYSTEM, PROMPT)
    with pytest.raises(expected):
        list(stream)
    assert stream.completion is None
    model.close()


def test_an_answer_that_is_no_json_is_a_failure_where_json_is_expected(fake: FakeLanguageModel) -> None:
    model = chat_model(fake, "garbage")
    assert model.complete(SYSTEM, PROMPT).text.startswith("Sure!")
    with pytest.raises(ModelProtocolError, match="JSON"):
        model.complete(SYSTEM, PROMPT, expect_json=True)
    model.close()


def test_a_stall_is_noticed_long_before_the_whole_time_is_over(fake: FakeLanguageModel) -> None:
    model = chat_model(fake, "stall", limits=TimeLimits(connect=1, first_token=5, stall=0.3, total=30))
    begin = time.monotonic()
    with pytest.raises(ModelTimeout, match="in the middle"):
        list(model.stream(SYSTEM, PROMPT))
    assert time.monotonic() - begin < 3
    model.close()


def test_pieces_that_come_steadily_are_no_stall_but_count_towards_the_whole() -> None:
    with FakeLanguageModel(delay=0.15) as fake:
        model = chat_model(fake, limits=TimeLimits(connect=1, first_token=1, stall=0.6, total=20))
        assert claims_of("".join(model.stream(SYSTEM, PROMPT))) == [QUOTE]
        with pytest.raises(ModelTimeout):
            list(model.stream(SYSTEM, PROMPT, timeout=0.5))
        model.close()


def test_failures_that_pass_are_retried_and_others_are_not() -> None:
    with FakeLanguageModel(failures=(500, 0, 429)) as fake:
        model = chat_model(fake, retries=3, limits=TimeLimits(total=10))
        asked = []
        assert model.complete(SYSTEM, PROMPT).text
        asked.append(len(fake.requests))
        fake.fail_next(503)
        assert "".join(model.stream(SYSTEM, PROMPT))
        asked.append(len(fake.requests))
        fake.fail_next(401)
        with pytest.raises(ModelUnavailable, match="refused the key"):
            model.complete(SYSTEM, PROMPT)
        asked.append(len(fake.requests))
        assert asked == [4, 6, 7]
        model.close()


def test_a_stream_is_never_begun_again_after_its_first_piece(fake: FakeLanguageModel) -> None:
    model = chat_model(fake, "break_off", retries=3)
    stream = model.stream(SYSTEM, PROMPT)
    pieces: list[str] = []
    with pytest.raises(ModelProtocolError):
        pieces.extend(stream)
    assert len(fake.requests) == 1
    model.close()


def test_a_server_that_is_not_there_is_named() -> None:
    model = ChatModel(parse_address("ollama:llama3", base_url="http://127.0.0.1:9/v1"), backoff=Backoff(0))
    with pytest.raises(ModelUnavailable, match="ollama:llama3 cannot be reached"):
        model.complete(SYSTEM, PROMPT)
    model.close()


def test_closing_wakes_whoever_waits(fake: FakeLanguageModel) -> None:
    model = chat_model(fake, "stall", limits=TimeLimits(total=60))
    outcome: list[str] = []

    def wait() -> None:
        with pytest.raises(ModelError):
            model.complete(SYSTEM, PROMPT)
        outcome.append("woken")

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not fake.requests:
        time.sleep(0.01)
    model.close()
    model.close()
    waiting.join(5)
    assert outcome == ["woken"]
    with pytest.raises(ModelError, match="closed"):
        model.stream(SYSTEM, PROMPT)


# --- secrets and silence


@pytest.mark.parametrize("provider", ["openai-compatible", "anthropic"])
def test_the_key_is_sent_and_shown_nowhere_and_prompts_are_never_logged(
    provider: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MY_MODEL_KEY", SECRET)
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    with FakeLanguageModel(api_key=SECRET) as fake:
        for behaviour in ("faithful", "fail-500", "fail-400", "fail-401", "html", "break_off", "stall", "empty"):
            model = chat_model(fake, behaviour, provider=provider, key="MY_MODEL_KEY", retries=0)
            for ask in (lambda m=model: m.complete(SYSTEM, PROMPT), lambda m=model: list(m.stream(SYSTEM, PROMPT))):
                try:
                    ask()
                except AssayError as error:
                    shown += [str(error), repr(error), *traceback.format_exception(error)]
            shown += [repr(model), str(vars(model))]
            model.close()
        answered = [request for request in fake.requests if request.behaviour == "faithful"]
        assert len(answered) == 2
    shown += [str(vars(record)) + record.getMessage() for record in caplog.records]
    assert len(shown) > 50
    assert not [text for text in shown if SECRET in text]
    assert not [text for text in shown if "12.5 percent" in text]


def test_a_wrong_key_is_refused_without_being_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_MODEL_KEY", SECRET)
    with FakeLanguageModel(api_key="another") as fake:
        model = chat_model(fake, key="MY_MODEL_KEY")
        with pytest.raises(ModelUnavailable, match="MY_MODEL_KEY") as caught:
            model.complete(SYSTEM, PROMPT)
        assert SECRET not in str(caught.value)
        model.close()


@pytest.mark.parametrize("setting", ["openai:gpt-x", "anthropic:claude-x", "groq:llama", "nonsense:model"])
def test_what_cannot_be_set_up_is_a_configuration_error(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GROQ_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    model = ChatModel(parse_address(setting))
    with pytest.raises(ConfigError):
        model.complete(SYSTEM, PROMPT)
    model.close()


def test_a_key_of_the_environment_is_not_sent_to_another_server(
    fake: FakeLanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.api_key = SECRET
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    for provider in ("openai", "anthropic", "ollama"):
        model = chat_model(fake, provider=provider)
        with pytest.raises(ModelUnavailable, match="refused the key"):
            model.complete(SYSTEM, PROMPT)
        model.close()


def test_nothing_but_the_model_s_own_server_is_called() -> None:
    code = """
import sys
called = set()
def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        place = arguments[1] if event == "socket.connect" else arguments[:2]
        called.add(place[0] if isinstance(place, tuple) else str(place))
sys.addaudithook(note)
from assay.models.fake import FakeLanguageModel
from assay.models.opening import open_language_model
with FakeLanguageModel() as fake:
    model = open_language_model(f"openai-compatible:fake@{fake.base_url}")
    model.complete("s", "u")
    list(model.stream("s", "u"))
    model.close()
print(sorted(called))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "['127.0.0.1']"


# --- settings


@pytest.mark.parametrize(
    ("setting", "base_url", "address"),
    [
        ("ollama:llama3:8b", "", ModelAddress("ollama", "llama3:8b", "http://127.0.0.1:11434/v1")),
        ("openai:gpt-x", "", ModelAddress("openai", "gpt-x", "", "OPENAI_API_KEY")),
        ("anthropic:claude-x", "", ModelAddress("anthropic", "claude-x", "", "ANTHROPIC_API_KEY")),
        ("openai:m", "http://h/v1/", ModelAddress("openai-compatible", "m", "http://h/v1")),
        ("openai-compatible:a/b@http://h:8/v1", "", ModelAddress("openai-compatible", "a/b", "http://h:8/v1")),
        (" mistral:m ", "", ModelAddress("mistral", "m")),
    ],
)
def test_one_setting_names_a_model(setting: str, base_url: str, address: ModelAddress) -> None:
    assert parse_address(setting, base_url=base_url, environ={}) == address


@pytest.mark.parametrize("setting", ["", "llama3", ":x", "openai:", "openai-compatible:name"])
def test_a_setting_that_names_no_model_is_refused(setting: str) -> None:
    with pytest.raises(ConfigError):
        parse_address(setting, environ={})


def test_the_settings_open_a_model_with_a_second_behind_it(fake: FakeLanguageModel) -> None:
    first, second = (f"openai-compatible:fake+{name}@{fake.base_url}" for name in ("fail-500", "faithful"))
    model = open_language_model(first, fallback=second, timeout=5, retries=0)
    assert claims_of(model.complete(SYSTEM, PROMPT).text) == [QUOTE]
    model.close()


def test_limits_follow_the_time_allowed() -> None:
    assert TimeLimits.within(60) == TimeLimits(5, 60, 30, 60)
    assert TimeLimits.within(2) == TimeLimits(2, 2, 2, 2)
    assert SHORT.stall < SHORT.first_token <= SHORT.total
