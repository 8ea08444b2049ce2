"""Fitting: by family, calibrated on natural questions, told with figures of unseen families."""

from __future__ import annotations

import numpy as np
import pytest

from assay.confidence.logistic import sigmoid
from assay.confidence.training import FOLDS, Example, fit_examples, fold_of
from assay.errors import InputError


def _examples(n: int = 1500, families: int = 300) -> list[Example]:
    random = np.random.default_rng(11)
    found = []
    for i in range(n):
        tell = float(random.normal())
        right = float(random.random() < sigmoid(1.5 * tell - 0.5))
        found.append(Example({"tell": tell, "noise": float(random.normal())}, right, f"f{i % families}", "d"))
    return found


def test_held_out_probabilities_agree_with_what_was_right() -> None:
    examples = _examples()
    fitted = fit_examples(examples)
    stated, right = np.array(fitted.held_out), np.array([e.label for e in examples])
    assert stated.mean() == pytest.approx(right.mean(), abs=0.02)
    assert stated[right == 1].mean() > stated[right == 0].mean() + 0.15


def test_a_family_is_never_on_both_sides() -> None:
    random = np.random.default_rng(2)
    rows = []
    for family in range(100):
        label = float(random.random() < 0.5)
        # What tells the label is the family itself: learned by heart, it would look perfect.
        rows += [Example({f"is{family}": 1.0}, label, f"f{family}") for _ in range(5)]
    fitted = fit_examples(rows)
    right = np.array([row.label for row in rows])
    stated = np.array(fitted.held_out)
    assert abs(stated[right == 1].mean() - stated[right == 0].mean()) < 0.1


def test_probabilities_are_calibrated_on_natural_questions_alone() -> None:
    examples = _examples()
    unnatural = [Example(e.features, 0.0, e.family, "d", natural=False) for e in examples]
    fitted = fit_examples([*examples, *unnatural])
    natural = np.array(fitted.held_out[: len(examples)])
    assert natural.mean() == pytest.approx(np.mean([e.label for e in examples]), abs=0.03)


def test_the_fold_of_a_family_does_not_depend_on_the_other_families() -> None:
    assert [fold_of(f"f{i}") for i in range(5)] == [fold_of(f"f{i}") for i in range(5)]
    assert {fold_of(f"f{i}") for i in range(200)} == set(range(FOLDS))


def test_too_few_families_are_refused_with_what_is_needed() -> None:
    with pytest.raises(InputError) as raised:
        fit_examples([Example({"a": float(i)}, float(i % 2), "one") for i in range(200)])
    assert "families" in raised.value.why


def test_the_card_counts_what_was_fitted_on() -> None:
    card = fit_examples(_examples(300, 100)).card
    assert (card["examples"], card["families"], card["by_domain"]) == (300, 100, {"d": 300})
    assert str(card["ridge"]).rstrip("0").rstrip(".") in card["held_out_log_loss"]
