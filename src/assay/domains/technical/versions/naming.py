"""Full names for symbols that a changelog names in short, from the symbols and headings around them.

"`readfp`" in an item on `configparser.ConfigParser` under the heading "configparser" is found under
"configparser.ConfigParser.readfp", "configparser.readfp" and, as every note, under its last part.
"""

from __future__ import annotations

import re

from assay.domains.technical.symbols import mentions, normal
from assay.domains.technical.versions.items import Item
from assay.domains.technical.versions.subjects import Named

_OWNER_ROLES = frozenset({"mod", "class", "exc"})
_MOST = 6


def section_names(item: Item) -> tuple[str, ...]:
    """The headings above an item that are the name of a module or class, innermost first."""
    found = [_heading_name(label) for label in reversed(item.headings)]
    return tuple(name for name in found if name)


def _heading_name(label: str) -> str:
    words = label.strip().strip("`")
    return normal(words) if re.fullmatch(r"[a-z_][\w.]*|\w+(?:\.\w+)+", words) else ""


def named_as(text: str, item: Item, named: Named, sections: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """(the symbol's best full name, other names under which it may be asked for)."""
    written = named.mention.name
    if named.mention.role == "mod" or written.startswith("-") or " " in written:
        return written, ()
    owners = _owners(text, item, named)
    candidates: list[str] = []
    for owner in (*owners, *sections):
        candidates.append(_joined(owner, written))
        candidates.extend(_joined(section, candidates[-1]) for section in sections)
    unique = [name for name in dict.fromkeys(candidates) if name != written]
    if any(written == owner or written.startswith(f"{owner}.") for owner in (*owners, *sections)) or (
        "." in written and not sections
    ):
        return written, tuple(unique[:2])
    names = [*unique, written]
    best = max(unique, key=lambda name: _fit(name, sections), default=written)
    return best, tuple(name for name in names if name != best)[:_MOST]


def _fit(name: str, sections: tuple[str, ...]) -> tuple[bool, int]:
    """A name within the section's module is better, then the one with more parts."""
    return any(name.startswith(f"{section}.") for section in sections), min(name.count("."), 3)


def _joined(owner: str, name: str) -> str:
    """`name` within `owner`, parts that both have written once."""
    if name == owner or name.startswith(f"{owner}."):
        return name
    first = name.split(".", 1)[0]
    parts = owner.split(".")
    if first in parts:
        return ".".join([*parts[: parts.index(first)], name])
    return f"{owner}.{name}"


def _owners(text: str, item: Item, named: Named) -> list[str]:
    """Modules and classes that the clause, its item, or the items around name before anything else."""
    found = list(named.owners)
    for place in (item, *item.ancestors()):
        for start, end in place.spans:
            for mention in mentions(text, start, min(end, start + 600)):
                is_class = mention.role == "" and re.match(r"(?:\w+\.)*[A-Z][a-z]\w*$", mention.name)
                if (mention.role in _OWNER_ROLES or is_class) and mention.name not in (
                    named.mention.name,
                    *named.peers,
                ):
                    found.append(mention.name)
        if len(found) >= 4:
            break
    return list(dict.fromkeys(found))[:4]
