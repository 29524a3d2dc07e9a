"""The report as text. Every ratio names what it is over; "2.00 (1.90-2.10)" is a median with the extremes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chatbt.dsde.bench.figures import Spread, rates

CERTAIN = 1e-4
"""Two logits that are nearer than this are a tie in float32: either token is right."""


def lines(report: Mapping[str, Any]) -> Iterator[str]:
    """The whole report."""
    machine = report["machine"]
    yield ", ".join(f"{name} {value}" for name, value in machine.items())
    for which in ("target", "draft"):
        if report["models"].get(which):
            yield f"{which}: " + ", ".join(f"{name} {value}" for name, value in report["models"][which].items())
    if "singles" in report:
        yield from _singles(report["singles"])
    for trouble, table in report.get("low", {}).items():
        yield f"\nLow acceptance: {trouble}"
        yield from _runners(table["runners"])
        yield from _ratios(table["ratios"])
        yield from _ratios({f"{name}, in rounds": spread for name, spread in table["in rounds"].items()})
    if "batches" in report:
        yield from _batches(report["batches"])


def _singles(table: Mapping[str, Any]) -> Iterator[str]:
    for group, rows in table["sets"].items():
        yield f"\nBatch 1: {group}"
        yield from _runners(rows)
        yield from _ratios(table["ratios"][group])
    yield "\nBatch 1: all sets"
    yield from _ratios(table["mixture"])
    if table["one length for all"]:
        yield "\nBatch 1: the fixed length that is best for all sets together"
        yield from _ratios(table["one length for all"])
    yield "\nThe speed-up over plain decoding in rounds, as the engine estimates it, and as measured"
    for group, rows in table["sets"].items():
        for name in ("dsde", "dsde, model only"):
            if name in rows:
                estimate = rows[name]["estimated speed-up"]
                measured = Spread.of(_over(rows["plain"], rows[name]))
                yield f"  {group + ', ' + name:<44} {estimate:6.2f}   {_spread(measured)}"
    yield from _closing(table)


def _over(slower: Mapping[str, Any], faster: Mapping[str, Any]) -> list[float]:
    pairs = zip(slower["seconds in rounds"], faster["seconds in rounds"], strict=True)
    return [one / other for one, other in pairs]


def _batches(table: Mapping[str, Any]) -> Iterator[str]:
    for size, own in table["sizes"].items():
        yield f"\nBatch {size}: tokens a second of all rows together, prompts included"
        yield from _runners(own["runners"])
        yield from _ratios(own["ratios"])
    yield from _closing(table)


def _closing(table: Mapping[str, Any]) -> Iterator[str]:
    yield "\nThe controller (signals and policy) by round"
    for name, share in table["controller"].items():
        own, whole = share["controller"] * 1e6, share["round"] * 1e6
        yield f"  {name:<28} {own:6.0f} us of {whole:6.0f} us, {own / whole:.1%}"
    yield from differences(table["differences"])


def differences(found: list[Mapping[str, Any]]) -> Iterator[str]:
    """What was not the answer of plain decoding, near-ties apart from the rest."""
    near = [each for each in found if each["gap in logits"] < CERTAIN]
    far = [each for each in found if each["gap in logits"] >= CERTAIN]
    yield f"\nAnswers that are not plain decoding's: {len(near)} by a tie (logits within {CERTAIN:g})"
    yield f"and {len(far)} others"
    for each in far:
        yield "  " + ", ".join(f"{name} {value}" for name, value in each.items())


def _runners(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    head = ("", "tokens/s", "in rounds", "accepted", "tokens/round", "draft/verify/host", "lengths")
    yield "  {:<26}{:>20} {:>10} {:>9} {:>13} {:>18}  {}".format(*head)
    for name, row in rows.items():
        whole = rates(row["tokens"], row["seconds"])
        text = f"  {name:<26}{whole.median:8.0f} ({whole.low:.0f}-{whole.high:.0f})".ljust(48)
        if "acceptance" in row:
            inside = rates(row["tokens"], row["seconds in rounds"]).median
            split = "/".join(f"{part:.0%}" for part in row["draft, verify, host"])
            shown = [row["acceptance"], row["tokens a round"]]
            text += f" {inside:10.0f} {shown[0]:9.2f} {shown[1]:13.2f} {split:>18}  {_histogram(row['lengths'])}"
        yield text.rstrip()


def _histogram(lengths: Mapping[str, int]) -> str:
    """In percent of the rounds."""
    count = sum(lengths.values())
    return " ".join(f"{length}:{100 * rounds / count:.0f}" for length, rounds in lengths.items())


def _ratios(ratios: Mapping[str, Spread]) -> Iterator[str]:
    for name, spread in ratios.items():
        yield f"  {name:<58} {_spread(spread)}"


def _spread(spread: Spread) -> str:
    return f"{spread.median:6.2f} ({spread.low:.2f}-{spread.high:.2f})"
