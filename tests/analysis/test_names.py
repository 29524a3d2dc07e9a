"""What a name stands for."""

import ast

import pytest

from chatbt.analysis.names import callee, is_bound, is_builtin, is_dynamic, qualified, same, scope_of
from tests.analysis.asked import asked

CERTAIN = {
    "a builtin": ("here(open)", "builtins.open"),
    "an import": ("import os\nhere(os.path)", "os.path"),
    "an import of a submodule": ("import os.path\nhere(os.path)", "os.path"),
    "an import under another name": ("import os.path as p\nhere(p.join)", "os.path.join"),
    "a from-import": ("from os import path as p\nhere(p.join)", "os.path.join"),
    "a relative import": ("from . import a\nhere(a.b)", ".a.b"),
    "a relative import of a module's name": ("from ..a import b\nhere(b)", "..a.b"),
    "an import in another chunk": ("import os\ndef f():\n    here(os)", "os"),
    "an import in the function": ("def f():\n    import re as r\n    here(r.compile)", "re.compile"),
    "an import by a function with `global`": (
        "def f():\n    global r\n    import re as r\ndef g():\n    here(r)",
        "re",
    ),
    "the same import in both branches": ("if a:\n    import re\nelse:\n    import re\nhere(re)", "re"),
    "an import that may fail": ("try:\n    import re\nexcept ImportError:\n    re = None\nhere(re.sub)", "re.sub"),
    "a builtin in a method beside one of its name": (
        "class A:\n    def open(self): pass\n    def f(self):\n        here(open)",
        "builtins.open",
    ),
    "a builtin in a comprehension of a class that has its name": (
        "class A:\n    open = 1\n    a = [here(open) for _ in b]",
        "builtins.open",
    ),
    "a builtin beside a comprehension's variable": ("[open for open in a]\nhere(open)", "builtins.open"),
    "a builtin in a default, beside a parameter": ("def f(open, a=here(open)): pass", "builtins.open"),
    "an import beside a parameter of another function": ("import re\ndef f(re): pass\nhere(re)", "re"),
    "an import around a function that declares it global": (
        "import re\ndef f():\n    re = 1\n    def g():\n        global re\n        def h():\n            here(re)",
        "re",
    ),
}

UNCERTAIN = {
    "a variable": "a = 1\nhere(a)",
    "an unknown name": "here(a)",
    "a call's result": "here(a().b)",
    "a parameter": "def f(open):\n    here(open)",
    "a name assigned further down": "def f():\n    here(open)\n    open = 1",
    "a function of another chunk": "def open(): pass\nhere(open)",
    "a class": "class open: pass\nhere(open)",
    "a loop variable": "import re\nfor re in a: pass\nhere(re)",
    "a loop variable of a comprehension": "import re\n[here(re) for re in a]",
    "a walrus in a comprehension": "import re\n[(re := b) for b in a]\nhere(re)",
    "a caught exception": "import re\ntry: pass\nexcept E as re: pass\nhere(re)",
    "a with's variable": "import re\nwith a as re: pass\nhere(re)",
    "a matched name": "import re\nmatch a:\n    case [*re]: pass\nhere(re)",
    "an augmented import": "import re\nre += 1\nhere(re)",
    "a deleted import": "import re\ndel re\nhere(re)",
    "another import in the other branch": "try:\n    import a\nexcept ImportError:\n    import b as a\nhere(a)",
    "a global that a function binds": "import re\ndef f():\n    global re\n    re = 1\nhere(re)",
    "a variable of the function around": "import re\ndef f():\n    re = 1\n    def g():\n        here(re)",
    "a nonlocal variable": "def f():\n    import re\n    def g():\n        nonlocal re\n        re = 1\n    here(re)",
    "a builtin that a star import may hide": "from a import *\nhere(open)",
    "a class's name in its body": "class A:\n    def open(self): pass\n    here(open)",
    "None": "open = None\nhere(open)",
    "a name that each module has of its own": "here(__name__)",
}


@pytest.mark.parametrize(("code", "expected"), CERTAIN.values(), ids=CERTAIN)
def test_the_full_name_is_certain_of(code: str, expected: str) -> None:
    assert qualified(*asked(code)) == expected


@pytest.mark.parametrize("code", UNCERTAIN.values(), ids=UNCERTAIN)
def test_the_full_name_is_uncertain_of(code: str) -> None:
    assert qualified(*asked(code)) is None


def test_a_callee_is_resolved_and_nothing_else_has_one() -> None:
    assert callee(*asked("import os\nhere(os.getenv('A'))")) == "os.getenv"
    assert callee(*asked("import os\nhere(os.getenv)")) is None


def test_a_builtin_is_one_only_while_nothing_binds_its_name() -> None:
    _, scope = asked("here(a)")
    assert is_builtin("open", scope) and not is_builtin("os", scope)
    _, scope = asked("def open(): pass\nhere(a)")
    assert not is_builtin("open", scope)


@pytest.mark.parametrize("name", ["a", "print", "__file__"])
def test_variables_builtins_and_what_every_module_has_are_bound(name: str) -> None:
    assert is_bound(name, asked("a = 1\ndef f():\n    here(a)")[1])


def test_what_nothing_binds_is_not_bound() -> None:
    assert not is_bound("b", asked("a = 1\nhere(a)")[1])


@pytest.mark.parametrize("code", ["def f():\n    exec(a)\n    here(b)", "here(b)\nfrom a import *", "here(locals())"])
def test_names_may_be_bound_unseen(code: str) -> None:
    assert is_dynamic(asked(code)[1])


def test_exec_elsewhere_binds_nothing_here() -> None:
    assert not is_dynamic(asked("def f():\n    exec(a)\ndef g():\n    here(b)")[1])


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("here(a)", "module"),
        ("def f():\n    here(a)", "function"),
        ("class A:\n    here(a)", "class"),
        ("class A:\n    def f(self, a=here(b)): pass", "class"),
        ("class A(here(a)): pass", "module"),
        ("@here(a)\ndef f(): pass", "module"),
        ("def f(a: here(b)): pass", "module"),
        ("lambda a=here(b): a", "module"),
        ("lambda: here(a)", "lambda"),
        ("[here(a) for a in b]", "comprehension"),
        ("[a for a in here(b)]", "module"),
        ("[a for a in b for c in here(d)]", "comprehension"),
        ("[a for a in [here(b) for b in c]]", "comprehension"),
    ],
)
def test_a_node_is_evaluated_in_the_scope_of_its_place(code: str, kind: str) -> None:
    node, _ = asked(code)
    assert scope_of(node).kind == kind


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a", "a", True),
        ("a.b[0]", "a.b[0]", True),
        ("a['b']", "a['c']", False),
        ("a[1]", "a[True]", False),
        ("a.b", "b.a", False),
        ("a()", "a()", False),
    ],
)
def test_chains_of_names_are_the_same_part_by_part(one: str, other: str, expected: bool) -> None:
    first, second = (ast.parse(text, mode="eval").body for text in (one, other))
    assert same(first, second) is expected
