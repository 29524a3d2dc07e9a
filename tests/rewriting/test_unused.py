"""Imports that edits leave unused go with them, and no others."""

import ast

import pytest

from chatbt.rewriting.apply import apply
from chatbt.rewriting.fix import Edit, Import
from chatbt.rewriting.imports import import_edits
from chatbt.rewriting.unused import without_unused
from chatbt.source.document import Document, Range

NEW = Import("functools", "cache")


def edited(text: str, name: str, *needed: Import, path: str = "x.py") -> str:
    """The text once its last line is `y`, and what that left unused is gone."""
    document = Document.from_text(path, text)
    statements = [(one.lineno, one) for one in ast.parse(text).body]
    last = len(document.lines)
    replaced = Edit(Range.of(last, 0, last, len(document.line(last).encode())), "y")
    edits = [*import_edits(document, statements, needed), replaced]
    return apply(document, without_unused(document, statements, [name], edits)).text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\n\nos.x\n", "y\n"),
        ("'''Doc.'''\n\nimport os\n\n\nos.x\n", "'''Doc.'''\n\ny\n"),
        ("import ast\nimport os\n\nos.x\n", "import ast\n\ny\n"),
        ("import os, ast\n\nos.x\n", "import ast\n\ny\n"),
        ("import ast as os\n\nos.x\n", "y\n"),
        ("from os import (\n    path,\n    os,\n)\nos.x\n", "from os import (\n    path,\n)\ny\n"),
        ("import os\r\nos.x\r\n", "y\r\n"),
        ("from dateutil import tz as os\nos.x\n", "y\n"),
        ("import os\na.os\nos.x\n", "a.os\ny\n"),
    ],
)  # fmt: skip
def test_what_is_unused_goes(before: str, after: str) -> None:
    assert edited(before, "os") == after


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.a\nos.x\n",
        "import os\n'os'\nos.x\n",
        "import os  # noqa\nos.x\n",
        "import os; print()\nos.x\n",
        "import os as os\nos.x\n",
        "import os\neval(x)\nos.x\n",
        "import os\n1\n",
        "from mine import os\nos.x\n",
        "from b import os\nfrom os import os\nos.x\n",
        "from . import os\nos.x\n",
        "import os.path\nos.x\n",
        "from os import (os, path)\nos.x\n",
        "from os import (\n    os, path\n)\nos.x\n",
        "if 1:\n    import os\nos.x\n",
    ],
)
def test_what_may_have_a_use_stays(text: str) -> None:
    assert edited(text, "os") == text[: text.rstrip("\n").rindex("\n") + 1] + "y\n"


def test_several_names_of_one_import_go_together() -> None:
    text = "from os import (\n    a,\n    b,\n    c,\n)\nfrom os import d, e\na + b + d + e\n"
    document = Document.from_text("x.py", text)
    statements = [(one.lineno, one) for one in ast.parse(text).body]
    replaced = Edit(Range.of(7, 0, 7, 13), "y")
    edits = without_unused(document, statements, ["a", "b", "d", "e"], [replaced])
    assert apply(document, edits).text == "from os import (\n    c,\n)\ny\n"


def test_a_package_keeps_its_imports() -> None:
    assert edited("import os\nos.x\n", "os", path="a/__init__.py") == "import os\ny\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from functools import old\nold\n", "from functools import cache\ny\n"),
        ("from functools import a, old, z\nold\n", "from functools import a, cache, z\ny\n"),
        ("from functools import (\n    old,\n)\nold\n", "from functools import (\n    cache,\n    old,\n)\ny\n"),
        ("from functools import (\n    a,\n    old,\n)\nold\n",
         "from functools import (\n    a,\n    cache,\n)\ny\n"),
        ("from functools import (\n    old,\n    z,\n)\nold\n", "from functools import (\n    cache,\n    z,\n)\ny\n"),
        ("import old\n\nold\n", "from functools import cache\n\nimport old\n\ny\n"),
        ("import ast as old\n\nold\n", "from functools import cache\n\ny\n"),
        ("import pytz as old\n\n\nold\n", "from functools import cache\n\n\ny\n"),
        ("import pytz as old\nold\n", "from functools import cache\n\ny\n"),
    ],
)  # fmt: skip
def test_an_import_takes_the_place_of_another(before: str, after: str) -> None:
    assert edited(before, "old", NEW) == after
