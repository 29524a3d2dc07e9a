"""What the file proves of an expression's type."""

import pytest

from chatbt.analysis.operations import Proven
from chatbt.analysis.types import exactly, makes_mutable, proven, type_of
from tests.analysis.asked import asked

EXACT = {
    "a literal": ("here('a')", "str"),
    "an f-string": ("here(f'{a}')", "str"),
    "a display": ("here([1])", "list"),
    "a negative number": ("here(-1)", "int"),
    "a constructor": ("here(dict(a=1))", "dict"),
    "a constructor by an alias": ("import collections as c\nhere(c.deque())", "collections.deque"),
    "a function that always returns the same": ("here(sorted(a))", "list"),
    "a method of what is proven": ("here(','.join(a).split())", "list"),
    "a method that keeps the type": ("here({1}.union(a))", "set"),
    "a method that works in place": ("here([].append(1))", "NoneType"),
    "an attribute": ("from pathlib import Path\nhere(Path(a).parent.stem)", "str"),
    "a path that is joined": ("from pathlib import Path\nhere(Path(a) / 'b')", "pathlib.Path"),
    "a negation": ("here(not a)", "bool"),
    "a test of membership": ("here(a in b)", "bool"),
    "percent formatting": ("here('%s' % a)", "str"),
    "a repetition": ("here(3 * [0])", "list"),
    "a sum of lists": ("here([1] + [2])", "list"),
    "a sum of numbers": ("here(len(a) + 1.5)", "float"),
    "a slice": ("here(sorted(a)[1:])", "list"),
    "a letter": ("here('abc'[0])", "str"),
    "both ways of a condition": ("here([] if a else [1])", "list"),
    "a walrus": ("here((a := []))", "list"),
    "a variable": ("a = []\nhere(a)", "list"),
    "a variable of the module, read in a function": ("a = []\ndef f():\n    here(a)", "list"),
    "a variable of the module in another chunk": ("a = []\ndef g(): pass\nhere(a)", "list"),
    "a call in another chunk": ("a = sorted(b)\ndef g(): pass\nhere(a)", "list"),
    "a variable that is bound twice alike": ("a = []\nif b:\n    a = [1]\nhere(a)", "list"),
    "a variable that grows": ("a = ''\nfor b in c:\n    a += str(b)\nhere(a)", "str"),
    "a list that grows by a tuple": ("a = []\na += (1,)\nhere(a)", "list"),
    "a variable that is made of itself": ("a = ' a '\na = a.strip()\nhere(a)", "str"),
    "variables that are made of each other": ("a = ''\nb = ''\na = b.strip()\nb = a.strip()\nhere(a)", "str"),
    "a variable that is deleted later": ("def f():\n    a = []\n    here(a)\n    del a", "list"),
    "a variable of a function around": ("def f():\n    a = {}\n    def g():\n        here(a)", "dict"),
    "a nonlocal variable": (
        "def f():\n    a = {}\n    def g():\n        nonlocal a\n        a = {1: 2}\n    here(a)",
        "dict",
    ),
    "a global variable": ("def f():\n    global a\n    a = []\n    here(a)", "list"),
    "a walrus in a comprehension": ("def f():\n    [(a := str(b)) for b in c]\n    here(a)", "str"),
    "the rest of the arguments": ("def f(*a):\n    here(a)", "tuple"),
    "the keyword arguments": ("def f(**a):\n    here(a)", "dict"),
    "a counter over a range": ("for a in range(3):\n    here(a)", "int"),
    "an open file": ("with open(b) as a:\n    here(a)", "file"),
    "the value behind an annotation": ("from typing import Sequence\na: Sequence = []\nhere(a)", "list"),
    "a name whose class is tested": ("def f(a):\n    if type(a) is str:\n        here(a)", "str"),
    "a method of what is None elsewhere": ("a = None\nif b:\n    a = ''\nhere(a.strip())", "str"),
    "a class's own variable": ("class A:\n    a = []\n    here(a)", "list"),
    "a class's variable in another chunk": ("class A:\n    a = []\n    def f(self): pass\n    here(a)", "list"),
}

INEXACT = {
    "an annotated parameter": ("def f(a: list[int]):\n    here(a)", "list"),
    "a keyword-only parameter with a default": ("def f(*, a: str = ''):\n    here(a)", "str"),
    "an annotation as a string": ("def f(a: 'dict[str, int]'):\n    here(a)", "dict"),
    "an annotation of typing": ("from typing import List\ndef f(a: List[int]):\n    here(a)", "list"),
    "an annotation by an alias": ("import typing as t\ndef f(a: t.Dict):\n    here(a)", "dict"),
    "an annotation with remarks": (
        "from typing import Annotated\ndef f(a: Annotated[str, 'a']):\n    here(a)",
        "str",
    ),
    "an annotated variable": ("a: list[int] = g()\nhere(a)", "list"),
    "a method of a parameter that may be None": ("def f(a: str = None):\n    here(a.split())", "list"),
    "a method of an annotated parameter": ("def f(a: str):\n    here(a.split())", "list"),
    "a parameter that is replaced alike": ("def f(a: str):\n    a = a.strip()\n    here(a)", "str"),
    "a class that is not the standard library's": ("from b import B\ndef f(a: B):\n    here(a)", "b.B"),
    "an isinstance around": ("def f(a):\n    if b and isinstance(a, str):\n        here(a)", "str"),
    "an isinstance in the same condition": ("def f(a):\n    return isinstance(a, str) and here(a)", "str"),
    "an isinstance in a conditional expression": ("def f(a):\n    return here(a) if isinstance(a, str) else 1", "str"),
    "an assertion before": ("def f(a):\n    assert isinstance(a, str)\n    for b in c:\n        here(a)", "str"),
    "an early exit before": ("def f(a):\n    if not isinstance(a, str):\n        return\n    here(a)", "str"),
    "an isinstance that says more than the annotation": (
        "def f(a: object):\n    if isinstance(a, list):\n        here(a)",
        "list",
    ),
}

UNPROVEN = {
    "an unknown call": "here(a())",
    "a parameter": "def f(a):\n    here(a)",
    "a builtin that another chunk rebinds": "def list(): pass\nhere(list())",
    "a builtin that a parameter hides": "def f(list):\n    here(list())",
    "a builtin that a star import may hide": "from b import *\nhere(list())",
    "a variable that a star import may bind": "from b import *\na = []\nhere(a)",
    "a variable that is bound to another type as well": "a = []\nif b:\n    a = None\nhere(a)",
    "a variable that another chunk binds too": "a = []\ndef g():\n    global a\n    a = None\nhere(a)",
    "a class in another chunk": "a = list\ndef g(): pass\nhere(a)",
    "a variable that an inner function rebinds": (
        "def f():\n    a = []\n    def g():\n        nonlocal a\n        a = b\n    here(a)"
    ),
    "a variable of the function where the other is named": (
        "b = []\ndef f():\n    def g(b):\n        nonlocal a\n        a = b\n    a = []\n    here(a)"
    ),
    "a walrus over a comprehension's variable": "def f(b, c):\n    [(a := b) for b in c]\n    here(a)",
    "a loop's variable": "for a in b:\n    here(a)",
    "a part of what is unpacked": "a, b = [], []\nhere(a)",
    "a caught exception": "a = ''\ntry:\n    g()\nexcept E as a:\n    pass\nhere(a)",
    "a matched name": "a = ''\nmatch b:\n    case a:\n        pass\nhere(a)",
    "an import": "a = []\nimport a\nhere(a)",
    "a function": "a = []\ndef a(): pass\nhere(a)",
    "a module's variable that is deleted, so that a builtin is back": "id = ''\ndel id\nhere(id)",
    "a list that grows by something unknown": "a = []\na += b\nhere(a)",
    "a variable that only it says": "def f():\n    a = a.strip()\n    here(a)",
    "variables that only say it of each other": "def f():\n    a = b\n    b = a\n    here(a)",
    "a parameter that may be None": "def f(a: str = None):\n    here(a)",
    "a variable that is None elsewhere": "a = None\nif b:\n    a = ''\nhere(a)",
    "a variable that got None from another one": (
        "def f():\n    a = None\n    a = ''\n    b = a\n    here(b.strip() or b)"
    ),
    "a union": "def f(a: str | None):\n    here(a)",
    "an Optional": "from typing import Optional\ndef f(a: Optional[str]):\n    here(a)",
    "a class of this file under the name of a builtin": "class str: pass\ndef f(a: str):\n    here(a)",
    "an annotation in a function that rebinds its name": "def f():\n    str = b\n    a: str = g()\n    here(a)",
    "a sum of different types": "here([] + ())",
    "a comparison, which may be overloaded": "here(a == b)",
    "one way of a condition": "here([] if a else b)",
    "a method of what is unproven": "here(a.split())",
    "a method that the type lacks": "here([].split())",
    "a class's variable from a method": "class A:\n    a = []\n    def f(self):\n        here(a)",
    "a name of a class from its comprehension": "class A:\n    a = []\n    b = [here(a) for _ in c]",
    "an isinstance whose name is rebound inside": (
        "def f(a):\n    if isinstance(a, str):\n        a = g()\n        here(a)"
    ),
    "an isinstance in the other branch": "def f(a):\n    if isinstance(a, str):\n        b()\n    else: here(a)",
    "an isinstance of another name": "def f(a, b):\n    if isinstance(b, str):\n        here(a)",
    "an isinstance that is one of two": "def f(a):\n    if b or isinstance(a, str):\n        here(a)",
    "an isinstance of several": "def f(a):\n    if isinstance(a, (str, int)):\n        here(a)",
    "an isinstance of a comprehension's variable": (
        "def f(a):\n    if isinstance(a, str):\n        [here(a) for a in b]"
    ),
    "an isinstance around a function": "def f(a):\n    if isinstance(a, str):\n        def g(): here(a)",
    "an isinstance that is not the builtin": (
        "def isinstance(*a): pass\ndef f(a):\n    if isinstance(a, str):\n        here(a)"
    ),
    "an assertion before a rebinding": "def f(a):\n    assert isinstance(a, str)\n    a = g()\n    here(a)",
    "an assertion before a loop that rebinds": (
        "def f(a):\n    assert isinstance(a, str)\n    while b:\n        here(a)\n        a = g()"
    ),
    "an early exit that does not always leave": (
        "def f(a):\n    if not isinstance(a, str):\n        print()\n    here(a)"
    ),
}


@pytest.mark.parametrize(("code", "expected"), EXACT.values(), ids=EXACT)
def test_the_very_class_is_proven_by(code: str, expected: str) -> None:
    assert type_of(*asked(code)) == Proven(expected, exact=True)


@pytest.mark.parametrize(("code", "expected"), INEXACT.values(), ids=INEXACT)
def test_a_type_or_a_subclass_is_proven_by(code: str, expected: str) -> None:
    assert type_of(*asked(code)) == Proven(expected, exact=False)


@pytest.mark.parametrize("code", UNPROVEN.values(), ids=UNPROVEN)
def test_nothing_is_proven_by(code: str) -> None:
    assert type_of(*asked(code)) is None


def test_an_exact_class_is_asked_for_apart_from_the_protocol() -> None:
    node, scope = asked("def f(a: list):\n    here(a)")
    assert proven(node, scope, "tuple", "list") and not exactly(node, scope, "list")


def test_names_bound_to_each_other_end() -> None:
    names = [f"a{number}" for number in range(30)]
    lines = [f"{one} = {other} + {third}" for one in names for other in names[:3] for third in names[-3:]]
    assert type_of(*asked("\n".join([*lines, "here(a7)"]))) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("here([])", "list"),
        ("here({a for a in b})", "set"),
        ("from collections import defaultdict as d\nhere(d(int))", "collections.defaultdict"),
        ("here(sorted(a))", None),
        ("here(tuple())", None),
        ("here(a)", None),
    ],
)
def test_displays_and_constructors_make_new_mutable_objects(code: str, expected: str | None) -> None:
    assert makes_mutable(*asked(code)) == expected
