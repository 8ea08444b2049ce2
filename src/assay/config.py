"""RAGConfig: every setting, read once at the edge, each printable with where it comes from and why.

Order, later wins: defaults, what the profile derives, the file (by flag, else `assay.toml` in the working folder, else
in the user's configuration folder), `ASSAY_SECTION_NAME` variables, arguments. Unknown keys are refused. `${VAR}` in a
value of the file is replaced and fails if unset. Secrets are never values here: a setting names the variable that
holds one.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from assay.errors import ConfigError

Profile = Literal["laptop", "team", "production"]
FILE_NAME = "assay.toml"
PREFIX = "ASSAY_"
RESERVED = frozenset({"ASSAY_CONFIG", "ASSAY_SHARED_DATA", "ASSAY_HOME"})
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_SECRET = re.compile(r"(^|_)(key|secret|password|token)$")

NOTHING = "nothing; it counts from the next command"
RESTART = "closing the index owner (it ends by itself when idle)"
REBUILD = "building a new index generation: assay migrate --rebuild"


def _setting(default: Any, why: str, requires: str = NOTHING, **limits: Any) -> Any:
    return Field(default, description=why, json_schema_extra={"requires": requires}, **limits)


class Section(BaseModel):
    """Settings that belong together; frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class StoreSettings(Section):
    """Where documents and index live."""

    path: Path = _setting(Path(".assay/store"), "the store lies beside your work unless told otherwise")
    mode: Literal["owner", "embedded"] = _setting(
        "owner", "a process of its own holds the index, so that several commands can use it at once", RESTART
    )
    idle_seconds: int = _setting(
        300, "the index owner ends after this long without a request", RESTART, ge=5, le=86_400
    )


class IngestSettings(Section):
    """How files become documents, and the limits of the process that parses them."""

    max_file_mb: int = _setting(200, "a larger file is refused by name", ge=1, le=10_000)
    seconds_per_file: int = _setting(60, "a parser that takes longer is killed", ge=1, le=3600)
    memory_mb: int = _setting(2048, "a parser that takes more memory is killed", ge=256, le=65_536)
    include_root: str = _setting(
        "", "the one folder from which included files (literalinclude and the like) are put in; empty: none are"
    )
    ocr: bool = _setting(False, "PDF pages without a text layer are read by OCR (needs the ocr extra)")
    chunk_strategy: Literal["recursive", "semantic", "hierarchical"] = _setting(
        "recursive", "how documents are cut; a domain system sets its own", REBUILD
    )
    chunk_characters: int = _setting(
        650,
        "with its title nearly always within what the embedder reads; best of 500, 650, 900",
        REBUILD,
        ge=200,
        le=4000,
    )
    batch_chunks: int = _setting(256, "chunks embedded and committed together", ge=1, le=4096)
    default_access: tuple[str, ...] = _setting((), "who may read new documents: user:NAME, group:NAME, public")


class ModelSettings(Section):
    """The embedder and the language model."""

    embedder: str = _setting("local", "local, hashing (tests only) or openai-compatible:NAME@URL", REBUILD)
    embedder_dimensions: int = _setting(384, "the length of a vector of a remote embedder", REBUILD, ge=8, le=8192)
    embedder_key_env: str = _setting("", "the variable that holds the remote embedder's key")
    engine: Literal["auto", "openvino", "onnxruntime"] = _setting("auto", "auto takes OpenVINO on x86-64", REBUILD)
    precision: Literal["default", "f32"] = _setting("default", "f32 gives equal vectors on every machine", REBUILD)
    threads: int = _setting(0, "0 leaves the number of threads to the engine", ge=0, le=256)
    language_model: str = _setting("", "provider:name, for example ollama:llama3; empty answers by quotation alone")
    fallback_model: str = _setting("", "asked when the first model fails")
    base_url: str = _setting("", "the address of an OpenAI-compatible server")
    api_key_env: str = _setting("", "the variable that holds the language model's key")
    timeout_seconds: float = _setting(60.0, "a model that takes longer is given up", gt=0, le=3600)
    retries: int = _setting(2, "tries after a failure that may pass", ge=0, le=10)


class RetrievalSettings(Section):
    """How passages are found and ranked."""

    k: int = _setting(8, "passages handed to the writer", ge=1, le=1000)
    depth: int = _setting(100, "candidates of each leg", ge=10, le=2000)
    bm25_weight: float = _setting(1.0, "the untrained sum transfers between domains", ge=0, le=10)
    cosine_weight: float = _setting(1.0, "the untrained sum transfers between domains", ge=0, le=10)
    late_weight: float = _setting(
        1.0, "late interaction of word pieces, over the best 30 by the two signals above", ge=0, le=10
    )
    route: bool = _setting(True, "a question that names a document is answered from that document")
    off_topic_floor: float = _setting(
        0.0, "0 takes the shipped floor of the embedder (5 % false refusals on development questions)", ge=0, le=1
    )


class AnswerSettings(Section):
    """How answers are written and checked."""

    writer: str = _setting(
        "auto", "auto uses the language model where one is set; extractive, model, or a plug-in's name"
    )
    quality_threshold: float = _setting(0.75, "the least support a claim must have to be shown", ge=0, le=1)
    max_claims: int = _setting(5, "claims in one answer", ge=1, le=50)
    min_question: int = _setting(3, "shorter questions are refused", ge=1, le=100)
    max_question: int = _setting(8000, "longer questions are refused", ge=10, le=1_000_000)
    redact: Literal["auto", "always", "never"] = _setting(
        "auto", "takes a person's identifiers out of questions before anything else sees them; auto: in medicine"
    )


_PROFILES: dict[str, dict[str, dict[str, Any]]] = {
    "laptop": {},
    "team": {"store": {"idle_seconds": 3600}, "retrieval": {"depth": 150}},
    "production": {"store": {"idle_seconds": 86_400}, "retrieval": {"depth": 200}, "models": {"retries": 3}},
}


class RAGConfig(Section):
    """All settings. `RAGConfig()` holds defaults; `RAGConfig.load()` reads profile, file and environment too."""

    profile: Profile = _setting("laptop", "one dial that derives the rest")
    domain: str = _setting("general", "general, legal, technical, medical, or a plug-in's name", REBUILD)
    store: StoreSettings = StoreSettings()
    ingest: IngestSettings = IngestSettings()
    models: ModelSettings = ModelSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    answer: AnswerSettings = AnswerSettings()

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)
    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)

    @classmethod
    def load(
        cls,
        file: Path | str | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        folder: Path | None = None,
        **overrides: Any,
    ) -> RAGConfig:
        """The configuration in force here. Raises ConfigError naming the place of anything wrong."""
        environ = os.environ if environ is None else environ
        layers: list[tuple[str, dict[str, Any]]] = []
        path = find_file(file, environ, folder)
        raw = _read_file(path) if path else {}
        _refuse_secrets(raw, str(path))
        layers.append((f"file {path}", _expand(raw, environ, str(path))))
        layers.append(("environment", _from_environment(cls, environ)))
        layers.append(("argument", _nest(overrides)))
        return _assemble(cls, layers, raw)

    def origin(self, name: str) -> str:
        """Where the value of `section.name` comes from: default, profile, file, environment or argument."""
        return self._origins.get(name, "default")


def find_file(flag: Path | str | None, environ: Mapping[str, str], folder: Path | None = None) -> Path | None:
    """The configuration file by flag or ASSAY_CONFIG, else in the working folder, else in the user's folder."""
    named = flag or environ.get("ASSAY_CONFIG")
    if named:
        path = Path(named)
        if not path.is_file():
            raise ConfigError(f"there is no configuration file {path}", next="check --config or ASSAY_CONFIG")
        return path
    from platformdirs import user_config_path

    for place in ((folder or Path.cwd()) / FILE_NAME, user_config_path("assay") / FILE_NAME):
        if place.is_file():
            return place
    return None


class Explained(BaseModel):
    """One line of `assay config explain`: the setting, its value as it may be printed, and what is behind it."""

    model_config = ConfigDict(frozen=True)

    name: str
    value: str
    origin: str
    why: str
    requires: str


def explain(config: RAGConfig) -> list[Explained]:
    """Every setting with its value, where it comes from, why it is so, and what changing it requires."""
    lines: list[Explained] = []
    for name, info, value in _leaves(config):
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        shown = _raw_at(config._raw, name)
        printed = str(shown) if isinstance(shown, str) and _VARIABLE.search(shown) else _printed(value)
        lines.append(
            Explained(
                name=name,
                value=printed,
                origin=config.origin(name),
                why=info.description or "",
                requires=str(extra.get("requires", NOTHING)),
            )
        )
    return lines


def names() -> list[str]:
    """Every setting's name, `section.name`."""
    return [name for name, _, _ in _leaves(RAGConfig())]


# --- reading --------------------------------------------------------------------------------------------------------


def _leaves(config: BaseModel, prefix: str = "") -> list[tuple[str, Any, Any]]:
    found: list[tuple[str, Any, Any]] = []
    for key, info in type(config).model_fields.items():
        value = getattr(config, key)
        if isinstance(value, Section):
            found.extend(_leaves(value, f"{prefix}{key}."))
        else:
            found.append((f"{prefix}{key}", info, value))
    return found


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML", why=str(error), next="mend the line that it names") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read", why=str(error)) from error


def _refuse_secrets(raw: Mapping[str, Any], place: str, prefix: str = "") -> None:
    for key, value in raw.items():
        if isinstance(value, Mapping):
            _refuse_secrets(value, place, f"{prefix}{key}.")
        elif _SECRET.search(key):
            raise ConfigError(
                f"{place} holds a secret under {prefix}{key}",
                why="secrets come from the environment only",
                next="put it into an environment variable and name that variable in models.api_key_env",
            )


def _expand(value: Any, environ: Mapping[str, str], place: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _expand(item, environ, place) for key, item in value.items()}
    if isinstance(value, list):
        return [_expand(item, environ, place) for item in value]
    if not isinstance(value, str):
        return value

    def variable(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in environ:
            raise ConfigError(f"{place} uses ${{{name}}}, which is not set", next=f"set {name} or write a value")
        return environ[name]

    return _VARIABLE.sub(variable, value)


def _from_environment(cls: type[RAGConfig], environ: Mapping[str, str]) -> dict[str, Any]:
    known = {PREFIX + name.replace(".", "_").upper(): name for name in (n for n, _, _ in _leaves(cls()))}
    found: dict[str, Any] = {}
    for key, value in environ.items():
        if not key.startswith(PREFIX) or key in RESERVED:
            continue
        if key in known:
            text: Any = (
                [part.strip() for part in value.split(",") if part.strip()] if _is_tuple(cls, known[key]) else value
            )
            found[known[key]] = text
        elif not _SECRET.search(key.lower()):
            raise ConfigError(
                f"{key} is not a setting", why=_did_you_mean(key, known), next="see: assay config explain"
            )
    return _nest(found)


def _is_tuple(cls: type[RAGConfig], name: str) -> bool:
    return isinstance(next(value for key, _, value in _leaves(cls()) if key == name), tuple)


def _nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for key, value in flat.items():
        section, _, name = key.partition(".")
        if name:
            nested.setdefault(section, {})[name] = value
        elif isinstance(value, Section):
            nested[section] = value.model_dump(exclude_unset=True)
        elif isinstance(value, Mapping):
            nested.setdefault(section, {}).update(value)
        else:
            nested[section] = value
    return nested


def _assemble(cls: type[RAGConfig], layers: list[tuple[str, dict[str, Any]]], raw: dict[str, Any]) -> RAGConfig:
    profile = next((layer["profile"] for _, layer in reversed(layers) if "profile" in layer), "laptop")
    derived = _PROFILES.get(str(profile), {})
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, layer in [(f"profile {profile}", derived), *layers]:
        _merge(merged, layer, origin, origins)
    try:
        config = cls.model_validate(merged)
    except ValidationError as error:
        raise _readable(error, origins) from error
    config._origins.update(origins)
    config._raw.update(raw)
    return config


def _merge(
    into: dict[str, Any], layer: Mapping[str, Any], origin: str, origins: dict[str, str], prefix: str = ""
) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping) and not prefix:
            section = into.setdefault(key, {})
            if not isinstance(section, dict):
                raise ConfigError(f"{key} is a setting, not a section ({origin})")
            _merge(section, value, origin, origins, f"{key}.")
        else:
            into[key] = value
            origins[f"{prefix}{key}"] = origin


def _readable(error: ValidationError, origins: Mapping[str, str]) -> ConfigError:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    origin = origins.get(name, "") or next((o for key, o in origins.items() if name.startswith(key)), "")
    if first["type"] == "extra_forbidden":
        return ConfigError(
            f"{name} is not a setting{f' ({origin})' if origin else ''}",
            why=_did_you_mean(name, names()),
            next="see: assay config explain",
        )
    return ConfigError(
        f"{name} cannot be {first.get('input')!r}{f' ({origin})' if origin else ''}",
        why=first["msg"],
        next="see: assay config explain",
    )


def _did_you_mean(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {close[0]}?" if close else ""


def _raw_at(raw: Mapping[str, Any], name: str) -> Any:
    section, _, key = name.partition(".")
    value = raw.get(section)
    return value.get(key) if key and isinstance(value, Mapping) else (value if not key else None)


def _printed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
