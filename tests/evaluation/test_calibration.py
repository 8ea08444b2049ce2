"""Calibration figures against values worked out by hand and against forecasters whose quality is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assay.evaluation.calibration import auroc_interval, calibration, precision_at, reliability, risk_coverage


def test_a_forecaster_that_always_says_the_rate_has_no_error_and_knows_nothing() -> None:
    told = calibration([0.5] * 40, [1.0, 0.0] * 20)
    assert told.brier.mean == pytest.approx(0.25)
    assert told.auroc.mean == pytest.approx(0.5)
    assert told.mean_stated == told.share_right == 0.5


def test_the_error_of_an_overconfident_forecaster_is_the_distance() -> None:
    told = calibration([0.9] * 100, [1.0] * 50 + [0.0] * 50, bins=1)
    assert told.ece.mean == pytest.approx(0.4)
    assert told.ece.low < 0.4 < told.ece.high


def test_a_true_forecaster_shows_about_the_noise_that_is_told_beside_it() -> None:
    random = np.random.default_rng(7)
    chance = random.random(4000)
    right = (random.random(4000) < chance).astype(float)
    told = calibration(list(chance), list(right))
    assert told.ece.mean < 3 * told.noise
    assert told.ece.mean < 0.04


def test_bins_hold_the_same_number_of_questions_each() -> None:
    values = np.linspace(0, 1, 95)
    assert [item.n for item in reliability(values, values, 10)] == [10] * 5 + [9] * 5


def test_area_under_the_curve_counts_ties_half() -> None:
    assert auroc_interval([0.9, 0.5, 0.5, 0.1], [1.0, 1.0, 0.0, 0.0]).mean == pytest.approx(3.5 / 4)


def test_area_under_the_curve_of_one_class_is_not_a_number() -> None:
    assert math.isnan(auroc_interval([0.9, 0.5], [1.0, 1.0]).mean)


def test_precision_falls_with_coverage_where_confidence_is_good() -> None:
    curve = risk_coverage([0.9, 0.8, 0.7, 0.6], [1.0, 1.0, 0.0, 0.0], points=4)
    assert [point.precision for point in curve] == [1.0, 1.0, pytest.approx(2 / 3), 0.5]
    assert [point.coverage for point in curve] == [0.25, 0.5, 0.75, 1.0]


def test_equal_confidence_is_not_ordered_by_where_a_question_stands_in_the_file() -> None:
    first = precision_at([0.5] * 10, [1.0] * 5 + [0.0] * 5, 0.2).mean
    last = precision_at([0.5] * 10, [0.0] * 5 + [1.0] * 5, 0.2).mean
    assert first == last == pytest.approx(0.5)


def test_nothing_measured_is_not_a_number_and_never_zero() -> None:
    told = calibration([], [])
    assert told.n == 0
    assert math.isnan(told.ece.mean)
    assert math.isnan(told.share_right)
