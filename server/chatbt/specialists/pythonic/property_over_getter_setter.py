"""A property instead of a getter and a setter

## What it does
Finds a method `get_x` that only returns `self._x`, beside a method `set_x` of the same class.

## Why
An attribute that is read and assigned needs no methods in Python. Should it ever need a check or a computation, a
property gives it one without a change of the code that uses it; until then a plain attribute does.

## Example
    def make():
        class Account:
            def __init__(self):
                self._owner = ""

            def get_owner(self):
                return self._owner

            def set_owner(self, value):
                self._owner = value

        return Account()

Better:
    def make():
        class Account:
            def __init__(self):
                self._owner = ""

            @property
            def owner(self):
                return self._owner

            @owner.setter
            def owner(self, value):
                self._owner = value

        return Account()

## When the fix is safe
Never without a look: who calls the methods must be changed too. It is offered only where the class stands inside a
function and nothing there calls the methods. Who uses any other class is not known, and it has no fix.

## Asked as
- getter and setter methods, get_x and set_x
- property decorator, @property and @x.setter
- encapsulation, private attribute _x with accessors as in Java or C#
- should attributes be public or accessed by methods
- getX() setX() pythonic
- validate an attribute when it is assigned, without brackets
- are get and set methods used in Python, I come from Java, C++ or C#
- get_balance and set_balance, obj.getValue()
- computed attribute without parentheses
- how do I do private fields and accessors the Python way
- obj.set_name("x") or obj.name = "x", what is customary
- do I write accessors for each attribute

## References
- The Python Standard Library, Built-in Functions: property
- The Python Descriptor Guide: Managed attributes
"""

import ast

from chatbt.analysis.finding import Finding, Related
from chatbt.analysis.flow import enclosing_function
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic


@pythonic("PY037", since="0.1")
def property_over_getter_setter(function: ast.FunctionDef, scope: Scope) -> Findings:
    if scope.kind != "class" or not function.name.startswith("get_") or function.decorator_list:
        return
    name = function.name.removeprefix("get_")
    if not name.isidentifier() or _handed_out(function) not in (f"_{name}", f"__{name}"):
        return
    setter = f"set_{name}"
    meanings = scope.meanings_of(setter) if _is_of_class(setter, scope) else ()
    if [(one.kind, one.target) for one in meanings] != [("function", "")]:
        return
    if _is_of_class(name, scope) or len(scope.meanings_of(function.name)) != 1 or _is_named(function.name, scope):
        return
    facts = scope.class_facts()
    if set(facts.bases) - {"object"} or facts.keywords:
        return  # a base may ask for the methods
    here = _setter(setter, scope)
    if here is not None and _taken_in(here) != _handed_out(function):
        return
    yield Finding(
        function,
        f"`{function.name}` only hands out `self.{_handed_out(function)}`, and `{setter}` stands beside it",
        related=(Related(here, "the other half"),) if here else (),
        stretch=Range.of(function.lineno, function.col_offset, function.lineno, _end_of_name(function)),
        about=here,
    )


def _end_of_name(function: ast.FunctionDef) -> int:
    return function.col_offset + len("def ") + len(function.name.encode())


def _is_of_class(name: str, scope: Scope) -> bool:
    """Whether some chunk of the class binds `name` in its body."""
    return name in scope.bindings or bool(scope.elsewhere(name))


def _is_named(name: str, scope: Scope) -> bool:
    """Whether the class body itself reads the method: a property may be made of it already."""
    return name in scope.loads or scope.module.used_elsewhere(name)


def _parameters(function: ast.FunctionDef) -> list[str]:
    """The names of the parameters, if there are only plain ones without defaults; else none."""
    arguments = function.args
    odd = arguments.posonlyargs or arguments.vararg or arguments.kwonlyargs or arguments.kwarg or arguments.defaults
    return [] if odd else [one.arg for one in arguments.args]


def _body(function: ast.FunctionDef) -> list[ast.stmt]:
    """The body without its docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return function.body[1:] if documented else function.body


def _handed_out(function: ast.FunctionDef) -> str:
    """The attribute that a getter returns; "" if it does anything else."""
    parameters = _parameters(function)
    match _body(function):
        case [ast.Return(value=ast.Attribute(value=ast.Name(id=receiver), attr=name))] if parameters == [receiver]:
            return name
    return ""


def _setter(name: str, scope: Scope) -> ast.FunctionDef | None:
    """The method of that name, if this chunk has it."""
    found = scope.bindings.get(name, [None])[0]
    return found if isinstance(found, ast.FunctionDef) else None


def _taken_in(function: ast.FunctionDef) -> str:
    """The attribute that a setter assigns its parameter to; "" if it does anything else."""
    match _body(function), _parameters(function):
        case (
            [ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=name)], value=ast.Name(id=given))],
            [receiver, value],
        ) if (owner, given) == (receiver, value):
            return name
    return ""


@property_over_getter_setter.fix
def make_it_a_property(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    getter, setter = finding.node, finding.about
    assert isinstance(getter, ast.FunctionDef)
    if not isinstance(setter, ast.FunctionDef) or enclosing_function(parent(getter)) is None:
        return None
    name = getter.name.removeprefix("get_")
    if getter.lineno > setter.lineno or name in scope.loads or _is_used(getter.name, setter.name, rewrite):
        return None
    edits = [*_renamed(getter, name, "property", rewrite), *_renamed(setter, name, f"{name}.setter", rewrite)]
    return review(f"Make a property `{name}` of the two", *edits) if len(edits) == 4 else None


def _is_used(getter: str, setter: str, rewrite: Rewrite) -> bool:
    """Whether anything in the chunk names the methods, as an attribute or in a string."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr in (getter, setter))
        or (isinstance(node, ast.Constant) and node.value in (getter, setter))
        for statement in rewrite.walked.parsed.body
        for node in ast.walk(statement)
    )


def _renamed(function: ast.FunctionDef, name: str, decorator: str, rewrite: Rewrite) -> list[Edit]:
    """The edits that decorate and rename a method; [] where its head is not as simple as that."""
    start, end = rewrite.place(function).start, rewrite.place(function.args.args[0]).start
    place = rewrite.token(start, end, rf"\b{function.name}\b")
    if place is None or not rewrite.stands_alone(function) or comments_within(Range(start, end), rewrite.walked):
        return []
    return [rewrite.lines_before(function, f"@{decorator}"), Edit(place, name)]
