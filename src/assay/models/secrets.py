"""Keys of remote models: held by the name of an environment variable, read when needed, shown nowhere.

It is not a vault: whoever reads the process's environment reads the key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from assay.errors import ConfigError

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
HIDDEN = "[hidden]"


class SecretFromEnvironment:
    """The name of a variable that holds a key. Only `reveal` gives the key; it is never part of repr or of pickles."""

    __slots__ = ("_environ", "variable")

    def __init__(self, variable: str, environ: Mapping[str, str] | None = None) -> None:
        """Raises ConfigError where `variable` is not a variable's name, such as when it is the key itself."""
        if variable and not _VARIABLE.fullmatch(variable):
            raise ConfigError(
                "api_key_env must be the name of an environment variable",
                why="what is given there cannot be a name",
                next="put the key into a variable such as OPENAI_API_KEY and give that name",
            )
        self.variable = variable
        self._environ = environ

    def __repr__(self) -> str:
        return f"SecretFromEnvironment({self.variable!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return (SecretFromEnvironment, (self.variable,))

    def reveal(self) -> str:
        """The key, or "" where no variable is named. Raises ConfigError where the named variable is not set."""
        if not self.variable:
            return ""
        key = (os.environ if self._environ is None else self._environ).get(self.variable, "").strip()
        if not key:
            raise ConfigError(
                f"the environment variable {self.variable} is not set",
                why="it should hold the key of a remote model",
                next=f"export {self.variable}=... before starting",
            )
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ConfigError(f"the environment variable {self.variable} does not hold a key that can be sent")
        return key

    def hide(self, text: str) -> str:
        """`text` with the key, wherever it stands, replaced."""
        key = (os.environ if self._environ is None else self._environ).get(self.variable, "").strip()
        return text.replace(key, HIDDEN) if len(key) >= 4 else text


def check_address(url: str) -> str:
    """`url` without trailing slash. Raises ConfigError unless it is plain http(s) without user, password or query."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            "the address of a model must start with http:// or https:// and name a host",
            next="write it as http://HOST:PORT/v1",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigError(
            f"the address of the model at {parts.hostname} holds more than a place",
            why="user, password and query may be secrets, and addresses are shown and stored",
            next="give the key through api_key_env",
        )
    return url.rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether the address is this machine; a proxy must not come between."""
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")
