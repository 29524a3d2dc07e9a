"""What holds for every fix: it takes no comment away."""

from collections.abc import Callable

import pytest

from chatbt.analysis.module import Module, View
from chatbt.analysis.scopes import FileFacts
from chatbt.analysis.walk import walk
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.settle import settle
from chatbt.source.chunks import parse
from chatbt.source.document import Range

WALKED = walk(parse("x = [\n    1,  # c\n    2,  # c\n]\n", "code", ""), FileFacts(), (), View(Module(), 1, 0))
WHOLE = Range.of(1, 0, 4, 1)


@pytest.mark.parametrize(
    ("text", "kept"), [("x = []", False), ("x = [1]  # c", False), ("x = [1, 2]  # d", False), ("# c\n# c", True)]
)
@pytest.mark.parametrize("kind", [safe, review])
def test_a_fix_that_would_lose_a_comment_is_none(kind: Callable[[str, Edit], Fix], text: str, kept: bool) -> None:
    fix = kind("Change it", Edit(WHOLE, text))
    assert settle(fix, WALKED) == (fix if kept else None)


def test_another_edit_may_carry_the_comment() -> None:
    fix = safe("Move it", Edit(Range.of(1, 0, 1, 0), "# c\n"), Edit(Range.of(2, 0, 3, 0), ""))
    assert settle(fix, WALKED) is fix
