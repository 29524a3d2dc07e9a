"""The comparison of behaviour tells right fixes from wrong ones."""

import pytest

from tests.specialists.behaviour import VALUES, behaves_as_before, outcome


def test_a_right_fix_passes() -> None:
    code = """
        def f(x):
            return f"text", x
    """
    behaves_as_before("CC012", code, VALUES)


def test_a_pattern_that_finds_nothing_is_an_error() -> None:
    with pytest.raises(AssertionError, match="nothing is found"):
        behaves_as_before("CC012", "def f(): ...")


def test_a_fix_that_needs_a_review_is_an_error() -> None:
    with pytest.raises(AssertionError, match="not proven safe"):
        behaves_as_before("CC001", "def f(x, y=[]):\n    y.append(x)\n    return y\n", VALUES)


@pytest.mark.parametrize(
    "other",
    [
        "def f(xs): return effect(len(xs))",
        "def f(xs): xs.append(1)\ndef g(): ...",
        "def f(xs): return effect(xs[0])",
        "def f(xs): return tuple(xs)",
    ],
)
def test_outcomes_differ_by_result_argument_note_and_exception(other: str) -> None:
    assert outcome("def f(xs): return list(xs)", ([],)) != outcome(other, ([],))
