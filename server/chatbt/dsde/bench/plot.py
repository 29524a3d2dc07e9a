"""Bars of tokens a second, by set, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

BAR, GAP, LEFT, HEIGHT, TOP, LEGEND = 22, 26, 60, 260, 24, 20
COLOURS = ("#8c8c8c", "#b5b5b5", "#4878a8", "#e0a030", "#2f9e6e", "#a05080")


def svg(bars: Mapping[str, Mapping[str, float]], title: str) -> str:
    """`bars` by set, then by runner. Every set has the same runners; 0 stands for none."""
    names = list(dict.fromkeys(name for own in bars.values() for name in own))
    wide = len(names) * BAR + GAP
    width = LEFT + len(bars) * wide + GAP
    height = TOP + HEIGHT + 30 + LEGEND * len(names)
    most = max((value for own in bars.values() for value in own.values()), default=0.0) or 1.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">',
        "<style>text { font: 12px sans-serif; fill: #222 } .value { font-size: 9px }</style>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{LEFT}" y="16">{escape(title)}</text>',
        *_axis(most, width),
    ]
    for at, (group, own) in enumerate(bars.items()):
        left = LEFT + at * wide + GAP // 2
        parts += _bars(own, names, left, most)
        parts.append(
            f'<text x="{left + len(names) * BAR / 2:.0f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">'
            f"{escape(group)}</text>"
        )
    for at, name in enumerate(names):
        y = TOP + HEIGHT + 28 + at * LEGEND
        parts.append(f'<rect x="{LEFT}" y="{y}" width="12" height="12" fill="{_colour(at)}"/>')
        parts.append(f'<text x="{LEFT + 18}" y="{y + 11}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _bars(own: Mapping[str, float], names: Sequence[str], left: int, most: float) -> Iterator[str]:
    for at, name in enumerate(names):
        value = own.get(name, 0.0)
        tall = HEIGHT * value / most
        x, y = left + at * BAR, TOP + HEIGHT - tall
        yield f'<rect x="{x}" y="{y:.1f}" width="{BAR - 3}" height="{tall:.1f}" fill="{_colour(at)}"/>'
        yield f'<text x="{x + BAR // 2}" y="{y - 3:.1f}" text-anchor="middle" class="value">{value:.0f}</text>'


def _axis(most: float, width: int) -> Iterator[str]:
    for part in range(5):
        y = TOP + HEIGHT * (1 - part / 4)
        yield f'<line x1="{LEFT}" x2="{width}" y1="{y:.0f}" y2="{y:.0f}" stroke="#e4e4e4"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">{most * part / 4:.0f}</text>'


def _colour(at: int) -> str:
    return COLOURS[at % len(COLOURS)]
