"""Settings: layers, refusals, and what `config explain` says of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assay.config import RAGConfig, explain, names
from assay.errors import ConfigError


def load(tmp_path: Path, text: str = "", environ: dict[str, str] | None = None, **overrides: Any) -> RAGConfig:
    if text:
        (tmp_path / "assay.toml").write_text(text, encoding="utf-8")
    return RAGConfig.load(environ={"HOME": str(tmp_path), **(environ or {})}, folder=tmp_path, **overrides)


def test_later_layers_win_and_each_value_knows_where_it_comes_from(tmp_path: Path) -> None:
    text = 'profile = "team"\n[retrieval]\nk = 5\ndepth = 80\n[store]\npath = "a"\n'
    config = load(tmp_path, text, {"ASSAY_RETRIEVAL_DEPTH": "90"}, store={"path": "b"})
    assert (config.retrieval.k, config.retrieval.depth, str(config.store.path)) == (5, 90, "b")
    assert config.store.idle_seconds == 3600
    assert config.origin("retrieval.k").startswith("file")
    assert config.origin("retrieval.depth") == "environment"
    assert config.origin("store.path") == "argument"
    assert config.origin("store.idle_seconds") == "profile team"
    assert config.origin("ingest.ocr") == "default"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[retrieval]\nkk = 5\n", r"retrieval\.kk is not a setting.*did you mean"),
        ("colour = 1\n", "colour is not a setting"),
        ("[retrieval]\nk = 0\n", r"retrieval\.k cannot be 0.*greater than or equal to 1"),
        ("[retrieval\n", "not valid TOML"),
        ('[models]\napi_key = "sk-123"\n', "holds a secret under models.api_key"),
        ('[models]\nlanguage_model = "${NOT_SET_ANYWHERE}"\n', "NOT_SET_ANYWHERE.*not set"),
        ('profile = "huge"\n', "profile cannot be 'huge'"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_and_the_remedy(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load(tmp_path, text)


def test_a_refused_secret_is_not_repeated_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, '[models]\napi_key = "sk-very-secret"\n')
    assert "sk-very-secret" not in str(caught.value)


def test_a_misspelt_variable_is_refused_and_the_right_one_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean ASSAY_RETRIEVAL_K"):
        load(tmp_path, environ={"ASSAY_RETREIVAL_K": "3"})


def test_a_variable_in_a_value_is_replaced_but_explained_as_written(tmp_path: Path) -> None:
    config = load(tmp_path, '[models]\nbase_url = "${MODEL_URL}"\n', {"MODEL_URL": "http://10.0.0.9/v1?token=abc"})
    assert config.models.base_url.endswith("token=abc")
    shown = {line.name: line.value for line in explain(config)}
    assert shown["models.base_url"] == "${MODEL_URL}"
    assert "abc" not in str(shown)


def test_every_setting_explains_itself(tmp_path: Path) -> None:
    lines = explain(load(tmp_path))
    assert [line.name for line in lines] == names()
    assert all(line.why and line.requires and line.origin for line in lines)


def test_a_list_is_read_from_the_environment(tmp_path: Path) -> None:
    config = load(tmp_path, environ={"ASSAY_INGEST_DEFAULT_ACCESS": "public, group:tax"})
    assert config.ingest.default_access == ("public", "group:tax")


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no configuration file"):
        RAGConfig.load(tmp_path / "none.toml", environ={}, folder=tmp_path)
