"""Result of a pure call thrown away

## What it does
Reports a statement that only calls something without side effects: a method of a str, bytes, tuple, set, frozenset,
date, datetime or `pathlib.Path` that makes a new object, or a builtin such as `sorted`, `reversed`, `map` or
`isinstance`. Only a receiver whose type the file proves counts. A call that may stand there for the exception it
raises is left alone: in a `try` with handlers, under `pytest.raises` or `suppress`.

## Why
Such a call changes nothing. Strings, tuples, dates and paths never change; `sorted` makes a new list; `map` and
`filter` do not even call their function before someone asks for the items. The statement does nothing, and the code
below it goes on with the old value.

## Example
    def clean(name: str) -> str:
        name.strip()
        return name

Better:
    def clean(name: str) -> str:
        name = name.strip()
        return name

## When the fix is safe
Never without a look: the code below the statement gets the new value for the first time.

## Asked as
- string method has no effect, s.upper() or s.strip() does not change the string
- replace does not work, strings are immutable, result must be assigned
- sorted(items) does not sort my list, list is still unsorted afterwards
- calling a method and throwing its result away, return value is not used
- date.replace(), Path.with_suffix() or timedelta does nothing
- lower, title, lstrip, rstrip have no effect, whitespace or newline is still there
- expression-not-assigned, B018 useless expression, statement seems to have no effect
- text is unchanged after replace, strip, lower, upper or split
- I call the method but the variable keeps its old value
- sorted(x) on a line of its own changes nothing
- spaces are still there although I stripped them
- do string methods change the string or return a new one
- lower(), strip() or replace() has no influence, capitals, blanks or newlines remain
- the line with the method seems to be ignored, nothing is different afterwards

## References
- The Python Standard Library, String Methods
"""

import ast

from chatbt.analysis.expectation import expects_exception, guarded_by
from chatbt.analysis.finding import Finding
from chatbt.analysis.names import is_builtin
from chatbt.analysis.outer import parent
from chatbt.analysis.returns import METHODS
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import receiver_type, type_of
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_LAZY = frozenset("enumerate filter map reversed zip".split())
_EAGER = frozenset("isinstance issubclass len sorted".split())
# Left out: what is called for the exception it may raise, such as encode, index, relative_to and resolve.
_TEXT = (
    "capitalize casefold center count endswith expandtabs find isalnum isalpha isdigit islower isspace istitle isupper "
    "join ljust lower lstrip partition removeprefix removesuffix replace rfind rjust rpartition rsplit rstrip split "
    "splitlines startswith strip swapcase title translate upper zfill"
)
_SETS = "copy difference intersection isdisjoint issubset issuperset symmetric_difference union"
_DATES = "astimezone date isoformat replace strftime time timestamp"
_PURE = {
    "str": frozenset([*_TEXT.split(), "format"]),
    "bytes": frozenset(_TEXT.split()),
    "tuple": frozenset(["count"]),
    "set": frozenset(_SETS.split()),
    "frozenset": frozenset(_SETS.split()),
    "datetime.date": frozenset(_DATES.split()),
    "datetime.datetime": frozenset(_DATES.split()),
    "pathlib.Path": frozenset("absolute as_posix joinpath with_name with_stem with_suffix".split()),
}
_NAMES = frozenset().union(*_PURE.values())
_NEVER_RAISES = frozenset("lower lstrip rstrip strip swapcase title upper capitalize casefold".split())
_MOVES = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
_RUNS = (*_MOVES, ast.Call, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@critic("CC021", group="bug", since="0.1", calls=(f"builtins.{name}" for name in _LAZY | _EAGER), methods=_NAMES)
def discarded_pure_result(call: ast.Call, scope: Scope) -> Findings:
    statement = parent(call)
    if not isinstance(statement, ast.Expr) or (scope.file.notebook and scope.kind == "module"):
        return
    message = _of_function(call, scope) if isinstance(call.func, ast.Name) else _of_method(call, scope)
    if message and not _is_a_check(statement, call) and not _runs_something(call):
        yield Finding(call, message)


def _of_function(call: ast.Call, scope: Scope) -> str | None:
    assert isinstance(call.func, ast.Name)
    name = call.func.id
    if not call.args or not is_builtin(name, scope):
        return None
    # A test may only try that such a call works; a class may have its own idea of `len`, a notebook shows it.
    if scope.file.test and (name in _LAZY or (name == "sorted" and not isinstance(call.args[0], ast.Name))):
        return None
    if name == "len" and (scope.kind == "module" or type_of(call.args[0], scope) is None):
        return None
    if name in ("map", "filter") and isinstance(call.args[0], ast.Name | ast.Attribute):
        return f"`{name}()` makes an iterator that nobody reads: `{ast.unparse(call.args[0])}` is never called"
    if name in _LAZY:
        return f"`{name}()` makes an iterator that nobody reads: this does nothing"
    if name == "sorted" and isinstance(call.args[0], ast.Name | ast.Attribute):
        return f"`sorted()` makes a new list, which is thrown away: `{ast.unparse(call.args[0])}` stays as it is"
    return f"the result of `{name}()` is thrown away: this does nothing"


def _of_method(call: ast.Call, scope: Scope) -> str | None:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _NAMES:
        return None
    receiver, method = call.func.value, call.func.attr
    found = receiver_type(call.func, scope)
    if found is None or method not in _PURE.get(found.name, ()):
        return None
    if scope.file.test and isinstance(receiver, ast.Constant):
        return None
    kind = found.name.rpartition(".")[2]
    if METHODS[found.name].get(method) not in ("same", found.name):
        return f"the result of `{kind}.{method}()` is thrown away: this does nothing"
    what = f"`{ast.unparse(receiver)}`" if isinstance(receiver, ast.Name | ast.Attribute) else f"this {kind}"
    return f"`{method}()` makes a new {kind}, which is thrown away: {what} stays as it is"


def _is_a_check(statement: ast.Expr, call: ast.Call) -> bool:
    """Whether the call may stand there for the exception that it raises."""
    if expects_exception(statement):
        return True
    guard = guarded_by(statement)
    if guard is None:
        return False
    never = isinstance(call.func, ast.Attribute) and call.func.attr in _NEVER_RAISES
    return not never or len(guard.body) == 1


def _runs_something(call: ast.Call) -> bool:
    """Whether the arguments do something that may be what the statement is there for."""
    function = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    kinds = _RUNS if function in ("join", "sorted", "len") else _MOVES
    return any(isinstance(node, kinds) for part in call.args for node in ast.walk(part)) or any(
        isinstance(node, _MOVES) for part in call.keywords for node in ast.walk(part)
    )


@discarded_pure_result.fix
def assign_it_back(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call)
    if isinstance(call.func, ast.Attribute):
        changed = call.func.value
        found = receiver_type(call.func, scope)
        if found is None or METHODS[found.name].get(call.func.attr) not in ("same", found.name):
            return None
    elif isinstance(call.func, ast.Name) and call.func.id == "sorted":
        changed = call.args[0]
    else:
        return None
    if not isinstance(changed, ast.Name) or scope.find(changed.id) is not scope:
        return None
    return review(f"Assign the result to `{changed.id}`", rewrite.insert_before(parent(call), f"{changed.id} = "))
