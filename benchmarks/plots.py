"""Stage bars as SVG files, drawn from the result files: results/ingest.svg and results/question.svg.

`benchmarks.report` calls this; it needs no plotting library.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

_COLOURS = ("#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#ff8ab7", "#a463f2", "#97bbf5", "#9c6b4e")
_LEFT, _WIDTH, _BAR, _GAP, _TOP = 275, 500, 26, 14, 56


def stage_bars(title: str, unit: str, bars: Mapping[str, Mapping[str, float]]) -> str:
    """One stacked bar a row: how long each stage took, in `unit`, with a legend below."""
    names = list(dict.fromkeys(stage for bar in bars.values() for stage in bar))
    colours = {name: _COLOURS[at % len(_COLOURS)] for at, name in enumerate(names)}
    longest = max((sum(bar.values()) for bar in bars.values()), default=1.0) or 1.0
    height = _TOP + len(bars) * (_BAR + _GAP) + 22 * -(-len(names) // 3) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="880" height="{height}" '
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="16" y="28" font-size="16">{escape(title)}</text>',
    ]
    for row, (label, bar) in enumerate(bars.items()):
        parts.extend(_bar(row, label, bar, unit, longest, colours))
    parts.extend(_legend(_TOP + len(bars) * (_BAR + _GAP) + 14, colours))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bar(
    row: int, label: str, bar: Mapping[str, float], unit: str, longest: float, colours: Mapping[str, str]
) -> list[str]:
    y, x = _TOP + row * (_BAR + _GAP), float(_LEFT)
    parts = [f'<text x="{_LEFT - 10}" y="{y + 18}" text-anchor="end">{escape(label)}</text>']
    for name, value in bar.items():
        width = max(0.0, value) / longest * _WIDTH
        parts.append(
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{colours[name]}">'
            f"<title>{escape(name)}: {value:.3g} {unit}</title></rect>"
        )
        x += width
    return [*parts, f'<text x="{x + 8:.1f}" y="{y + 18}">{sum(bar.values()):.3g} {unit}</text>']


def _legend(y: int, colours: Mapping[str, str]) -> list[str]:
    parts = []
    for at, (name, colour) in enumerate(colours.items()):
        x, row = 24 + 280 * (at % 3), y + 22 * (at // 3)
        parts.append(f'<rect x="{x}" y="{row}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 18}" y="{row + 11}">{escape(name)}</text>')
    return parts
