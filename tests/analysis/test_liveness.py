"""Whether a variable's value may still be read, and who sees what is half done."""

from textwrap import indent

import pytest

from chatbt.analysis.flow import statement_of
from chatbt.analysis.liveness import lives_after, seen_when_failing
from tests.analysis.asked import asked

DEAD = [
    "here(x)",
    "here(x)\nx = 1\nprint(x)",
    "here(x)\nfor x in y: print(x)",
    "here(x)\nif y:\n    x = 1\nelse:\n    return\nprint(x)",
    "here(x)\nif y:\n    return\nx = 1\nprint(x)",
    "here(x)\nwith y as x: print(x)",
    "here(x)\nx: int = 1\nprint(x)",
    "while y:\n    x = 1\n    here(x)\n    x = 2\n    print(x)",
    "for x in y: here(x)",
    "for x in y:\n    print(x)\n    here(x)",
    "if y:\n    here(x)\nelse:\n    print(x)",
    "try:\n    here(x)\nexcept OSError:\n    x = 1\n    print(x)",
    "here(x)\nprint([x for x in y])",
]
LIVE = [
    "here(x)\nprint(x)",
    "here(x)\nif y:\n    x = 1\nprint(x)",
    "here(x)\nfor x in y: pass\nprint(x)",
    "here(x)\nfor x in x: pass",
    "here(x)\nx += 1",
    "here(x)\nx = x + 1",
    "here(x)\ndel x",
    "here(x)\ntry:\n    x = 1\nexcept OSError: pass\nprint(x)",
    "while y:\n    print(x)\n    here(x)",
    "while x:\n    here(x)",
    "while y:\n    here(x)\n    if z: break\n    x = 1\nprint(x)",
    "while y:\n    here(x)\nelse:\n    print(x)",
    "try:\n    here(x)\nexcept OSError:\n    print(x)",
    "try:\n    here(x)\n    x = 1\nexcept OSError:\n    pass\nprint(x)",
    "try:\n    here(x)\nexcept OSError:\n    return\nelse:\n    print(x)",
    "try:\n    here(x)\nfinally:\n    print(x)",
    "here(x)\nprint(lambda: x)",
    "here(x)\nprint([lambda: x for b in c])",
    "class A:\n  def g(self):\n    return x\nhere(x)",
    "here(x)\nmatch y:\n    case 1: print(x)",
    "here(x)\nclass A:\n    z = x",
]


def lives(body: str) -> bool:
    node, scope = asked(f"def f(x, y, z):\n{indent(body, '    ')}\n")
    return lives_after("x", statement_of(node), scope)


@pytest.mark.parametrize("body", DEAD)
def test_a_value_that_nothing_reads(body: str) -> None:
    assert not lives(body)


@pytest.mark.parametrize("body", LIVE)
def test_a_value_that_may_be_read(body: str) -> None:
    assert lives(body)


def seen(body: str) -> bool:
    node, scope = asked(f"def f(x, y):\n{indent(body, '    ')}\n")
    return seen_when_failing("x", statement_of(node), scope)


@pytest.mark.parametrize(
    "body",
    [
        "here(x)\nprint(x)",
        "try:\n    here(x)\nexcept OSError:\n    raise\nprint(x)",
        "with open(y): here(x)\nprint(x)",
        "try:\n    here(x)\nexcept OSError:\n    pass",
        "with y.lock: here(x)\nprint(x)",
        "try:\n    here(x)\nexcept OSError:\n    x = 1\nprint(x)",
        "try:\n    print(y)\nexcept OSError:\n    here(x)\nprint(x)",
    ],
)
def test_nobody_sees_what_is_half_done(body: str) -> None:
    assert not seen(body)


@pytest.mark.parametrize(
    "body",
    [
        "try:\n    here(x)\nexcept OSError:\n    print(x)",
        "try:\n    here(x)\nfinally:\n    print(x)",
        "try:\n    here(x)\nexcept OSError:\n    pass\nprint(x)",
        "with suppress(OSError): here(x)\nprint(x)",
        "while y:\n    print(x)\n    try:\n        here(x)\n    except OSError:\n        continue",
        "try:\n    print(y)\nexcept OSError:\n    here(x)\nfinally:\n    print(x)",
        "try:\n    here(x)\nexcept OSError:\n    if y:\n        x = 1\nprint(x)",
    ],
)
def test_what_is_half_done_may_be_seen(body: str) -> None:
    assert seen(body)


@pytest.mark.parametrize(
    ("manager", "is_foreseen"),
    [
        ("suppress(OSError)", True),
        ("contextlib.suppress(OSError)", True),
        ("pytest.raises(OSError) as y", True),
        ("self.assertRaises(OSError)", True),
        ("y, contextlib.ExitStack()", True),
        ("y", False),
        ("transaction.atomic()", False),
    ],
)
def test_a_context_manager_that_is_there_to_swallow_exceptions(manager: str, is_foreseen: bool) -> None:
    body = f"with {manager}:\n    here(x)\nprint(x)"
    node, scope = asked(f"def f(x, y):\n{indent(body, '    ')}\n")
    assert seen_when_failing("x", statement_of(node), scope)
    assert seen_when_failing("x", statement_of(node), scope, foreseen=True) is is_foreseen
