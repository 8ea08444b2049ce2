"""Who may read what: denied unless an access list opens it."""

from __future__ import annotations

import pytest

from assay.errors import AccessDenied, InputError
from assay.guard.access import admit, where
from assay.textual.access import access_list, readable
from assay.types import OWNER, AccessList, Principal

ANNA = Principal("anna", ("litigation",))


@pytest.mark.parametrize(
    ("readers", "may"),
    [
        ((), False),
        (("user:anna",), True),
        (("user:ann",), False),
        (("group:litigation",), True),
        (("group:tax",), False),
        (("public",), True),
        (("user:litigation",), False),
    ],
)
def test_a_document_opens_only_to_those_its_list_names(readers: tuple[str, ...], may: bool) -> None:
    assert readable(AccessList(readers), ANNA) is may
    assert readable(AccessList(readers), OWNER)


def test_a_principal_named_like_the_owner_is_not_the_owner() -> None:
    assert not readable(AccessList(), Principal("owner"))
    assert where(Principal("owner")).access == ("public", "user:owner")
    assert where(OWNER).access is None


def test_no_principal_means_the_owner_locally_and_nobody_elsewhere() -> None:
    assert admit(None, local=True) is OWNER
    with pytest.raises(AccessDenied, match="no principal"):
        admit(None, local=False)


@pytest.mark.parametrize("readers", ["anna", "user:", ["role:x"], 5])
def test_a_malformed_access_list_is_refused(readers: object) -> None:
    with pytest.raises(InputError, match="access"):
        access_list(readers)


def test_an_access_list_is_read_from_text_and_loses_duplicates() -> None:
    assert access_list("user:a, group:b, user:a").readers == ("user:a", "group:b")
