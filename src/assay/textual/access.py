"""The access rule as pure functions over tokens: `user:NAME`, `group:NAME`, `public`. Empty lists deny."""

from __future__ import annotations

import re

from assay.errors import InputError
from assay.types import AccessList, Principal

PUBLIC = "public"
_TOKEN = re.compile(r"(user|group):\S.{0,199}|public")


def access_tokens(principal: Principal) -> tuple[str, ...]:
    """The tokens that open a document to this principal (the owner needs none)."""
    user = (f"user:{principal.name}",) if principal.name else ()
    return (PUBLIC, *user, *(f"group:{group}" for group in principal.groups if group))


def readable(access: AccessList, principal: Principal) -> bool:
    """True if this principal may read a document with this access list."""
    return principal.owner or not set(access.readers).isdisjoint(access_tokens(principal))


def access_list(readers: object) -> AccessList:
    """A checked access list from a list of tokens or one comma-separated string; InputError names a bad token."""
    items = (
        readers.split(",")
        if isinstance(readers, str)
        else list(readers)
        if isinstance(readers, (list, tuple))
        else None
    )
    if items is None:
        raise InputError(f"an access list cannot be {readers!r}", next="write user:NAME, group:NAME or public")
    found = [str(item).strip() for item in items if str(item).strip()]
    for token in found:
        if not _TOKEN.fullmatch(token):
            raise InputError(f"{token!r} is not an access token", next="write user:NAME, group:NAME or public")
    return AccessList(tuple(dict.fromkeys(found)))
