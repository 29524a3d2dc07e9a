"""Code that is run to see whether it raises."""

import pytest

from chatbt.analysis.expectation import expects_exception, guarded_by
from tests.analysis.asked import asked


@pytest.mark.parametrize(
    "code",
    [
        "with pytest.raises(E):\n    here(a)",
        "with suppress(E), open(b):\n    if c:\n        here(a)",
        "with self.assertRaisesRegex(E, b) as c:\n    here(a)",
    ],
)
def test_an_exception_is_waited_for(code: str) -> None:
    assert expects_exception(asked(code)[0])


@pytest.mark.parametrize(
    "code", ["with open(b):\n    here(a)", "with suppress(here(a)): pass", "with raises(E):\n    def f(): here(a)"]
)
def test_no_exception_is_waited_for(code: str) -> None:
    assert not expects_exception(asked(code)[0])


def test_a_try_guards_its_body() -> None:
    assert guarded_by(asked("try:\n    if b:\n        here(a)\nexcept E:\n    pass")[0]) is not None


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    here(a)\nfinally:\n    pass",
        "try:\n    pass\nexcept E:\n    here(a)",
        "try:\n    pass\nexcept E:\n    pass\nelse:\n    here(a)",
        "try:\n    def f(): here(a)\nexcept E:\n    pass",
    ],
)
def test_a_try_does_not_guard(code: str) -> None:
    assert guarded_by(asked(code)[0]) is None
