"""The part of `IndexContract` about the nearest alone."""

from __future__ import annotations

import numpy as np

from assay.testing.index_base import IndexBase, leaning, point
from assay.types import FieldFilter, Where


class IndexNearestTests(IndexBase):
    """`nearest` is the best cosine among what passes."""

    def test_nearest_is_the_best_cosine_of_what_passes(self) -> None:
        index = self.index(
            [
                point(1, ("a",), leaning(1, 0.9), access=("group:others",)),
                point(2, ("a",), leaning(2, 0.6), fields={"court": "ca1"}),
                point(3, ("a",), leaning(3, 0.3)),
                point(4, ("a",), leaning(4, 0.8), kind="document"),
            ]
        )
        rows = np.stack([leaning(0, 1.0), -leaning(0, 1.0)])
        expected = {
            Where(None): (0.9, -0.3),
            Where(("public",)): (0.6, -0.3),
            Where(("public",), (FieldFilter("court", "any", ("ca1",)),)): (0.6, -0.6),
            Where(("user:nobody",)): (0.0, 0.0),
        }
        for where, cosines in expected.items():
            found = index.nearest(where, rows)
            near = all(abs(one - other) <= self.cosine_tolerance for one, other in zip(found, cosines, strict=True))
            assert near, f"{where}: {found} instead of {cosines}"

    def test_nearest_of_no_vector_is_nothing(self) -> None:
        index = self.index([point(1, ("a",), leaning(1, 0.5))])
        assert index.nearest(Where(None), np.zeros((0, self.dimensions), np.float32)) == []
