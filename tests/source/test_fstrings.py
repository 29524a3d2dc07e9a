"""Where the parts of an f-string stand: what Python 3.12 says, on every Python."""

import ast
import sys
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbt.source.chunks import Parsed, parse
from chatbt.source.document import Document, Range, split_lines
from chatbt.source.fstrings import correct


def f_strings(node: ast.AST) -> Iterator[ast.JoinedStr]:
    """The outermost f-strings below `node`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr):
            yield child
        else:
            yield from f_strings(child)


def placed(source: str, *, indent: str = "") -> tuple[Parsed, list[ast.expr | ast.keyword | ast.arg]]:
    """A chunk, and the nodes inside its f-strings at their right places, in their order; no empty text."""
    parsed = parse(source, "member" if indent else "code", indent)
    assert parsed.fault is None
    nodes: list[ast.expr | ast.keyword | ast.arg] = []
    for statement in parsed.body:
        for joined in f_strings(statement):
            if sys.version_info < (3, 12):
                correct(joined, split_lines(source), parsed.first)
            nodes += (
                node
                for node in below(joined)
                if isinstance(node, ast.expr | ast.keyword | ast.arg)
                and not (isinstance(node, ast.Constant) and node.value == "")
            )
    return parsed, nodes


def below(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        yield from below(child)


def text_of(node: ast.expr | ast.keyword | ast.arg, parsed: Parsed) -> str:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    where = Range.of(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
    return Document.from_text("", parsed.text).slice(where.shifted(1 - parsed.first))


CASES = {
    "text and fields": ('f"a{x}b"', ["a", "{x}", "x", "b"]),
    "nothing": ('f""', []),
    "only text": ('f"text"', ["text"]),
    "a conversion and a specification": ('f"{x!r:>8}"', ["{x!r:>8}", "x", ":>8", ">8"]),
    "an empty specification": ('f"{x:}y"', ["{x:}", "x", ":", "y"]),
    "a field in a specification": (
        'f"{x:{w}.{p!s}f}"',
        ["{x:{w}.{p!s}f}", "x", ":{w}.{p!s}f", "{w}", "w", ".", "{p!s}", "p", "f"],
    ),
    "doubled braces": ('f"{{{x}}}{{"', ["{{", "{x}", "x", "}}{{"]),
    "text that the equals sign shows": ('f"{x = }"', ["x = ", "{x = }", "x"]),
    "the equals sign before the rest": ('f"a{x=!r:>9}"', ["a{x=", "{x=!r:>9}", "x", ":>9", ">9"]),
    "comparisons are no ends": (
        'f"{a == b}{a != b!r}{a <= b}"',
        ["{a == b}", "a == b", "a", "b", "{a != b!r}", "a != b", "a", "b", "{a <= b}", "a <= b", "a", "b"],
    ),
    "brackets hide colons": (
        'f"{x[1:2]}{ {k: v} }"',
        ["{x[1:2]}", "x[1:2]", "x", "1:2", "1", "2", "{ {k: v} }", "{k: v}", "k", "v"],
    ),
    "strings hide braces": (
        """f"{d['}:{']}{d['!=']}" """,
        ["{d['}:{']}", "d['}:{']", "d", "'}:{'", "{d['!=']}", "d['!=']", "d", "'!='"],
    ),
    "a lambda, a keyword and an argument": (
        'f"{f(k=(lambda a: a))}"',
        ["{f(k=(lambda a: a))}", "f(k=(lambda a: a))", "f", "k=(lambda a: a)", "lambda a: a", "a", "a"],
    ),
    "a tuple without brackets": ('f"{ a, *b }"', ["{ a, *b }", "a, *b", "a", "*b", "b"]),
    "a tuple in brackets": ('f"{(a, b)}"', ["{(a, b)}", "(a, b)", "a", "b"]),
    "an f-string in a field": (
        """f"{f'{x}' + y}{z}" """,
        ["{f'{x}' + y}", "f'{x}' + y", "f'{x}'", "{x}", "x", "y", "{z}", "z"],
    ),
    "an f-string in an f-string in a field": (
        "f'''{f\"{f'{x}'}\"}'''",
        ["{f\"{f'{x}'}\"}", "f\"{f'{x}'}\"", "{f'{x}'}", "f'{x}'", "{x}", "x"],
    ),
    "the same name twice": ('f"x {x} x {x}"', ["x ", "{x}", "x", " x ", "{x}", "x"]),
    "text that is not ASCII": ('é = f"äö{x}😀{ü}ß{y}"', ["äö", "{x}", "x", "😀", "{ü}", "ü", "ß", "{y}", "y"]),
    "several lines": (
        'f"""a\n  {x}\n{y +\n  z}é{w:\n}"""',
        ["a\n  ", "{x}", "x", "\n", "{y +\n  z}", "y +\n  z", "y", "z", "é", "{w:\n}", "w", ":\n", "\n"],
    ),
    "CR and LF": (
        'f"""a\r\n{x}\r{y}\n{z}"""',
        ["a\r\n", "{x}", "x", "\r", "{y}", "y", "\n", "{z}", "z"],
    ),
    "a form feed ends no line": ('f"""\f\n{x}\f{y}"""', ["\f\n", "{x}", "x", "\f", "{y}", "y"]),
    "a continued line": ('f"a\\\n{x}b"', ["a\\\n", "{x}", "x", "b"]),
    "strings in a row": (
        '("a" f"b{x}"  # {no} "field\n  rf"c{y}" \'d\')',
        ['"a" f"b', "{x}", "x", "c", "{y}", "y", "'d'"],
    ),
    "strings in a row over continued lines": (
        'f"{x}" \\\n  f"{y}" \\\r\n"z"',
        ["{x}", "x", "{y}", "y", '"z"'],
    ),
    "quotes of four kinds": (
        """(f'{a}' F"{b}" f'''"{c}'{d}''' f\"\"\"'{e}"{f}\"\"\")""",
        ["{a}", "a", "{b}", "b", '"', "{c}", "c", "'", "{d}", "d", "'", "{e}", "e", '"', "{f}", "f"],
    ),
    "a raw string": (r"""rf'\{x}\N{y}\'{z}'""", ["\\", "{x}", "x", r"\N", "{y}", "y", r"\'", "{z}", "z"]),
    "a raw string, the other way about": (r'''fR"\{x}"''', ["\\", "{x}", "x"]),
    "escapes": (
        r"""f'\N{DIGIT ONE}{x}\\{y}\'{z}'""",
        [r"\N{DIGIT ONE}", "{x}", "x", r"\\", "{y}", "y", r"\'", "{z}", "z"],
    ),
    "an escape in a specification": (
        r'''f"{x:\x20>{w}}"''',
        [r"{x:\x20>{w}}", "x", r":\x20>{w}", r"\x20>", "{w}", "w"],
    ),
    "two f-strings": ('f"{x}" + f"{y}"', ["{x}", "x", "{y}", "y"]),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_every_part_stands_where_it_is_written(source: str, expected: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed, nodes = placed(source)
    assert [text_of(node, parsed) for node in nodes] == expected


def test_the_parts_stand_right_in_a_member_of_a_class() -> None:
    parsed, nodes = placed('    # it has\n    é = f"{self.x:>{w}}"\n', indent="    ")
    assert [text_of(node, parsed) for node in nodes][1:3] == ["self.x", "self"]


def test_the_parts_stand_right_in_a_tree_of_the_whole_text() -> None:
    source = 'x = 1\n\ny = f"é{x}"\n'
    statement = ast.parse(source).body[1]
    (joined,) = f_strings(statement)
    correct(joined, split_lines(source)[1:], 2)
    field = joined.values[1]
    assert (field.lineno, field.col_offset, field.end_lineno, field.end_col_offset) == (3, 8, 3, 11)


NAMES = st.sampled_from(
    ["x", "é", "a.b", "f(x, k=y)", "a != b", "[i for i in z]", "(y := 1)", "a, b", " {**m} ", "not x"]
)
TEXTS = st.sampled_from(["", "a", "é😀", "{{", "}}", "{{x}}", " ", "=", "!", ":"])
CONVERSIONS = st.sampled_from(["", "!r", "=", " = ", "=!s"])
SPECIFICATIONS = st.lists(st.sampled_from([">", "é", "{w}", "{w!r}", "{w[0]}"]), max_size=3).map("".join)


@st.composite
def f_string(draw: st.DrawFn, quotes: tuple[str, ...] = ('"""', '"', "'"), *, lines: bool = True) -> str:
    quote = draw(st.sampled_from(quotes))
    lines = lines and len(quote) == 3
    within = tuple(other for other in quotes if other[0] != quote[0])
    expressions = NAMES | f_string(within, lines=lines) if within else NAMES
    specifications = st.just("") | SPECIFICATIONS.map(":".__add__)
    fields = st.tuples(expressions, CONVERSIONS, specifications).map(lambda parts: "{" + "".join(parts) + "}")
    texts = TEXTS | st.just("\n") if lines else TEXTS
    return "f" + quote + "".join(draw(st.lists(texts | fields, max_size=5))) + quote


@given(
    st.lists(f_string() | st.sampled_from(['"p"', "u'é'", '""']), min_size=1, max_size=3),
    st.sampled_from([" ", "\n", " \\\n", " # {\n"]),
)
def test_the_text_of_an_expression_reads_as_that_expression(strings: list[str], between: str) -> None:
    parsed, nodes = placed("é = (" + between.join(strings) + ")")
    for node in nodes:
        text = text_of(node, parsed)
        if isinstance(node, ast.FormattedValue):
            assert text[0] + text[-1] == "{}"
        elif isinstance(node, ast.expr) and not isinstance(node, ast.Constant | ast.JoinedStr):
            read = ast.parse(f"({text})", mode="eval").body
            assert ast.dump(read).replace("Load()", "Store()") == ast.dump(node).replace("Load()", "Store()")
