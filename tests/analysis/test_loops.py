"""Loops: what repeats a node, how long a loop is, and what is built up in one."""

import ast

import pytest

from chatbt.analysis.flow import position, statement_of
from chatbt.analysis.loops import accumulator, is_only_looked_at, is_short, rebinds, repeaters
from chatbt.analysis.names import scope_of
from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile


def name_in(text: str, name: str = "here") -> ast.Name:
    """The first `name` in a text."""
    document = Document.from_text("example.py", text)
    for _, state in Checker(document, Profile(frozenset(), FileFacts())).chunks():
        for statement in state.walked.parsed.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and node.id == name:
                    return node
    raise AssertionError(name)


def lines_of_repeaters(text: str) -> list[int]:
    return [position(one)[0] for one in repeaters(name_in(text))]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("for x in xs:\n    while y:\n        here\n", [2, 1]),
        ("for x in xs:\n    for y in here:\n        pass\n", [1]),
        ("while here:\n    pass\n", [1]),
        ("for x in xs:\n    pass\nelse:\n    here\n", []),
        ("for x in here:\n    pass\n", []),
        ("x = [\n    here\n    for y in ys]\n", [1]),
        ("x = [y for y in here]\n", []),
        ("x = [y for y in ys\n    for z in here]\n", [1]),
        ("for x in xs:\n    y = {here: z for z in x}\n", [2, 1]),
        ("for x in xs:\n    def f():\n        here\n", []),
        ("for x in xs:\n    f = lambda: [\n        here for y in x]\n", [2]),
        ("for x in xs:\n    if y:\n        return_(here)\n        break\n", []),
        ("for x in xs:\n    for y in x:\n        here\n        break\n", [1]),
        ("for x in xs:\n    for y in x:\n        here\n        raise E\n", []),
        ("for x in xs:\n    here\n    if x:\n        break\n", [1]),
        ("for x in xs:\n    here\n    continue\n", [1]),
    ],
)
def test_what_runs_a_node_again_and_again(text: str, lines: list[int]) -> None:
    assert lines_of_repeaters(text) == lines


@pytest.mark.parametrize(
    "iterable",
    ["(a, b)", "[1]", "{1, 2}", "'abc'", "range(10)", "enumerate([a], n)", "zip(a, (1, 2))", "{1: 2}.items()", "a[:2]"],
)
def test_a_loop_over_what_is_written_down_is_short(iterable: str) -> None:
    (loop,) = repeaters(name_in(f"for x in {iterable}:\n    here\n"))
    assert is_short(loop, scope_of(loop))


@pytest.mark.parametrize(
    "iterable",
    [
        "a",
        "range(n)",
        "(1, *a)",
        "enumerate(a, 1)",
        "zip(a, b)",
        "{**a}.items()",
        "f((1, 2))",
        "a[2:]",
        "a[:n]",
        "a[:-1]",
    ],
)
def test_a_loop_over_anything_else_is_not_short(iterable: str) -> None:
    (loop,) = repeaters(name_in(f"for x in {iterable}:\n    here\n"))
    assert not is_short(loop, scope_of(loop))


def test_a_while_loop_is_never_short() -> None:
    (loop,) = repeaters(name_in("while x:\n    here\n"))
    assert not is_short(loop, scope_of(loop))


def test_a_loop_rebinds_its_variable_and_what_its_body_binds() -> None:
    node = name_in("w = 1\nfor x in xs:\n    y = here\n")
    (loop,) = repeaters(node)
    assert [name for name in "wxy" if rebinds(loop, name, scope_of(node))] == ["x", "y"]


def accumulated(text: str) -> str | None:
    """What `here`, in a function, starts with, and the line of the loop that builds it up."""
    body = "".join(f"    {line}\n" for line in text.splitlines())
    node = name_in(f"def f():\n{body}", "mark")
    found = accumulator("here", statement_of(node), scope_of(node))
    return f"{ast.unparse(found.value)} {found.loop.lineno}" if found else None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("here = 1\nfor x in xs:\n    mark", "1 3"),
        ("here: int = 1\nother = 2\nfor x in xs:\n    if x:\n        mark", "1 4"),
        ("here = 1\nfor x in xs:\n    for y in x:\n        mark", "1 3"),
        ("for x in xs:\n    here = 1\n    for y in x:\n        mark", "1 4"),
        ("here = 1\nprint(here)\nfor x in xs:\n    mark", None),
        ("here = other = 1\nfor x in xs:\n    mark", None),
        ("here: int\nfor x in xs:\n    mark", None),
        ("here = 1\nif y:\n    for x in xs:\n        mark", None),
        ("here = 1\nfor x in xs:\n    mark\n    g = lambda: here", None),
        ("here = 1\nfor x in xs:\n    mark\n    locals()", None),
        ("global here\nhere = 1\nfor x in xs:\n    mark", None),
        ("here = 1\nmark", None),
    ],
)
def test_what_a_loop_builds_up(text: str, found: str | None) -> None:
    assert accumulated(text) == found


def test_a_variable_of_the_module_that_another_chunk_reads_is_not_the_loops_alone() -> None:
    text = "here = 1\nfor x in xs:\n    mark\n"
    for more, found in (
        ("", True),
        ("def f():\n    return here\n", False),
        ("def f():\n    global here\n    here = 2\n", False),
    ):
        node = name_in(text + more, "mark")
        assert (accumulator("here", statement_of(node), scope_of(node)) is not None) == found


@pytest.mark.parametrize(
    "text",
    ["len(here)", "here[0]", "x in here", "here == x", "not here", "f'{here}'", "sorted(here)", "here.count(1)",
     "[x for x in here]", "1 if here else 2"],
)  # fmt: skip
def test_reads_that_keep_and_change_nothing(text: str) -> None:
    node = name_in(text)
    assert is_only_looked_at(node, scope_of(node))


@pytest.mark.parametrize(
    "text",
    ["f(here)", "x = here", "[here]", "here.append(1)", "here[0] = 1", "(x for x in here)", "here", "here + x",
     "x or here", "len(x, here)", "here.count", "1 if x else here"],
)  # fmt: skip
def test_reads_that_may(text: str) -> None:
    node = name_in(text)
    assert not is_only_looked_at(node, scope_of(node))
