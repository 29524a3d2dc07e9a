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
        ("x = 1\n", MODULE, "import asyncio\n\nx = 1\n"),
        ('"""Doc."""\nx = 1\n', MODULE, '"""Doc."""\n\nimport asyncio\n\nx = 1\n'),
        ("from __future__ import annotations\nx = 1\n", NAME,
         "from __future__ import annotations\n\nfrom datetime import timezone\n\nx = 1\n"),
        ("import ast\nimport os\n", MODULE, "import ast\nimport asyncio\nimport os\n"),
        ("import os\nfrom ast import b\nfrom re import c\n", NAME,
         "import os\nfrom ast import b\nfrom datetime import timezone\nfrom re import c\n"),
        ("#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nx = 1\n", MODULE,
         "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\nimport asyncio\n\nx = 1\n"),
        ("\ufeffx = 1\n", MODULE, "\ufeffimport asyncio\n\nx = 1\n"),
        ("\ufeffdef f(): ...\n", MODULE, "\ufeffimport asyncio\n\n\ndef f(): ...\n"),
        ("\ufeff# -*- coding: utf-8 -*-\nx = 1\n", MODULE,
         "\ufeff# -*- coding: utf-8 -*-\n\nimport asyncio\n\nx = 1\n"),
        ("\ufeff# Licence\nx = 1\n", MODULE, "\ufeff# Licence\n\nimport asyncio\n\nx = 1\n"),
        ("import os\r\n", MODULE, "import asyncio\r\nimport os\r\n"),
        ('"""Doc."""\n\n\ndef f(): ...\n', MODULE, '"""Doc."""\n\nimport asyncio\n\n\ndef f(): ...\n'),
        ('def f(): ...\n', MODULE, 'import asyncio\n\n\ndef f(): ...\n'),
        ("__version__ = '1'\nimport os\n", MODULE, "__version__ = '1'\nimport asyncio\nimport os\n"),
        ("", MODULE, "import asyncio\n"),
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
         "from datetime import (\n    date,\n    timezone,\n    tzinfo as t,\n)\n"),
    ],
)  # fmt: skip
def test_a_name_joins_the_import_from_the_same_module(text: str, expected: str) -> None:
    assert added(text, NAME) == expected


def test_an_import_that_is_needed_twice_is_added_once() -> None:
    assert added("x = 1\n", MODULE, MODULE) == "import asyncio\n\nx = 1\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from .util import x\n", "from contextlib import suppress\n\nfrom .util import x\n"),
        ("import numpy\n\nfrom . import x\n", "from contextlib import suppress\n\nimport numpy\n\nfrom . import x\n"),
        ("import os\n\nimport numpy\n\nfrom . import x\n",
         "import os\nfrom contextlib import suppress\n\nimport numpy\n\nfrom . import x\n"),
        ("from re import x\n\nimport numpy\n", "from contextlib import suppress\nfrom re import x\n\nimport numpy\n"),
        ("from __future__ import annotations\n\nimport numpy\n",
         "from __future__ import annotations\n\nfrom contextlib import suppress\n\nimport numpy\n"),
        ('"""Doc."""\nfrom .util import x\n', '"""Doc."""\n\nfrom contextlib import suppress\n\nfrom .util import x\n'),
        ('"""Doc."""\n\n# Ours.\nfrom .util import x\n',
         '"""Doc."""\n\nfrom contextlib import suppress\n\n# Ours.\nfrom .util import x\n'),
        ("# Licence.\nfrom .util import x\n", "# Licence.\n\nfrom contextlib import suppress\n\nfrom .util import x\n"),
        ("from .util import x\nimport os\n", "from contextlib import suppress\n\nfrom .util import x\nimport os\n"),
    ],
)  # fmt: skip
def test_an_import_of_the_standard_library_stands_above_all_others(text: str, expected: str) -> None:
    assert added(text, Import("contextlib", "suppress")) == expected


def test_imports_of_others_stand_below_those_of_the_standard_library() -> None:
    assert added("import os\n", Import("numpy")) == "import os\n\nimport numpy\n"


def test_several_imports_at_one_place_are_sorted_and_names_of_a_module_share_a_line() -> None:
    needed = [Import("re", "sub"), Import("ast"), Import("re", "escape")]
    assert added("x = 1\n", *needed) == "import ast\nfrom re import escape, sub\n\nx = 1\n"
    assert added("import bisect\n", *needed) == "import ast\nimport bisect\nfrom re import escape, sub\n"
    assert added("import numpy\n", *needed) == "import ast\nfrom re import escape, sub\n\nimport numpy\n"
    assert added("from re import match\n", *needed) == "import ast\nfrom re import escape, match, sub\n"
    assert added("from re import a\n", Import("re", "c"), Import("re", "b")) == "from re import a, b, c\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from datetime import (\n    tzinfo,  # zone\n)\n",
         "from datetime import (\n    timezone,\n    tzinfo,  # zone\n)\n"),
        ("from datetime import (\n    date,  # day\n)\n",
         "from datetime import (\n    date,  # day\n    timezone,\n)\n"),
        ("from datetime import (\n    date\n)\n", "from datetime import (\n    date,\n    timezone\n)\n"),
        ("from datetime import (date,\n    time)\n", "from datetime import (date,\n    time, timezone)\n"),
    ],
)  # fmt: skip
def test_a_name_gets_a_line_of_its_own_where_the_others_have_one(text: str, expected: str) -> None:
    assert added(text, NAME) == expected


def test_a_name_does_not_join_an_import_below_the_place_that_needs_it() -> None:
    text = "import os\nx = 1\nfrom datetime import date\n"
    document, statements = Document.from_text("x.py", text), [(one.lineno, one) for one in ast.parse(text).body]
    edits = import_edits(document, statements, [NAME], 2)
    assert apply(document, edits).text == "import os\nfrom datetime import timezone\nx = 1\nfrom datetime import date\n"
