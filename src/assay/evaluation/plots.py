"""Reliability diagrams and risk-coverage curves as SVG text; no plotting library is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from assay.evaluation.calibration import Bin, CoveragePoint

_COLOURS = ("#4269d0", "#ff725c", "#3ca951", "#a463f2", "#efb118", "#9c6b4e", "#6cc5b0", "#97bbf5")
_LEFT, _TOP, _WIDE, _HIGH = 64, 52, 420, 320
Points = Sequence[tuple[float, float, int]]


def reliability_plot(title: str, curves: Mapping[str, Sequence[Bin]]) -> str:
    """Share right over stated probability, a dot a bin of equal mass; the diagonal is perfect."""
    points = {name: [(item.stated, item.right, item.n) for item in bins] for name, bins in curves.items()}
    diagonal = f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#999" stroke-dasharray="4 4"/>'
    return _plot(title, "stated", "right", points, [diagonal])


def coverage_plot(title: str, curves: Mapping[str, Sequence[CoveragePoint]]) -> str:
    """Share right among the most confident, over the share of questions kept."""
    points = {name: [(item.coverage, item.precision, item.n) for item in curve] for name, curve in curves.items()}
    return _plot(title, "questions kept, most confident first", "right", points, [])


def _plot(title: str, across: str, up: str, curves: Mapping[str, Points], extra: Sequence[str]) -> str:
    height = _TOP + _HIGH + 64 + 20 * len(curves)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDE + 40}" height="{height}" '
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="16" y="28" font-size="16">{escape(title)}</text>',
        *_axes(across, up),
        *extra,
    ]
    for at, (name, points) in enumerate(curves.items()):
        colour = _COLOURS[at % len(_COLOURS)]
        parts.extend(_curve(points, colour))
        y = _TOP + _HIGH + 60 + 20 * at
        parts.append(f'<rect x="{_LEFT}" y="{y - 11}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{_LEFT + 18}" y="{y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axes(across: str, up: str) -> list[str]:
    parts = [f'<rect x="{_x(0)}" y="{_y(1)}" width="{_WIDE}" height="{_HIGH}" fill="none" stroke="#333"/>']
    for tenth in range(0, 11, 2):
        share = tenth / 10
        parts.append(f'<text x="{_x(share)}" y="{_y(0) + 18}" text-anchor="middle">{share:g}</text>')
        parts.append(f'<text x="{_LEFT - 8}" y="{_y(share) + 4}" text-anchor="end">{share:g}</text>')
        parts.append(f'<line x1="{_x(0)}" y1="{_y(share)}" x2="{_x(1)}" y2="{_y(share)}" stroke="#eee"/>')
    middle = _LEFT + _WIDE / 2
    parts.append(f'<text x="{middle}" y="{_y(0) + 38}" text-anchor="middle">{escape(across)}</text>')
    parts.append(f'<text x="{_LEFT}" y="{_TOP - 6}">{escape(up)}</text>')
    return parts


def _curve(points: Points, colour: str) -> list[str]:
    line = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y, _ in points)
    dots = [
        f'<circle cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="3.5" fill="{colour}">'
        f"<title>{x:.3f}: {y:.3f} of {n}</title></circle>"
        for x, y, n in points
    ]
    return [f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>', *dots]


def _x(share: float) -> float:
    return _LEFT + share * _WIDE


def _y(share: float) -> float:
    return _TOP + (1 - share) * _HIGH
