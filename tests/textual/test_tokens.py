"""Tokens: what stands between two spaces is read by itself, so that it can be remembered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.textual.tokens import token_set, tokens

PIECE = st.text(
    st.sampled_from("aBé’'-_.:/§(),;¼ﬁ中٣12\u0301\u2010ǅ"),
    max_size=12,
)


@given(st.lists(PIECE, max_size=6), st.sampled_from([" ", "\n", "\t", "\u2028", "  "]))
def test_no_token_reaches_over_white_space_nor_depends_on_what_lies_behind_it(pieces: list[str], space: str) -> None:
    assert tokens(space.join(pieces)) == [token for piece in pieces for token in tokens(piece)]


def test_words_keep_their_compounds_and_their_parts() -> None:
    assert tokens("read_csv, os.path.join and 1,200 mg (§ 2-106).") == [
        "read_csv", "read", "csv", "os.path.join", "os", "path", "join", "1200", "mg", "§", "2-106", "2", "106",
    ]  # fmt: skip


def test_a_set_has_each_token_once() -> None:
    assert token_set("Sellers sell; a seller sold") == {"seller", "sell", "sold"}


@given(st.text(alphabet=st.sampled_from("aB3.§-_ \n\r\t'’é中"), max_size=60))
def test_the_token_set_of_a_text_is_that_of_its_tokens_however_it_is_broken_into_lines(text: str) -> None:
    assert token_set(text) == frozenset(tokens(text))
