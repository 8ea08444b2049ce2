"""The second public face: what whoever runs a library does with it. Jobs, repair, backup, generations, the model.

Everything here acts as the owner of a locally opened store.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from assay.config import FILE_NAME, RAGConfig
from assay.errors import InputError
from assay.plugins import domain_names
from assay.system.parts import Parts, expectations
from assay.types import DoctorReport, JobInfo


def start_library(folder: Path, domain: str = "general") -> dict[str, str]:
    """Write `assay.toml` and an empty store into `folder`; refuses where a configuration file stands already."""
    if domain not in domain_names():
        raise InputError(f"there is no domain {domain!r}", next=f"choose one of: {', '.join(domain_names())}")
    file = folder / FILE_NAME
    if file.exists():
        raise InputError(f"{file} is there already", next="edit it, or choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(
        "# Every setting, its reason and what changing it requires: assay config explain\n"
        f'profile = "laptop"\ndomain = "{domain}"\n\n[store]\npath = ".assay/store"\n',
        encoding="utf-8",
    )
    config = RAGConfig.load(file, store={"path": str(folder / ".assay" / "store")})
    with Admin(config) as admin:
        admin.open(create=True)
    return {"folder": str(folder), "file": str(file), "store": str(config.store.path), "domain": domain}


def install_model() -> Path:
    """Fetch the local model once; returns its folder. Nothing else in Assay ever fetches anything."""
    from assay.models.minilm.install import install_model as install

    return install()


def versions() -> dict[str, str]:
    """The versions that matter for a report."""
    from assay import __version__

    return {
        "assay": __version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "executable": Path(sys.executable).name,
    }
