"""The logistic model: it finds known weights, keeps working where a feature is absent, and is read back as written."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from assay.confidence.logistic import fit, from_mapping, plain_mapping, platt, sigmoid
from assay.errors import InputError


def _data(n: int = 3000) -> tuple[list[dict[str, float]], list[float]]:
    random = np.random.default_rng(3)
    values = random.normal(size=(n, 2))
    chance = 1 / (1 + np.exp(-(0.5 + 2.0 * values[:, 0])))
    labels = (random.random(n) < chance).astype(float)
    return [{"tells": float(a), "noise": float(b)} for a, b in values], list(labels)


def test_a_known_weight_is_found_and_noise_gets_next_to_none() -> None:
    rows, labels = _data()
    model = fit(rows, labels, ridge=1.0)
    weights = {term.name: term.weight / term.scale for term in model.terms}
    assert weights["tells"] == pytest.approx(2.0, abs=0.25)
    assert abs(weights["noise"]) < 0.15


def test_probabilities_agree_with_the_share_that_is_right() -> None:
    rows, labels = _data()
    model = fit(rows, labels, ridge=1.0)
    stated = np.array([model.probability(row) for row in rows])
    upper = stated > np.median(stated)
    assert stated[upper].mean() == pytest.approx(np.asarray(labels)[upper].mean(), abs=0.03)


def test_an_absent_feature_counts_as_its_mean_where_absence_was_never_seen() -> None:
    rows, labels = _data()
    model = fit(rows, labels, ridge=1.0)
    mean = {term.name: term.mean for term in model.terms}
    assert model.probability({"noise": 0.0}) == pytest.approx(model.probability({"noise": 0.0, "tells": mean["tells"]}))


def test_absence_that_tells_something_is_learned() -> None:
    rows = [{"a": 1.0 + i % 3} for i in range(100)] + [{} for _ in range(100)]
    model = fit(rows, [1.0] * 95 + [0.0] * 5 + [0.0] * 95 + [1.0] * 5, ridge=1.0)
    assert model.probability({"a": 2.0}) > 0.8
    assert model.probability({}) < 0.2


def test_a_wild_value_counts_no_more_than_a_few_deviations() -> None:
    rows, labels = _data()
    model = fit(rows, labels, ridge=1.0)
    assert model.probability({"tells": 1e9, "noise": 0.0}) == model.probability({"tells": 1e6, "noise": 0.0})


def test_a_model_is_read_back_as_it_was_written() -> None:
    rows, labels = _data(300)
    model = fit(rows, labels, ridge=1.0)
    assert from_mapping(json.loads(json.dumps(plain_mapping(model)))) == model


def test_a_broken_model_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        from_mapping({"terms": [{"name": "a"}], "bias": 0})


def test_labels_that_are_all_alike_teach_nothing_and_are_refused() -> None:
    with pytest.raises(InputError, match="same outcome"):
        fit([{"a": 1.0}, {"a": 2.0}], [1.0, 1.0], ridge=1.0)


def test_scaled_scores_are_turned_into_probabilities() -> None:
    random = np.random.default_rng(5)
    truth = random.normal(size=4000)
    labels = (random.random(4000) < 1 / (1 + np.exp(-truth))).astype(float)
    slope, shift = platt(list(3 * truth + 1), list(labels))
    assert slope == pytest.approx(1 / 3, abs=0.05)
    assert shift == pytest.approx(-1 / 3, abs=0.1)


def test_the_sigmoid_does_not_overflow() -> None:
    assert sigmoid(-1e6) == 0.0
    assert sigmoid(1e6) == 1.0
    assert math.isclose(sigmoid(0.0), 0.5)
