"""Edits at the places of nodes, on chunks cut and walked as the server does it."""

import ast
from typing import TypeVar

import pytest

from chatbt.analysis.names import scope_of
from chatbt.analysis.scopes import FileFacts
from chatbt.rewriting.apply import apply
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Document, Range
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile

Node = TypeVar("Node", bound=ast.AST)


class Source:
    """A text in its chunks. A node is found by its type and how its source starts; edits are of its chunk."""

    def __init__(self, text: str) -> None:
        self.document = Document.from_text("example.py", text)
        self.checker = Checker(self.document, Profile(frozenset(), FileFacts()))
        assert all(chunk.parsed.fault is None for chunk, _ in self.checker.chunks())
        self.shift = 0

    def find(self, kind: type[Node], start: str) -> tuple[Node, Rewrite]:
        for chunk, state in self.checker.chunks():
            rewrite = Rewrite(state.walked, self.document.line_ending)
            for top in chunk.parsed.body:
                for node in ast.walk(top):
                    if isinstance(node, kind) and "lineno" in node.__dict__ and rewrite.text(node).startswith(start):
                        self.shift = chunk.start + 1 - chunk.parsed.first
                        return node, rewrite
        raise AssertionError(f"no {kind.__name__} starts with {start!r}")

    def after(self, *edits: Edit) -> str:
        return apply(self.document, [edit.shifted(self.shift) for edit in edits]).text


def stands_alone(text: str, start: str) -> bool:
    statement, rewrite = Source(text).find(ast.stmt, start)
    return rewrite.stands_alone(statement)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a = 1\nb = 2\n", "b"),
        ("a = 1  # why; because\n", "a"),
        ("if x:\n    a = 1\n", "if"),
        ("if x:\n\ta = 'é'\n", "a"),
        ("def f():\n    @one\n    @two(1)\n    def g(): pass\n", "def g"),
        ("x = '''\n\\\n'''\na = 1\n", "a"),
        ("# a comment is not continued \\\na = 1\n", "a"),
        ("a = (1,\n     2)", "a"),
        ("if x:\n    pass\nelse:\n    if y:\n        a = 1\n", "if y"),
        ("if x:\n    pass\nelif y:\n    a = 1\n", "a"),
        ("if x:\n    a = 1;\n", "if"),
    ],
)
def test_a_statement_with_its_own_lines_stands_alone(text: str, start: str) -> None:
    assert stands_alone(text, start)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a = 1; b = 2\n", "a"),
        ("a = 1; b = 2\n", "b"),
        ("a = 1;\n", "a"),
        ("if x: a = 1\n", "a"),
        ("if x:\n    b = 1\nelse: a = 1\n", "a"),
        ("'é'; a = 1\n", "a"),
        ("if x: \\\n    a = 1\n", "a"),
        ("b = 1; \\\na = 1\n", "a"),
        ("a = 1 \\\n\n", "a"),
        ("if x:\n    a = 1\nelif y:\n    b = 1\n", "elif"),
        ("if x:\n    a = 1; b = 2\n", "b"),
    ],
)
def test_a_statement_that_shares_a_line_does_not_stand_alone(text: str, start: str) -> None:
    assert not stands_alone(text, start)


def before(text: str, start: str, *lines: str) -> str:
    source = Source(text)
    statement, rewrite = source.find(ast.stmt, start)
    return source.after(rewrite.lines_before(statement, *lines))


def behind(text: str, start: str, *lines: str) -> str:
    source = Source(text)
    statement, rewrite = source.find(ast.stmt, start)
    return source.after(rewrite.lines_behind(statement, *lines))


def removed(text: str, start: str) -> str:
    source = Source(text)
    statement, rewrite = source.find(ast.stmt, start)
    return source.after(rewrite.remove(statement))


def test_lines_go_above_decorators() -> None:
    text = "def f():\n    @(\n        one)\n    @two\n    def g():\n        pass\n"
    assert before(text, "def g", "x = 1", "", "y = 2") == text.replace("    @(", "    x = 1\n\n    y = 2\n    @(")


def test_lines_take_the_tabs_and_the_line_ending_around_them() -> None:
    text = "def f():\r\n\tif x:\r\n\t\treturn 1\r\n"
    assert before(text, "return", "y = 1") == "def f():\r\n\tif x:\r\n\t\ty = 1\r\n\t\treturn 1\r\n"
    assert behind(text, "if", "y = 1") == "def f():\r\n\tif x:\r\n\t\treturn 1\r\n\ty = 1\r\n"


def test_a_chunk_of_one_line_takes_the_line_ending_of_its_file() -> None:
    text = "def f():\r\n    pass\r\nx = 1"
    assert behind(text, "x", "y = 2") == text + "\r\ny = 2"


def test_lines_go_below_a_last_line_without_ending() -> None:
    assert behind("for x in xs:\n    f(x)  # é", "for", "g()") == "for x in xs:\n    f(x)  # é\ng()"


def test_lines_go_below_the_comments_of_a_body() -> None:
    text = "for x in xs:\n    f(x)\n\n    # the end of the loop\n\n# after it\ny = 1\n"
    assert behind(text, "for", "g()") == text.replace("# the end of the loop\n", "# the end of the loop\ng()\n")


def test_lines_go_right_below_a_simple_statement() -> None:
    text = "def f():\n    x = 1\n        # deeper, but not in a body\n    y = 2\n"
    assert behind(text, "x", "z = 3") == text.replace("x = 1\n", "x = 1\n    z = 3\n")


def test_a_form_feed_is_no_indentation() -> None:
    assert before("x = 1\n\f\fy = 2\n", "y", "z = 3") == "x = 1\nz = 3\n\f\fy = 2\n"


def test_lines_of_a_method_count_from_its_class() -> None:
    text = "é = 1\nclass A:\n    x = 1\n\n    def f(self):\n        return 'ü', g(1)\n"
    assert before(text, "return", "h()") == text.replace("        return", "        h()\n        return")


def test_a_statement_goes_with_its_lines() -> None:
    assert removed("a = 1\nb = (1,  # one\n     2)  # two\nc = 3\n", "b") == "a = 1\nc = 3\n"


def test_a_last_statement_goes_with_its_comment() -> None:
    assert removed("if x:\n    a = 1\n    b = 2  # é", "b") == "if x:\n    a = 1\n"


def test_a_definition_goes_with_its_decorators() -> None:
    text = "def f():\n    x = 1\n    @one\n    @two\n    def g():\n        pass\n    y = 2\n"
    assert removed(text, "def g") == "def f():\n    x = 1\n    y = 2\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    a = 1\n\n    x = 1\n\n    b = 2\n", "    a = 1\n\n    b = 2\n"),
        ("    a = 1\n\n    x = 1\n    \n\n    # why\n    b = 2\n", "    a = 1\n\n    # why\n    b = 2\n"),
        ("    x = 1\n\n    b = 2\n", "    b = 2\n"),
        ("    a = 1\n    # why\n    x = 1\n\n    b = 2\n", "    a = 1\n    # why\n\n    b = 2\n"),
        ("    a = 1\n    x = 1\n\n    b = 2\n", "    a = 1\n\n    b = 2\n"),
        ("    a = 1\n\n    x = 1\n    b = 2\n", "    a = 1\n\n    b = 2\n"),
        ("    a = 1\n\n    x = 1\n\n\nc = 3\n", "    a = 1\n\n\nc = 3\n"),
        ("    a = 1\n    \n\n    x = 1\n", "    a = 1\n"),
        ("    if a:\n        b\n\n        x = 1\n    c = 3\n", "    if a:\n        b\n\n    c = 3\n"),
    ],
)
def test_blank_lines_around_a_statement_that_goes(before: str, after: str) -> None:
    assert removed(f"def f():\n{before}", "x = 1") == f"def f():\n{after}"


def test_an_only_statement_leaves_a_pass() -> None:
    assert removed("if x:\n\ta = 1  # why\n", "a") == "if x:\n\tpass  # why\n"
    assert removed("def f():\n    @one\n    def g():\n        pass\n", "def g") == "def f():\n    pass\n"


def test_an_only_statement_of_a_handler_leaves_a_pass() -> None:
    assert removed("try:\n    f()\nexcept E:\n    x = 1\n", "x") == "try:\n    f()\nexcept E:\n    pass\n"


def test_a_statement_of_the_module_leaves_nothing() -> None:
    assert removed("x = 1\ndef f(): pass\n", "x") == "def f(): pass\n"


def test_an_only_member_leaves_a_pass() -> None:
    assert removed("class A:\n    x = 1\n", "x") == "class A:\n    pass\n"


@pytest.mark.parametrize(
    ("text", "start", "operand"),
    [
        ("x = a.b[1](2)\n", "a.b", "a.b[1](2)"),
        ("x = [1,\n  2]\n", "[", "[1,\n  2]"),
        ("x = a + b\n", "a +", "(a + b)"),
        ("x = (a) + (b)\n", "(a)", "((a) + (b))"),
        ("x = (a), (b)\n", "(a)", "((a), (b))"),
        ("x = (a, b)\n", "(a", "(a, b)"),
        ("x = ()\n", "(", "()"),
        ("x = f(a for a in b)\n", "(a for", "(a for a in b)"),
        ("x = (a\n     .b)\n", "a\n", "(a\n     .b)"),
        ("x = (a[1]  # why\n     .b)\n", "a[1]  #", "(a[1]  # why\n     .b)"),
        ("x = ('a'\n     'b')\n", "'a'", "('a'\n     'b')"),
        ("x = 1\n", "1", "(1)"),
        ("x = True\n", "True", "True"),
        ("x = -1\n", "-", "(-1)"),
        ("x = 'é' 'ü'\n", "'é'", "'é' 'ü'"),
        ("x = f'{é.ü}'\n", "é", "é.ü"),
        ("x = f'{a}' f'''\n{b + c:>{d}}'''\n", "b +", "(b + c)"),
        ("x = (y := 1)\n", "y :=", "(y := 1)"),
    ],
)
def test_an_operand_reads_as_one_piece(text: str, start: str, operand: str) -> None:
    node, rewrite = Source(text).find(ast.expr, start)
    assert rewrite.operand(node) == operand


@pytest.mark.parametrize("text", ["(a)", "(a, (b))", "(a\n, b)", "()"])
def test_parentheses_around_everything_enclose(text: str) -> None:
    assert is_enclosed(text)


@pytest.mark.parametrize("text", ["a", "(a), (b)", "(a) + (b)", "(a).b(c)", "[a]"])
def test_parentheses_around_a_part_do_not_enclose(text: str) -> None:
    assert not is_enclosed(text)


def test_an_edit_inside_an_f_string_hits_its_place() -> None:
    source = Source("x = 1\nprint(f'é {a!r:>{width}} {  b.c } { {\"d\": e} }')\n")
    one, rewrite = source.find(ast.Name, "width")
    two, _ = source.find(ast.Attribute, "b.c")
    three, _ = source.find(ast.Name, "e")
    expected = "x = 1\nprint(f'é {a!r:>{w}} {  ü } { {\"d\": f} }')\n"
    edits = [rewrite.replace(one, "w"), rewrite.replace(two, "ü"), rewrite.replace(three, "f")]
    assert source.after(*edits) == expected


def test_a_token_is_not_found_in_comments_or_strings() -> None:
    text = "x = (a  # in, 'quoted\n  + \"in\" + '''\nin''' in b)\n"
    node, rewrite = Source(text).find(ast.Compare, "a")
    stretch = rewrite.token(rewrite.place(node).start, rewrite.place(node).end, r"\bin\b")
    assert stretch == Range.of(3, 6, 3, 8)


def test_a_token_swallows_no_comment_and_no_string() -> None:
    node, rewrite = Source("f(a,  # why\n  'b', c)\n").find(ast.Call, "f")
    start, end = rewrite.place(node)
    assert rewrite.token(start, end, r"a,\s*") == Range.of(1, 2, 1, 6)
    assert rewrite.token(start, end, r"\n\s*") == Range.of(1, 11, 2, 2)


def test_lines_are_read_at_another_indentation() -> None:
    statement, rewrite = Source("if x:\n    @one\n    def f():\n\n        return (1,\n  2)\n").find(ast.stmt, "def f")
    assert rewrite.reindented(statement, "\t") == ["\t@one", "\tdef f():", "", "\t    return (1,", "\t  2)"]


def fresh(text: str, start: str, wanted: str) -> str:
    statement, rewrite = Source(text).find(ast.stmt, start)
    return rewrite.fresh(wanted, scope_of(statement))


def test_a_fresh_name_is_used_nowhere_around() -> None:
    assert fresh("def f():\n    x = 1\n", "x", "parts") == "parts"
    assert fresh("def f():\n    x = 1\n    def g(): return parts\n", "x", "parts") == "parts_2"
    assert fresh("parts = 1\ndef f():\n    parts_2 = 1\n", "parts_2", "parts") == "parts_3"
    assert fresh("x = 1\ndef f(): return parts\n", "x", "parts") == "parts_2"


def imported(text: str, start: str, module: str, name: str = "") -> tuple[str | None, list[str]]:
    statement, rewrite = Source(text).find(ast.stmt, start)
    spelled = rewrite.imported(scope_of(statement), module, name)
    return spelled, [str(one) for one in rewrite.imports]


def test_an_import_of_another_chunk_is_used() -> None:
    assert imported("import asyncio as aio\ndef f():\n    x = 1\n", "x", "asyncio") == ("aio", [])
    assert imported("from re import escape as e\ndef f():\n    x = 1\n", "x", "re", "escape") == ("e", [])
    assert imported("import re\ndef f():\n    x = 1\n", "x", "re", "escape") == ("re.escape", [])


def test_a_missing_import_is_added() -> None:
    assert imported("x = 1\n", "x", "asyncio") == ("asyncio", ["import asyncio"])
    assert imported("x = 1\n", "x", "re", "escape") == ("escape", ["from re import escape"])


def test_an_import_whose_name_is_taken_cannot_be_added() -> None:
    assert imported("asyncio = None\ndef f():\n    x = 1\n", "x", "asyncio") == (None, [])
    assert imported("import asyncio\ndef f(asyncio):\n    x = 1\n", "x", "asyncio") == (None, [])


def test_an_import_that_only_type_checkers_run_cannot_be_used() -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import asyncio\ndef f():\n    x = 1\n"
    assert imported(text, "x = 1", "asyncio") == (None, [])
    assert imported(text.replace("import asyncio", "pass"), "x = 1", "asyncio") == ("asyncio", ["import asyncio"])


def reached(text: str, start: str) -> tuple[str | None, list[str]]:
    statement, rewrite = Source(text).find(ast.stmt, start)
    spelled = rewrite.reached(scope_of(statement), "re", "escape")
    return spelled, [str(one) for one in rewrite.imports]


def test_a_name_that_is_taken_is_reached_through_its_module() -> None:
    assert reached("x = 1\n", "x") == ("escape", ["from re import escape"])
    assert reached("escape = x = 1\n", "escape") == ("re.escape", ["import re"])
    assert reached("import re\nescape = x = 1\n", "escape") == ("re.escape", [])
    assert reached("re = escape = 1\n", "re") == (None, [])


def test_what_the_edits_drop_is_known_by_its_first_name() -> None:
    node, rewrite = Source("a.b.c(d[1])\n").find(ast.Call, "a")
    rewrite.drop(node.func)
    rewrite.drop(node.args[0])
    rewrite.drop(ast.Name("e"))
    assert rewrite.dropped == ["a", "e"]
