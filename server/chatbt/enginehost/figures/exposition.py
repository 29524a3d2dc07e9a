"""The figures as Prometheus reads them: its text format, version 0.0.4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

Labels = Mapping[str, str | int | float]


def metric(name: str, kind: str, meaning: str, samples: Iterable[tuple[Labels, float | None]]) -> Iterator[str]:
    """The lines of one metric; a sample of None is left out."""
    yield f"# HELP chatbt_{name} {meaning}"
    yield f"# TYPE chatbt_{name} {kind}"
    for labels, value in samples:
        if value is not None:
            yield f"chatbt_{name}{_braced(labels)} {_number(value)}"


def histogram(name: str, meaning: str, counts: Mapping[float, int], bounds: Iterable[float]) -> Iterator[str]:
    """The lines of a histogram whose counts are by upper bound; beyond the last: infinity."""
    yield f"# HELP chatbt_{name} {meaning}"
    yield f"# TYPE chatbt_{name} histogram"
    total = 0
    for bound in (*bounds, float("inf")):
        total += counts.get(bound, 0)
        shown = "+Inf" if bound == float("inf") else f"{bound:g}"
        yield f'chatbt_{name}_bucket{{le="{shown}"}} {total}'
    yield f"chatbt_{name}_count {total}"


def _braced(labels: Labels) -> str:
    told = ",".join(f'{name}="{_escaped(str(value))}"' for name, value in labels.items())
    return f"{{{told}}}" if told else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else repr(float(value))
