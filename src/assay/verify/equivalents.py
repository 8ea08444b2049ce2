"""Words that say the same in every field this product serves. A short list on purpose: each entry is a liberty taken.

Keys are those of `assay.verify.words`. Only words that a professional would let stand for each other in any sentence
belong here; direction words, modals and negations are never widened.
"""

from __future__ import annotations

from assay.textual.tokens import stem

_GROUPS = """
patient|patients
demonstrate|show|reveal
begin|start|commence
purchase|buy
big|large
attorney|lawyer
car|automobile
doctor|physician
illness|disease
cancer|carcinoma|malignancy
kids|children
drug|medication|medicine
mortality|death
parameter|argument
folder|directory
usage|use
obtain|get
receive|get
""".strip().splitlines()
_GROUP_OF: dict[str, set[int]] = {}
for _index, _line in enumerate(_GROUPS):
    for _word in _line.split("|"):
        _GROUP_OF.setdefault(stem(_word), set()).add(_index)


def same_meaning(first: str, second: str) -> bool:
    """Whether two keys stand for the same thing: equal, or in one group."""
    return first == second or bool(_GROUP_OF.get(first, set()) & _GROUP_OF.get(second, set()))
