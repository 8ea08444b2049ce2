"""Follow-ups: completed from the question before where that is honest, left as written where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.answer.chat import resolve

CURE = "What is the cure period under the licence?"
VERBAL = "Is a verbal contract binding in New York?"
PROCD = "What did the court hold in ProCD v. Zeidenberg?"

COMPLETED = [
    # law
    (CURE, "and for non-payment?", "What is the cure period under the licence for non-payment?"),
    (CURE, "How long?", "How long is the cure period under the licence?"),
    (CURE, "Why?", "What is the reason for the cure period under the licence?"),
    (CURE, "Does it cover software?", "Does the cure period under the licence cover software?"),
    (VERBAL, "and in California?", "Is a verbal contract binding in California?"),
    (VERBAL, "Why?", f"Why or why not: {VERBAL}"),
    (VERBAL, "Must it be signed by both parties?", "Must the verbal contract be signed by both parties?"),
    (PROCD, "Was that case overruled?", "Was ProCD v. Zeidenberg overruled?"),
    (PROCD, "Which court decided it?", "Which court decided ProCD v. Zeidenberg?"),
    (PROCD, "What about Sony v. Universal?", "What did the court hold in Sony v. Universal?"),
    (
        "What is the notice period for termination?",
        "What about cancellation?",
        "What about cancellation, with regard to the notice period for termination?",
    ),
    (
        "What does 17 U.S.C. § 107 say?",
        "What are the factors under that section?",
        "What are the factors under 17 U.S.C. § 107?",
    ),
    (
        "May the licensor terminate for non-payment?",
        "How soon?",
        "How soon may the licensor terminate for non-payment?",
    ),
    ("May the licensor terminate for non-payment?", "When may it do so?", "When may the licensor do so?"),
    ("What damages may the buyer recover?", "Are they capped?", "Are the damages that the buyer may recover capped?"),
    (
        "Does the arbitration clause survive termination?",
        "Is that enforceable?",
        "Is the arbitration clause enforceable?",
    ),
    ("When must the licensee pay?", "and in Texas?", "When must the licensee pay in Texas?"),
    # medicine
    ("What is hypertension?", "How is it treated?", "How is hypertension treated?"),
    ("Does warfarin interact with aspirin?", "and with ibuprofen?", "Does warfarin interact with ibuprofen?"),
    ("Does warfarin interact with aspirin?", "Is it safe in pregnancy?", "Is warfarin safe in pregnancy?"),
    ("Does metformin reduce mortality in adults?", "In children?", "Does metformin reduce mortality in children?"),
    ("What are beta blockers?", "Do they lower blood pressure?", "Do beta blockers lower blood pressure?"),
    ("What are beta blockers?", "What are their side effects?", "What are the side effects of beta blockers?"),
    ("Is metformin safe in pregnancy?", "What is its half-life?", "What is the half-life of metformin?"),
    (
        "What was the primary outcome in the SPRINT trial?",
        "and in children?",
        "What was the primary outcome in the SPRINT trial in children?",
    ),
    (
        "What was the primary outcome in the SPRINT trial?",
        "How many patients did that trial enrol?",
        "How many patients did SPRINT enrol?",
    ),
    (
        "What is the half-life of warfarin?",
        "what about apixaban?",
        "What about apixaban, with regard to the half-life of warfarin?",
    ),
    ("When must a patient give consent?", "Can she withdraw it?", "Can the patient withdraw it?"),
    ("Which is safer, apixaban or warfarin?", "What is the dose of the latter?", "What is the dose of warfarin?"),
    # engineering
    ("How do I cancel a subscription?", "Can it be refunded?", "Can the subscription be refunded?"),
    (
        "How do I read a CSV file with pandas.read_csv?",
        "Does it support gzip?",
        "Does the CSV file with pandas.read_csv support gzip?",
    ),
    (
        "What does os.path.join return?",
        "What exceptions does that function raise?",
        "What exceptions does os.path.join raise?",
    ),
    ("What does os.path.join return?", "And on Windows?", "What does os.path.join return on Windows?"),
    ("Is list.sort stable in Python 3.11?", "and in Python 3.12?", "Is list.sort stable in Python 3.12?"),
    ("Is list.sort stable in Python 3.11?", "Since when?", "Since when is list.sort stable in Python 3.11?"),
    ("What is the rate limit in v2?", "what about v1?", "What is the rate limit in v1?"),
    ("What does sorted() return?", "Is it stable?", "Is sorted() stable?"),
    (
        "Which errors does the payments API return?",
        "How should they be handled?",
        "How should the errors that the payments API does return be handled?",
    ),
    (
        "How does OAuth2 work in this API?",
        "what about refresh tokens?",
        "What about refresh tokens, in connection with: How does OAuth2 work in this API?",
    ),
    ("What is the rate limit?", "And what is the penalty?", "What is the penalty, with regard to the rate limit?"),
]


@pytest.mark.parametrize(("earlier", "asked", "meant"), COMPLETED)
def test_a_follow_up_is_completed_and_the_note_says_from_what(earlier: str, asked: str, meant: str) -> None:
    resolved, note = resolve(asked, [earlier])
    assert resolved == meant
    assert note


STANDING = [
    "Is it legal to record a phone call in California?",
    "Is it safe to take ibuprofen with warfarin?",
    "Is it true that statins cause diabetes?",
    "Is it possible to catch several exceptions in one clause?",
    "Is it a breach to disclose the source code?",
    "When is it necessary to obtain consent?",
    "How long does it take to register a trademark?",
    "Does it matter whether the contract was signed?",
    "What does it mean to merge two branches?",
    "Can a buyer reject goods if they are defective?",
    "Does the company lose its rights after assignment?",
    "Is there a rule that bars oral modifications?",
    "What happens when a dict is modified while it is iterated over?",
    "Which drugs are used for those with renal failure?",
    "What is the statute of limitations for fraud?",
    "In California, is a licence transferable?",
    "For how long is the warranty valid?",
    "With what drugs does warfarin interact?",
    "And what is the statute of limitations in Ohio?",
    "damages",
    "   ",
]


@pytest.mark.parametrize("asked", STANDING)
@pytest.mark.parametrize("earlier", [CURE, PROCD])
def test_a_question_that_stands_alone_is_untouched(asked: str, earlier: str) -> None:
    assert resolve(asked, [earlier]) == (asked, "")


@pytest.mark.parametrize(
    ("history", "asked"),
    [
        ([], "Does it apply to software?"),
        ([], "and in California?"),
        ([], "why?"),
        ([" "], "what about cancellation?"),
        (["Can one sue?"], "Does it apply?"),
        ([CURE], "Is she liable?"),
        ([CURE], "Do they differ?"),
        ([CURE], "Was that case overruled?"),
        ([CURE], "Is this agreement governed by Delaware law?"),
        (["Compare ProCD v. Zeidenberg with Specht v. Netscape."], "Was that case overruled?"),
    ],
)
def test_what_cannot_be_told_is_asked_as_written_and_the_note_says_so(history: list[str], asked: str) -> None:
    resolved, note = resolve(asked, history)
    assert resolved == asked
    assert note.startswith("asked as written")


def test_a_chain_of_follow_ups_goes_on_from_the_completed_question() -> None:
    as_asked = [VERBAL, "and in California?"]
    assert resolve("and in Texas?", as_asked)[0] == "Is a verbal contract binding in Texas?"
    as_resolved = [VERBAL, "Is a verbal contract binding in California?"]
    assert resolve("and in Texas?", as_resolved)[0] == "Is a verbal contract binding in Texas?"


def test_a_case_named_earlier_than_the_last_question_is_still_meant_by_that_case() -> None:
    history = [PROCD, "What is a shrink-wrap licence?"]
    assert resolve("Was that case overruled?", history)[0] == "Was ProCD v. Zeidenberg overruled?"


def test_a_long_question_is_no_follow_up() -> None:
    asked = "Is it " * 1300
    assert resolve(asked, [CURE]) == (asked, "")


def test_the_note_shows_how_a_word_was_read() -> None:
    assert resolve("How is it treated?", ["What is hypertension?"])[1] == "“it” was read as “hypertension”"


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_no_text_breaks_it(asked: str, history: list[str]) -> None:
    resolved, note = resolve(asked, history)
    assert note or resolved == asked


_WORDS = "and or what about is does it they that case the in for why ? licence § 107 v. A , who to if"
_PIECES = st.lists(st.sampled_from(_WORDS.split(" ")), max_size=9).map(" ".join)


@given(_PIECES, st.lists(_PIECES, max_size=2))
def test_no_heap_of_question_words_breaks_it(asked: str, history: list[str]) -> None:
    resolved, note = resolve(asked, history)
    assert note or resolved == asked
