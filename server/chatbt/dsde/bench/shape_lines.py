"""The report on pairs in the shapes of real models, to be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def lines(report: dict[str, Any]) -> Iterator[str]:
    """Line by line."""
    yield f"{report['machine']['device']}, torch {report['machine']['torch']}, {report['dtype']}"
    yield f"copies {report['copy bandwidth, bytes a second'] / 1e9:.0f} GB/s, read and written"
    for name, found in report["pairs"].items():
        plain, rivals = found["plain"], found["transformers"]
        yield f"\n{name}: a step takes at least {found['floor of a step, seconds'] * 1e3:.3f} ms"
        yield (
            f"  plain: {plain['1']['tokens a second']:.1f} tokens/s ({plain['share of the floor']:.0%} of the floor), "
            f"16 rows {plain['16']['tokens a second']:.1f}"
        )
        yield f"  transformers, eager: {rivals['1']:.1f} tokens/s, 16 rows {rivals['16']:.1f}"
        for wanted, dsde in found["dsde"].items():
            one, many = dsde["1"], dsde["16"]
            yield f"  DSDE at acceptance {wanted} (measured {dsde['acceptance of first places']:.2f})"
            yield (
                f"    {one['tokens a second']:.1f} tokens/s: {one['over plain']:.2f} x plain (at best "
                f"{dsde['ceiling over plain']:.2f} with a draft step of {dsde['draft step over target step']:.2f}), "
                f"{one['over transformers at this batch']:.1f} x transformers"
            )
            yield (
                f"    16 rows {many['tokens a second']:.1f}: {many['over plain']:.2f} x plain, "
                f"{many['over transformers at this batch']:.1f} x transformers, "
                f"{dsde['16 rows over one stream of transformers']:.1f} x one stream of it"
            )
            yield (
                f"    controller {one['controller share']:.1%} of a round, with 16 rows "
                f"{many['controller share']:.1%}; recorded after the warm-up: {dsde['recorded after the warm-up']}; "
                f"{'the' if dsde['answer of plain decoding'] else 'not the'} answer of plain decoding"
            )
