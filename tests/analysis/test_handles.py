"""What happens to open files."""

import ast

import pytest

from chatbt.analysis.handles import is_left_open, is_patched, is_used_up
from tests.analysis.asked import asked


@pytest.mark.parametrize(
    "code",
    [
        "here(h).read()", "for x in here(h): pass", "list(here(h))", "[x for x in here(h)]", "sum(x for x in here(h))",
        "'x' in here(h)", "print(1, file=here(h))", "for i, x in enumerate(here(h)): pass", "''.join(here(h))",
    ],
)  # fmt: skip
def test_a_handle_is_used_up_by_what_keeps_nothing_of_it(code: str) -> None:
    handle, scope = asked(code)
    call = handle.__dict__["parent"]
    assert is_used_up(call, scope)


@pytest.mark.parametrize(
    "code",
    [
        "here(h).close()",
        "x = here(h)",
        "f(here(h))",
        "(x for x in here(h))",
        "here(h).name",
        "[here(h)]",
        "enumerate(here(h))",
    ],
)
def test_a_handle_is_not_used_up_where_something_may_keep_or_close_it(code: str) -> None:
    handle, scope = asked(code)
    call = handle.__dict__["parent"]
    assert not is_used_up(call, scope)


@pytest.mark.parametrize(
    ("uses", "left"),
    [
        ("h.read()", True),
        ("h.close()", False),
        ("g(h)", False),
        ("return h", False),
        ("pass", False),
        ("lambda: h", False),
    ],
)
def test_a_name_is_left_open_if_all_its_reads_use_it_up(uses: str, left: bool) -> None:
    scope = asked(f"def f():\n    h = here(open('a'))\n    {uses}\n")[1]
    (name,) = scope.bindings["h"]
    assert isinstance(name, ast.Name)
    assert is_left_open(name, scope) is left


def test_a_mock_is_seen_in_a_with_and_a_decorator() -> None:
    assert is_patched(asked("with mock.patch('x'):\n    here(1)\n")[0])
    assert is_patched(asked("@patch.object(a, 'b')\ndef f():\n    here(1)\n")[0])
    assert not is_patched(asked("with open('x'):\n    here(1)\n")[0])
