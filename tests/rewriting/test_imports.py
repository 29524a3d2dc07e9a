"""Where imports and lines that an edit needs of the module are added."""

import ast

import pytest

from chatbt.rewriting.apply import apply
from chatbt.rewriting.fix import Import
from chatbt.rewriting.imports import import_edits, module_edits
from chatbt.source.document import Document

MODULE, NAME = Import("asyncio"), Import("datetime", "timezone")


def with_lines(text: str, *lines: str) -> str:
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
    assert with_lines(before, "X = 1") == after


def test_the_same_line_is_added_once() -> None:
    assert with_lines("import a\n", "X = 1", "X = 1") == "import a\n\nX = 1\n"


def test_without_lines_nothing_is_added() -> None:
    assert with_lines("import a\n") == "import a\n"


def added(text: str, *needed: Import) -> str:
    document = Document.from_text("x.py", text)
    statements = [(one.lineno, one) for one in ast.parse(text.removeprefix("\ufeff")).body]
    return apply(document, import_edits(document, statements, needed)).text


@pytest.mark.parametrize(
    ("text", "needed", "expected"),
    [
        ("x = 1\n", MODULE, "import asyncio\nx = 1\n"),
        ('"""Doc."""\nx = 1\n', MODULE, '"""Doc."""\nimport asyncio\nx = 1\n'),
        ("from __future__ import annotations\nx = 1\n", NAME,
         "from __future__ import annotations\nfrom datetime import timezone\nx = 1\n"),
        ("import ast\nimport os\n", MODULE, "import ast\nimport asyncio\nimport os\n"),
        ("import os\nfrom a import b\nfrom re import c\n", NAME,
         "import os\nfrom a import b\nfrom datetime import timezone\nfrom re import c\n"),
        ("#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nx = 1\n", MODULE,
         "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nimport asyncio\nx = 1\n"),
        ("\ufeffx = 1\n", MODULE, "\ufeffimport asyncio\nx = 1\n"),
        ("import os\r\n", MODULE, "import asyncio\r\nimport os\r\n"),
    ],
)  # fmt: skip
def test_an_import_goes_where_sorting_puts_it(text: str, needed: Import, expected: str) -> None:
    assert added(text, needed) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from datetime import datetime\n", "from datetime import datetime, timezone\n"),
        ("from datetime import tzinfo\n", "from datetime import timezone, tzinfo\n"),
        ("from datetime import (\n    date,\n    tzinfo as t,\n)\n",
         "from datetime import (\n    date, timezone,\n    tzinfo as t,\n)\n"),
    ],
)  # fmt: skip
def test_a_name_joins_the_import_from_the_same_module(text: str, expected: str) -> None:
    assert added(text, NAME) == expected


def test_an_import_that_is_needed_twice_is_added_once() -> None:
    assert added("x = 1\n", MODULE, MODULE) == "import asyncio\nx = 1\n"
