"""Who may read what. Deny by default: an empty access list is for the owner alone.

The rule itself stands in `assay.textual.access`, because the catalogue applies it too; here it becomes a search filter.
"""

from __future__ import annotations

from assay.errors import AccessDenied
from assay.textual.access import access_tokens
from assay.types import OWNER, FieldFilter, Principal, Where


def admit(principal: Principal | None, *, local: bool) -> Principal:
    """The principal that asks. None means the owner of a locally opened store, and is refused anywhere else."""
    if principal is not None:
        return principal
    if local:
        return OWNER
    raise AccessDenied(
        "this request names no principal",
        why="only the owner of a locally opened store may ask without one",
        next="pass principal=Principal(name, groups)",
    )


def where(principal: Principal, fields: tuple[FieldFilter, ...] = ()) -> Where:
    """The filter that goes into every index query of this principal."""
    return Where(access=None if principal.owner else access_tokens(principal), fields=fields)
