"""Scoring a verifier over labelled claims, and the rules that make the benchmark's claims."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from assay.errors import InputError, VerificationError  # noqa: E402
from assay.evaluation.verification import LIMITS, run, wilson  # noqa: E402
from benchmarks.verification import context, draw, names, quantities, sources, words  # noqa: E402
from benchmarks.verification.change import Change, differs  # noqa: E402
from benchmarks.verification.corpora import Source  # noqa: E402
from benchmarks.verification.make import HASHES, hashes, make  # noqa: E402
from benchmarks.verification.record import Made, canonical, faults, to_record, within  # noqa: E402
from benchmarks.verification.sentences import sentences  # noqa: E402

Answers = dict[str, tuple[str, float] | None]


def claim(identity: str, expected: str, **more: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "class": "verbatim",
        "expected": expected,
        "claim": "A.",
        "quotes": [{"passage": 1, "quote": "A."}],
        "passages": [{"document_id": "d", "title": "", "text": "A. B."}],
        "domain": "legal",
        **more,
    }


def write(folder: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    path = folder / "claims.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def answering(answers: Answers) -> Callable[[Mapping[str, Any]], tuple[str, float] | None]:
    return lambda record: answers[str(record["id"])]


# --- scoring --------------------------------------------------------------------------------------------------------


def test_the_wilson_interval_is_that_of_the_textbook_and_never_leaves_0_to_1() -> None:
    rate = wilson(8, 10)
    assert (round(rate.low, 4), round(rate.high, 4)) == (0.4902, 0.9433)
    assert wilson(0, 100).low == 0.0
    assert round(wilson(0, 100).high, 4) == 0.0370
    assert wilson(100, 100).high == 1.0
    assert wilson(0, 0).n == 0


def test_passing_a_false_claim_and_refusing_a_true_one_are_counted_apart(tmp_path: Path) -> None:
    path = write(tmp_path, [claim("f1", "not_supported"), claim("f2", "not_supported"), claim("t1", "supported")])
    report = run(path, answering({"f1": ("supported", 1.0), "f2": ("partly", 0.6), "t1": ("fabricated", 0.0)}))
    assert (report.verbatim.false_supported.count, report.verbatim.false_supported.n) == (1, 2)
    assert (report.verbatim.false_not_supported.count, report.verbatim.false_not_supported.n) == (1, 1)
    assert [o.error for o in report.outcomes] == ["false_supported", "", "false_not_supported"]


def test_a_true_claim_shown_in_part_is_an_error_but_not_rejected(tmp_path: Path) -> None:
    path = write(tmp_path, [claim("t1", "supported"), claim("t2", "supported")])
    report = run(path, answering({"t1": ("partly", 0.7), "t2": ("unsupported", 0.0)}))
    assert report.verbatim.false_not_supported.count == 2
    assert report.verbatim.rejected.count == 1


@pytest.mark.parametrize(
    ("verdict", "error"),
    [("supported", "false_supported"), ("partly", ""), ("unsupported", "false_not_supported")],
)
def test_a_claim_labelled_partly_must_be_neither_passed_whole_nor_refused(
    tmp_path: Path, verdict: str, error: str
) -> None:
    report = run(write(tmp_path, [claim("p", "partly")]), answering({"p": (verdict, 0.9)}))
    assert report.outcomes[0].error == error


def test_support_below_the_threshold_is_not_supported(tmp_path: Path) -> None:
    path = write(tmp_path, [claim("f", "not_supported")])
    assert run(path, answering({"f": ("supported", 0.8)}), threshold=0.85).verbatim.false_supported.count == 0
    assert run(path, answering({"f": ("supported", 0.85)}), threshold=0.85).verbatim.false_supported.count == 1


def test_paraphrases_and_controls_are_never_pooled_with_the_verbatim_classes(tmp_path: Path) -> None:
    records = [
        claim("v", "supported"),
        claim("p1", "supported", kind="paraphrase"),
        claim("p2", "supported", kind="paraphrase"),
        claim("c", "supported", kind="control"),
    ]
    refused = ("unsupported", 0.0)
    answers: Answers = {"v": refused, "p2": refused, "c": refused, "p1": ("supported", 1.0)}
    report = run(write(tmp_path, records), answering(answers))
    assert report.verbatim.claims == 1
    assert (report.coverage.count, report.coverage.n) == (1, 2)
    assert set(report.by_domain) == {"legal"}
    assert report.by_domain["legal"].claims == 1


def test_claims_without_a_usable_verdict_are_counted_and_named_and_enter_no_rate(tmp_path: Path) -> None:
    def verify(record: Mapping[str, Any]) -> tuple[str, float] | None:
        if record["id"] == "error":
            raise VerificationError("the draft could not be checked")
        return {"none": None, "odd": ("perhaps", 0.5), "far": ("supported", 1.5)}.get(record["id"], ("supported", 1.0))

    records = [claim(name, "supported") for name in ("error", "none", "odd", "far", "good")]
    report = run(write(tmp_path, records), verify, limits={"false_not_supported": 0.5})
    assert [item.id for item in report.unscored] == ["error", "none", "odd", "far"]
    assert report.verbatim.claims == report.scored == 1
    assert report.claims == 5
    assert report.exit_code == 2, "claims without a verdict break the default limit of none"


def test_a_broken_limit_gives_exit_code_2_and_names_itself(tmp_path: Path) -> None:
    path = write(tmp_path, [claim("f", "not_supported"), claim("t", "supported")])
    verify = answering({"f": ("supported", 1.0), "t": ("supported", 1.0)})
    assert run(path, verify).exit_code == 0
    assert run(path, verify, limits={"false_not_supported": 0.02}).exit_code == 0
    report = run(path, verify, limits=LIMITS.parse(["false_supported=0.01"]))
    assert report.exit_code == 2
    assert "false_supported: 100.00% (1 of 1)" in report.text()


def test_a_limit_that_nothing_was_measured_for_is_broken(tmp_path: Path) -> None:
    path = write(tmp_path, [claim("t", "supported")])
    report = run(path, answering({"t": ("supported", 1.0)}), limits={"coverage": 0.0})
    assert report.breaches == ("coverage: nothing measured, at least 0.00% allowed",)


@pytest.mark.parametrize("text", ["speed=1", "coverage=much", "coverage=2", "coverage"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        LIMITS.parse([text])


def test_the_frozen_half_is_held_back_until_asked_for_and_then_announced(tmp_path: Path) -> None:
    path = write(tmp_path, [claim("d", "supported", half="development"), claim("z", "supported", half="frozen")])
    verify = answering({"d": ("supported", 1.0), "z": ("supported", 1.0)})
    report = run(path, verify)
    assert (report.scored, report.held_back, report.notice) == (1, 1, "")
    looked = run(path, verify, frozen=True)
    assert looked.scored == 2
    assert looked.text().startswith("NOTICE")
    with pytest.raises(InputError, match="frozen"):
        run(write(tmp_path, [claim("z", "supported", half="frozen")]), verify)


@pytest.mark.parametrize(
    "record",
    [
        {"id": "x"},
        claim("x", "maybe"),
        claim("x", "supported", kind="other"),
        claim("x", "supported", quotes=[{"passage": 2, "quote": "A."}]),
        claim("x", "supported", quotes="A."),
        claim("x", "supported", passages=[{"text": "A."}]),
    ],
)
def test_a_record_that_is_no_claim_is_refused_with_its_place(tmp_path: Path, record: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="claim 1"):
        run(write(tmp_path, [record]), answering({}))


def test_an_id_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="more than once"):
        run(write(tmp_path, [claim("x", "supported"), claim("x", "supported")]), answering({}))


def test_the_summary_is_json_without_nan(tmp_path: Path) -> None:
    report = run(write(tmp_path, [claim("t", "supported")]), answering({"t": ("supported", 1.0)}))
    summary = json.loads(json.dumps(report.summary(), allow_nan=False))
    assert summary["verbatim"]["false_supported"]["rate"] is None
    assert summary["verbatim"]["false_not_supported"]["rate"] == 0.0
    assert "outcomes" not in summary


# --- the rules of the maker -----------------------------------------------------------------------------------------


def source(domain: str = "legal", text: str = "", title: str = "Smith v. Jones", **metadata: Any) -> Source:
    return Source("d", title, text, domain, "opinion", metadata)


def changes(rule: Callable[[str, Source], Iterable[Change]], text: str, domain: str = "legal") -> list[str]:
    found = list(rule(text, source(domain, text)))
    assert all(differs(change, text) for change in found)
    return [change.text for change in found]


@pytest.mark.parametrize(
    ("rule", "text", "changed"),
    [
        (words.negation, "The motion was not timely under the rule.", "The motion was timely under the rule."),
        (words.negation, "The lease was signed by both.", "The lease was not signed by both."),
        (words.modality, "The tenant may renew the lease.", "The tenant must renew the lease."),
        (words.direction, "Doses were higher in the first group.", "Doses were lower in the first group."),
        (words.quantifier, "The lender shall return all documents.", "The lender shall return only some documents."),
        (words.quantifier, "It lasted at least 30 days.", "It lasted at most 30 days."),
        (quantities.units, "Notice is due within thirty (30) days.", "Notice is due within thirty (30) weeks."),
        (names.names, "The Buyer shall inspect the goods.", "The Seller shall inspect the goods."),
    ],
)
def test_each_rule_changes_the_one_place_that_it_is_about(
    rule: Callable[[str, Source], Iterable[Change]], text: str, changed: str
) -> None:
    possible = changes(rule, text)
    if rule is quantities.units:
        possible = [changed if other in possible else "" for other in (changed, changed.replace("weeks", "months"))]
    assert changed in possible


def test_a_spelt_number_and_its_figure_change_together() -> None:
    (changed,) = changes(quantities.numbers, "Payment is due within thirty (30) days of the invoice.")
    word, figure = changed.split("within ")[1].split(" (")[0], changed.split("(")[1].split(")")[0]
    assert quantities._SPELT[word] == int(figure) != 30


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (quantities.numbers, "We follow Section 12 and Rule 56 here."),
        (quantities.numbers, "The standard stands in 477 U.S. 242 and binds us."),
        (quantities.numbers, "It was added in version 3.9 of the library."),
        (words.negation, "The court asked whether the notice was not timely."),
        (words.direction, "The lower court dismissed the claim."),
        (words.direction, "Values were higher or lower than expected."),
        (words.modality, "Use ``may`` here."),
        (words.quantifier, "All-cause mortality fell."),
        (words.quantifier, "Not all documents were returned."),
    ],
)
def test_no_rule_touches_what_is_no_case_of_it(rule: Callable[[str, Source], Iterable[Change]], text: str) -> None:
    assert changes(rule, text) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Plaintiff argues that the district court erred in its reading.", "The district court erred in its reading."),
        (
            "If the goods do not conform, the buyer may reject the whole of the delivery.",
            "The buyer may reject the whole of the delivery.",
        ),
        (
            "The licensee may assign this agreement to anyone unless the licensor objects.",
            "The licensee may assign this agreement to anyone.",
        ),
    ],
)
def test_a_quotation_out_of_context_keeps_the_words_and_loses_what_limits_them(text: str, kept: str) -> None:
    assert [cut.claim for cut in context.out_of_context(text, source())] == [kept]
    assert list(context.extracts(text, source())) == [], "a limiting word bars the faithful extract"


def test_a_finding_is_not_taken_for_a_hypothesis() -> None:
    text = "We also determined that active caspase was required for restriction of the infection."
    assert list(context.out_of_context(text, source("medical"))) == []


def test_a_faithful_extract_is_one_clause_of_two() -> None:
    text = (
        "The sales article governs the contracts of the parties in this matter; the lease article governs the "
        "equipment that the lessor delivered to them."
    )
    kept = [cut.claim for cut in context.extracts(text, source())]
    assert "The sales article governs the contracts of the parties in this matter." in kept


def test_a_stitched_sentence_has_the_subject_of_one_and_the_predicate_of_another() -> None:
    first = "The security deposit was returned to the tenant within thirty days of the move."
    second = "The roofing contractor was paid in full before any inspection of the work took place."
    change = sources.joined(first, second)
    assert change is not None
    assert change.text == "The security deposit was paid in full before any inspection of the work took place."
    assert sources.joined(first, first) is None


def test_sentences_are_clean_or_left_out() -> None:
    text = (
        "RESULTS: The treated group recovered faster than the control group did (P = 0.03). See id. at 12. It was so. "
        "In Smith v. Jones, Inc., the panel held that the notice had been given in good time to the buyer."
    )
    assert [s.text for s in sentences(text)] == [
        "The treated group recovered faster than the control group did (P = 0.03).",
        "In Smith v. Jones, Inc., the panel held that the notice had been given in good time to the buyer.",
    ]
    assert all(text[s.start : s.end] == s.raw for s in sentences(text))


# --- records --------------------------------------------------------------------------------------------------------


def made(**more: Any) -> Made:
    passage = Source("d1", "One", "The buyer may reject the goods. The seller may cure.", "legal", "statute")
    other = Source("d2", "Two", "The carrier is bound by the bill.", "legal", "statute")
    fields: dict[str, Any] = {
        "name": "verbatim",
        "kind": "verbatim",
        "expected": "supported",
        "domain": "legal",
        "claim": "The buyer may reject the goods.",
        "quotes": ((1, "The buyer may reject the goods."),),
        "passages": (passage, other),
        "question": "?",
        "rule": "r",
        "where": "nothing",
    }
    return Made(**(fields | more))


def test_a_record_that_breaks_the_promise_of_its_class_is_refused() -> None:
    assert faults(made()) == []
    assert faults(made(quotes=((2, "The buyer may reject the goods."),)))
    false = {"name": "modality_changed", "expected": "not_supported", "claim": "The buyer must reject the goods."}
    assert faults(made(**false, where="claim")) == []
    assert faults(made(**false, where="claim_and_quote")), "the quotation should be changed too"
    assert faults(made(**false | {"claim": "The seller may cure."}, where="claim")), "the claim stands in a passage"
    wrong = {"name": "misattributed", "expected": "not_supported", "where": "attribution"}
    assert faults(made(**wrong, quotes=((2, "The buyer may reject the goods."),))) == []
    assert faults(made(**wrong))


def test_print_brackets_and_marked_omissions_do_not_make_a_quotation_false() -> None:
    text = "The ﬁrst party’s notice (as defined) was re-\nceived on time."
    assert within("[t]he first party's notice [...] was received on time.", text)
    assert not within("The first party's notice was never received on time.", text)


def test_the_half_and_the_bytes_depend_on_the_records_alone() -> None:
    records = [to_record(made(question=f"{n}", claim="The buyer may reject the goods." + " " * n)) for n in range(40)]
    assert canonical(records) == canonical(records[::-1])
    assert {record["half"] for record in records} == {"development", "frozen"}
    assert all(record["half"] == draw.half_of(record["id"]) for record in records)


def test_the_maker_shares_no_code_with_the_verifier_and_the_driver_calls_it_by_its_public_function_only() -> None:
    imported: dict[str, set[str]] = {}
    for path in (ROOT / "benchmarks" / "verification").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("assay"):
                imported.setdefault(path.name, set()).update(f"{node.module}.{name.name}" for name in node.names)
            if isinstance(node, ast.Import):
                assert not any(name.name.startswith("assay") for name in node.names)
    assert set(imported) == {"score.py"}
    assert not any(name.startswith("assay.verify") for names in imported.values() for name in names)
    adapter = (ROOT / "src" / "assay" / "evaluation" / "verifier.py").read_text(encoding="utf-8")
    assert re.findall(r"from (assay\.verify\S*) import (.*)", adapter) == [("assay.verify", "verify")]


@pytest.mark.slow
def test_the_set_made_from_the_shared_data_is_the_recorded_one(shared_data: Path) -> None:
    files = make(shared_data)
    assert hashes(files) == HASHES.read_text(encoding="utf-8")
    claims = [record for half in ("development", "frozen") for record in files[half]]
    natural = [record for half in ("development", "frozen") for record in files[f"paraphrases-{half}"]]
    assert len(claims) >= 2400
    assert len(natural) >= 500
    assert len({record["id"] for record in claims + natural}) == len(claims) + len(natural)
    assert {record["domain"] for record in claims} == {"legal", "medical", "technical"}
