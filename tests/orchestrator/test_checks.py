"""Checks on generated text: each refuses what it is for, and lets a good text pass."""

import pytest

from chatbt.orchestrator.checks import Said, checks, failures, speakable
from chatbt.orchestrator.grounding.ground import ground_of
from tests.orchestrator.subjects import ADD, GOOD, subject_in

_SUBJECT = subject_in(ADD, "CC001")
_NAMES, _PATTERNS = speakable([ground_of(_SUBJECT.checker, _SUBJECT.problem)], [])


def failed(text: str, *, ended: bool = True) -> list[str]:
    return [one.check for one in failures(Said(text, ended, _NAMES, _PATTERNS))]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "Every call of `add` without a `bucket` appends its `item` to one list, which is made once by `def`.",
        "The default of `bucket` is made once. Then write:\n```python\ndef add(item, bucket=None):\n    ...\n```",
        "`CC001`: the list is made once when `def` runs (in Python 3.12 too), so calls share `bucket`.",
    ],
)
def test_good_texts_pass(text: str) -> None:
    assert failed(text) == []


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("names", "The list in `basket` is shared by all calls of `add`."),
        ("names", "The default of `bucket` is shared: call make_bucket() instead of that."),
        ("names", "The default of `bucket` is shared with every other_call of it."),
        ("modules", "The list in `bucket` is made once: `import bucketlib` mends that."),
        ("modules", "The list in `bucket` is made once: the `bucketlib` module mends that."),
        ("versions", "The default of `bucket` is made once, since Python 3.99 at least."),
        ("versions", "The default of `bucket` is made once, since Python 4 at least."),
        ("blocks", "The default of `bucket` is made once. Write:\n```python\ndef add(item, bucket=None:\n```"),
        ("ending", "The default of `bucket` is made once, and every call that"),
        ("ending", "The default of `bucket is made once, and every call shares it."),
        ("ending", "The default.\n```python\nadd = 1"),
        ("ending", "Shared."),
        ("ending", 'Keep one default of "bucket, or make it new in each call.'),
        ("ending", 'Keep one default of `"bucket`, or make it new in each call.'),
        ("loops", "The default of `bucket` is shared by calls. The default of `bucket` is shared by calls."),
        ("loops", "The default of `bucket` is the list the list the list the list the list of `add`."),
        ("pattern", "The default of `bucket` is made once, as PY019 says of it."),
        (
            "topic",
            "A bare except catches `KeyboardInterrupt` and `SystemExit` too: name the exceptions that you expect.",
        ),
    ],
)
def test_what_is_wrong_is_refused_by_its_check(check: str, text: str) -> None:
    assert check in failed(text)


def test_a_text_that_its_writer_did_not_end_is_refused() -> None:
    assert failed(GOOD, ended=False) == ["ending"]


def test_every_check_says_what_it_is_for() -> None:
    assert all(module.__globals__["__doc__"] for module in checks().values())
