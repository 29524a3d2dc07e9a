"""Where chunks begin and end."""

import ast

import pytest

from tests.source.editing import Edited

Cut = list[tuple[str, str]]


def cut(text: str) -> Cut:
    """(role, text) of each chunk, the role of one with a fault with a `!` behind it."""
    edited = Edited(text)
    edited.check()
    return [(chunk.parsed.role + "!" * bool(chunk.parsed.fault), chunk.parsed.text) for chunk in edited.chunks]


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def test_a_definition_is_a_chunk_and_so_is_a_run_of_other_statements() -> None:
    assert cut("import os\nx = 1\ndef f():\n    pass\ny = 2\nif y:\n    z = 3\n") == [
        ("code", "import os\nx = 1\n"),
        ("def", "def f():\n    pass\n"),
        ("code", "y = 2\nif y:\n    z = 3\n"),
    ]


def test_a_class_is_its_header_its_methods_and_the_runs_between_them() -> None:
    assert cut(
        'class A(B):\n    """d"""\n    x = 1\n\n    def m(self):\n        pass\n\n    class C:\n        y = 2\n'
    ) == [
        ("header", "class A(B):\n"),
        ("member", '    """d"""\n    x = 1\n\n'),
        ("member", "    def m(self):\n        pass\n\n"),
        ("member", "    class C:\n        y = 2\n"),
    ]


def test_the_members_of_a_class_are_owned_by_its_header() -> None:
    chunks = Edited("class A:\n    x = 1\n    def m(self): ...\nclass B:\n    y = 2\nz = 3\n").chunks
    assert [chunk.owner and chunk.owner.start for chunk in chunks] == [None, 0, 0, None, 3, None]


def test_the_body_of_a_header_is_its_class_with_a_placeholder() -> None:
    text = "class A(B, metaclass=C):\n    x = 1\n"
    whole, header = (
        ast.dump(body[0])
        for body in (ast.parse("class A(B, metaclass=C):\n    pass\n").body, Edited(text).chunks[0].parsed.body)
    )
    assert whole == header


def test_a_class_on_one_line_is_one_chunk() -> None:
    assert cut("class A: x = 1\ny = 2\n") == [("def", "class A: x = 1\n"), ("code", "y = 2\n")]


def test_decorators_belong_to_what_they_decorate() -> None:
    assert cut("x = 1\n@a\n\n# c\n@b(\n  1)\nclass A:\n    @d\n    def m(self): ...\n") == [
        ("code", "x = 1\n"),
        ("header", "@a\n\n# c\n@b(\n  1)\nclass A:\n"),
        ("member", "    @d\n    def m(self): ...\n"),
    ]


def test_blank_lines_and_deeper_comments_belong_to_what_is_before_and_a_comment_to_what_follows() -> None:
    assert cut("def f():\n    pass\n    # in f\n\n# on g\n\ndef g(): ...\n\n# the end\n") == [
        ("def", "def f():\n    pass\n    # in f\n\n"),
        ("def", "# on g\n\ndef g(): ...\n\n# the end\n"),
    ]


def test_a_comment_at_the_end_of_a_class_belongs_to_its_last_member() -> None:
    assert cut("class A:\n    def m(self): ...\n\n    # in A\n# on f\ndef f(): ...\n") == [
        ("header", "class A:\n"),
        ("member", "    def m(self): ...\n\n    # in A\n"),
        ("def", "# on f\ndef f(): ...\n"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x = (1,\ndef_ )\n", "x = '''\ndef f(): pass\nclass A:\n'''\n", "x = 1 + \\\n2\n", "x = '\\\ndef f(): pass'\n",
        "if x:\n    pass\nelif y:\n    pass\nelse:\n    pass\n",
        "try:\n    pass\nexcept E:\n    pass\nfinally:\n    pass\n",
        "x = [\n# )\n']',\n]\n", "x = {\n}\n", "x = f'''{\ny}'''\n", "x = '\\\\'\n", "x = 1; y = 2\n", "\fx = 1\n",
        "if x:\n    pass\n# c\nelse:\n    pass\n", "for x in y:\n\tpass\nelse:\n\tpass\n", "\\\nx = 1\n",
        "x = 1\n\\\n\ny = 2\n",
        'x = """a\\"""\ndef f(): ...\n"""\n', "match x:\n    case 1:\n        pass\n", "x = 1 \\\n# c\n",
    ],
)  # fmt: skip
def test_a_statement_of_several_lines_is_not_cut(text: str) -> None:
    assert cut(f"{text}def f(): ...\n") == [("code", text), ("def", "def f(): ...\n")]


def test_a_decorator_in_parentheses_begins_at_its_sign() -> None:
    assert cut("x = 1\n@(\n  d\n)\ndef f(): ...\n")[1] == ("def", "@(\n  d\n)\ndef f(): ...\n")


NESTED = (
    """f"{x['(']}" """, """f'{x['a']}'""", 'f"{"("}"', 'f"{x.replace("(", "")}"', """f"{'"'}" """, 'f"{f"{f"{")"}"}"}"',
    'f"{x["["]:{"{"}>{w}}"', 'f"{"""("""}"', 'rf"{"#"}("', 'f"{{{"}"}"', 'f"{ {"(": 1}["("] }"', 'f"\\"{")"}"',
)  # fmt: skip


@pytest.mark.parametrize("string", [string for string in NESTED if _is_python(string)])
def test_the_strings_in_an_f_string_are_strings(string: str) -> None:
    text = f"x = {string}\nz = [{string}]\n"
    assert cut(f"{text}def f():\n    return {string}\n\ny = 1\n") == [
        ("code", text),
        ("def", f"def f():\n    return {string}\n\n"),
        ("code", "y = 1\n"),
    ]


@pytest.mark.parametrize(("member", "role"), [("    \fdef m(): ...\n", "def"), ("\f    def m(): ...\n", "member")])
def test_an_indentation_is_counted_from_its_form_feed(member: str, role: str) -> None:
    assert cut(f"class A:\n    x = 1\n{member}")[-1] == (role, member)


def test_a_backslash_alone_on_a_line_continues_the_indentation() -> None:
    assert cut("class A:\n    x = 1\n\\\n    def m(self): ...\n    \\\ndef n(self): ...\n") == [
        ("header", "class A:\n"),
        ("member", "    x = 1\n"),
        ("member", "\\\n    def m(self): ...\n"),
        ("member", "    \\\ndef n(self): ...\n"),
    ]


def test_one_wrong_statement_leaves_its_neighbours_in_the_run_alone() -> None:
    assert cut("a = 1\nb = 2\nc = = 3\nd = 4\n") == [
        ("code", "a = 1\nb = 2\n"),
        ("code!", "c = = 3\n"),
        ("code", "d = 4\n"),
    ]


def test_one_wrong_member_leaves_the_others_alone() -> None:
    assert cut("class A:\n    def m(self):\n        x = = 1\n    y = 2\n    def n(self): ...\n") == [
        ("header", "class A:\n"),
        ("member!", "    def m(self):\n        x = = 1\n"),
        ("member", "    y = 2\n"),
        ("member", "    def n(self): ...\n"),
    ]


def test_a_wrong_header_leaves_the_members_alone() -> None:
    assert cut("class A(:\n    def m(self): ...\nx = 1\n") == [
        ("header!", "class A(:\n"),
        ("member", "    def m(self): ...\n"),
        ("code", "x = 1\n"),
    ]


@pytest.mark.parametrize("opener", ["(", "[1, {", "x = f(a,"])
@pytest.mark.parametrize(
    "after", ["def g(): ...\n", "@d\n@e(1)\ndef g(): ...\n", "class B: ...\n", "import os\n", "from os import path\n"]
)
def test_an_open_bracket_ends_before_what_no_bracket_can_contain(opener: str, after: str) -> None:
    text = f"def f():\n    {opener}\n\n    # in f\n\n"
    after = f"# on what follows\n{after}"
    assert cut(text + after) == [("def!", text), *cut(after)]


@pytest.mark.parametrize("quote", ["'''", '"""'])
def test_an_open_string_ends_before_the_next_definition(quote: str) -> None:
    text = f"def f():\n    {quote}\n    return 1\n    # in f\n\n"
    after = f"# on g\n@d\ndef g():\n    {quote}d{quote}\n\nclass A:\n    x = 1\n"
    assert cut(text + after) == [("def!", text), *cut(after)]


@pytest.mark.parametrize("quote", ["'''", '"""'])
def test_an_open_string_in_a_method_ends_before_the_next_method(quote: str) -> None:
    start = f"    def m(self):\n        {quote}\n        return 1\n\n"
    after = f"    # on n\n    def n(self):\n        {quote}d{quote}\n\n    x = 1\n"
    header, *members = cut(f"class A:\n{after}y = 2\n")
    assert cut(f"class A:\n{start}{after}y = 2\n") == [header, ("member!", start), *members]


def test_an_open_string_in_the_last_method_does_not_swallow_what_is_behind_the_class() -> None:
    assert cut('class A:\n    def m(self):\n        """\n\n    # in A\n\n# on f\ndef f():\n    """d"""\n') == [
        ("header", "class A:\n"),
        ("member!", '    def m(self):\n        """\n\n    # in A\n\n'),
        ("def", '# on f\ndef f():\n    """d"""\n'),
    ]


def test_an_open_bracket_of_a_decorator_ends_with_the_class() -> None:
    assert cut("class A:\n    x = 1\n    @d(\nimport os\n")[1:] == [
        ("member", "    x = 1\n"),
        ("member!", "    @d(\n"),
        ("code", "import os\n"),
    ]


def test_a_definition_in_a_string_that_is_closed_is_text() -> None:
    text = 'TEMPLATE = """\ndef f():\n    pass\n"""\n'
    assert cut(text) == [("code", text)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x = é é\n", (0, 7, 0, 9)),
        ("def f():\n    x = (\n", (1, 8, 1, 9)),
        ("    x = 1\n", (0, 3, 0, 4)),
        ("x = 'é\n", (0, 4, 0, 5)),
        ("class A:\n", (0, 7, 0, 8)),
    ],
)  # fmt: skip
def test_a_fault_is_placed_in_bytes_within_its_chunk(text: str, place: tuple[int, int, int, int]) -> None:
    fault = Edited(text).chunks[0].parsed.fault
    assert fault is not None
    assert (fault.line, fault.column, fault.end_line, fault.end_column) == place


def test_a_fault_in_a_member_is_placed_from_the_member_on() -> None:
    chunk = Edited("class A:\n    x = 1\n\n    def m(self):\n        y = = 2\n").chunks[-1]
    assert (chunk.start, chunk.parsed.fault and chunk.parsed.fault.line) == (3, 1)


def test_a_member_that_is_indented_less_than_the_first_is_a_fault() -> None:
    assert [role for role, _ in cut("class A:\n        x = 1\n    y = 2\n")] == ["header", "member!"]
