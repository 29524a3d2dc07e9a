"""Where lines that an edit needs of the module are added."""

import ast

import pytest

from chatbt.rewriting.apply import apply
from chatbt.rewriting.imports import module_edits
from chatbt.source.document import Document


def added(text: str, *lines: str) -> str:
    document = Document.from_text("", text)
    statements = [(one.lineno, one) for one in ast.parse(text).body]
    return apply(document, module_edits(document, statements, lines)).text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import a\n\nb = 1\n", "import a\n\nX = 1\n\nb = 1\n"),
        ("import a\nb = 1\n", "import a\n\nX = 1\n\nb = 1\n"),
        ('"""Doc."""\nfrom b import (\n    c,\n)\n', '"""Doc."""\nfrom b import (\n    c,\n)\n\nX = 1\n'),
        ("try:\n    import a\nfinally:\n    b()\nc = a\n", "try:\n    import a\nfinally:\n    b()\n\nX = 1\n\nc = a\n"),
        (
            "v = 1\nif v:\n    import a\nimport b\nprint(a)\n",
            "v = 1\nif v:\n    import a\nimport b\n\nX = 1\n\nprint(a)\n",
        ),
        ("print(1)\n", "X = 1\n\nprint(1)\n"),
        ("import a\r\n\r\nb = 1\r\n", "import a\r\n\r\nX = 1\r\n\r\nb = 1\r\n"),
    ],
)
def test_a_line_goes_below_the_imports_with_blank_lines_around(before: str, after: str) -> None:
    assert added(before, "X = 1") == after


def test_the_same_line_is_added_once() -> None:
    assert added("import a\n", "X = 1", "X = 1") == "import a\n\nX = 1\n"


def test_without_lines_nothing_is_added() -> None:
    assert added("import a\n") == "import a\n"
