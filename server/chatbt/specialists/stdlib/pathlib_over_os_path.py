"""pathlib.Path

## What it does
Suggests `Path` with `/` for `os.path.join` and its like where the path is only used to open files and such, or goes
into a `Path` anyway, and the methods of `Path` for functions of `os` and `os.path` that are given one. It speaks in
files that import `pathlib`, where nothing of `os.path` would stay behind in the function.

## Why
A `Path` says that it is one, and has what can be done with it as methods: the code reads from left to right and needs
no functions of two modules around strings. What takes a path as a string takes a `Path` too.

## Example
    import os
    from pathlib import Path

    def load(base):
        config = os.path.join(base, "etc", "app.toml")
        with open(config, "rb") as fh:
            return fh.read()

Better:
    from pathlib import Path

    def load(base):
        config = Path(base) / "etc" / "app.toml"
        with open(config, "rb") as fh:
            return fh.read()

## When the fix is safe
Never without a look: `Path` drops empty parts, `.` and a slash at the end, `exists()` may raise where permission is
denied, and the parent of a mere file name is `.`.

## Asked as
- os.path.join against pathlib, Path with slash
- os.path functions, dirname, basename, splitext, modern way to handle paths
- PTH118, PTH123, flake8-use-pathlib
- join folder and file name, get extension, parent directory, file stem
- string paths or Path objects, backslashes on Windows
- os.path.exists, os.path.isfile, os.mkdir, os.listdir with pathlib, Path.exists
- directory of the current script, os.path.dirname(__file__)
- os.path.join(os.path.join(a, b), c) is unreadable, better way to build paths
- os.path.splitext, os.path.basename, os.path.dirname replacement
- should I switch from os.path to Path objects
- file name without extension, change the suffix
- parent folder of a path, home directory, absolute path
- get the extension, the name or the folder of a path in a newer way
- os.path.join everywhere, object-oriented paths

## References
- The Python Standard Library, pathlib: corresponding tools
"""

import ast
from collections.abc import Sequence

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import contains, walk_block
from chatbt.analysis.loops import is_own
from chatbt.analysis.names import callee, is_dynamic, scope_of
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, stdlib

# What becomes of a path that is no path: asked of it or done to it.
_METHODS = {
    "os.path.exists": "exists()", "os.path.isfile": "is_file()", "os.path.isdir": "is_dir()",
    "os.path.islink": "is_symlink()", "os.path.getsize": "stat().st_size", "os.path.basename": "name",
    "os.remove": "unlink()", "os.unlink": "unlink()", "os.rmdir": "rmdir()", "os.mkdir": "mkdir()",
    "os.makedirs": "mkdir(parents=True)",
}  # fmt: skip
_PATHS = ("os.path.join", "os.path.dirname", "os.getcwd")
_TAKERS = frozenset(
    "builtins.open io.open os.listdir os.scandir os.walk os.chdir os.chmod os.stat os.rename os.replace os.utime "
    "pathlib.Path".split()
)
_RUFF = tuple(f"PTH{number}" for number in (102, 103, 106, 107, 108, 109, 110, 112, 113, 114, 118, 119, 120, 202))
_DEEPEST = 4


@stdlib(
    "SL011",
    module="pathlib",
    since="0.1",
    ruff=_RUFF,
    calls=(*_METHODS, *_PATHS),
    yields_to=("PY043",),
    names={
        "pathlib.Path": (
            "A path as an object: `/` joins, `read_text` and `iterdir` read, and whatever opens files takes it. An"
            " absolute path on the right of `/` throws away all that stands to its left; and `read_text()` without an"
            " encoding decodes as the machine is set up."
        ),
    },
)
def pathlib_over_os_path(call: ast.Call, scope: Scope) -> Findings:
    name = callee(call, scope) or ""
    if not _is_simple(call, name, scope) or not _knows_pathlib(scope) or _is_absorbed(call, scope):
        return
    if name in _METHODS:
        is_path = proven(call.args[0], scope, "pathlib.Path")
        if is_path or (callee(call.args[0], scope) in _PATHS and _is_all([call], scope)):
            message = f"`{dotted(call)}` does to a string what `{_METHODS[name]}` of a `Path` does"
            yield Finding(call, message, about=())
        return
    if _into_path(call, scope) is not None:
        yield Finding(call, f"`{dotted(call)}` makes a string that becomes a `Path` right away", about=())
    elif name != "os.getcwd" and (uses := _uses_as_path(call, scope, _DEEPEST)) is not None:
        if not _is_all([call, *map(parent, uses)], scope):
            return
        yield Finding(call, f"`{dotted(call)}` makes a string of what is used as a path", about=uses)


def _knows_pathlib(scope: Scope) -> bool:
    """Whether the file works with paths already."""
    return any(meanings[0].target.partition(".")[0] == "pathlib" for _, meanings in scope.module_imports())


def _is_all(changed: Sequence[ast.AST], scope: Scope) -> bool:
    """Whether nothing of `os.path` stays in the function once these, and what else is found there, are changed."""
    function = scope.function.node if scope.function else None
    body = scope.chunk.parsed.body if scope.chunk else []
    return all(
        any(node is one for one in changed) or _goes(node, changed, name, scope_of(node))
        for node in walk_block([function] if function else body, functions=True)
        if isinstance(node, ast.Call)
        and ((name := callee(node, scope) or "") in _METHODS or name.startswith("os.path."))
    )


def _goes(call: ast.Call, changed: Sequence[ast.AST], name: str, scope: Scope) -> bool:
    if not _is_simple(call, name, scope):
        return False
    if name in _METHODS:
        return callee(call.args[0], scope) in _PATHS or proven(call.args[0], scope, "pathlib.Path")
    return name in _PATHS and (
        any(contains(one, call) for one in changed)
        or _into_path(call, scope) is not None
        or _uses_as_path(call, scope, _DEEPEST) is not None
    )


def _is_simple(call: ast.Call, name: str, scope: Scope) -> bool:
    """Whether a call has the arguments that a `Path` does as well with, none of them bytes or a file's number."""
    if name == "os.getcwd":
        return not call.args
    keywords = [one.arg for one in call.keywords]
    if keywords and not (name == "os.makedirs" and keywords == ["exist_ok"]):
        return False
    expected = len(call.args) > 1 if name == "os.path.join" else len(call.args) == 1
    return expected and not any(
        isinstance(one, ast.Starred | ast.NamedExpr) or proven(one, scope, "bytes", "int") for one in call.args
    )


def _is_absorbed(call: ast.Call, scope: Scope) -> bool:
    """Whether the call is part of another that is found, and goes with it."""
    around = parent(call)
    if not isinstance(around, ast.Call) or not around.args or around.args[0] is not call:
        return False
    name = callee(around, scope) or ""
    if callee(call, scope) not in _PATHS or not _is_simple(around, name, scope):
        return False
    if name in _METHODS or (name in _PATHS and _is_absorbed(around, scope)):
        return True
    return name in _PATHS and (
        _into_path(around, scope) is not None or _uses_as_path(around, scope, _DEEPEST) is not None
    )


def _into_path(call: ast.expr, scope: Scope) -> ast.Call | None:
    """The `Path(...)` around the call, if that has no other argument."""
    around = parent(call)
    if not isinstance(around, ast.Call) or callee(around, scope) != "pathlib.Path":
        return None
    return around if len(around.args) == 1 and not around.keywords else None


def _uses_as_path(call: ast.Call, scope: Scope, depth: int) -> tuple[ast.Name, ...] | None:
    """The reads of the variable for the path, if all that get the path take a `Path` as well; None if not."""
    if _is_given(call, scope):
        return ()
    match parent(call):
        case ast.Assign(targets=[ast.Name(id=name)]) if scope.kind == "function" and depth:
            if not is_own(name, scope) or is_dynamic(scope) or scope.captures(name):
                return None
            loads = tuple(scope.all_loads(name))
            is_bound_once = len(scope.bindings_of(name)) == 1
            given = [one for one in loads if _is_given(one, scope) or _is_joined(one, scope, depth)]
            rest = [one for one in loads if not any(one is other for other in given)]
            return loads if is_bound_once and given and all(map(_is_shown, rest)) else None
    return None


def _is_given(node: ast.expr, scope: Scope) -> bool:
    """Whether the expression is an argument of what takes a path."""
    around = parent(node)
    if not isinstance(around, ast.Call) or not any(one is node for one in around.args):
        return False
    name = callee(around, scope) or ""
    return name in _TAKERS or name.startswith("shutil.") or (name in _METHODS and _is_simple(around, name, scope))


def _is_joined(node: ast.Name, scope: Scope, depth: int) -> bool:
    """Whether another path is made of it that is used as one, too."""
    around = parent(node)
    if not isinstance(around, ast.Call) or callee(around, scope) not in _PATHS or around.args[0] is not node:
        return False
    return _into_path(around, scope) is not None or _uses_as_path(around, scope, depth - 1) is not None


def _is_shown(node: ast.Name) -> bool:
    """Whether the path is put into an f-string, where it looks as its string does."""
    match parent(node):
        case ast.FormattedValue(format_spec=None, conversion=conversion):
            return conversion in (-1, ord("s"))
    return False


@pathlib_over_os_path.fix
def use_path(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call)
    name = callee(call, scope) or ""
    whole = call if name in _METHODS else _into_path(call, scope) or call
    if comments_within(rewrite.place(whole), rewrite.walked):
        return None
    path = rewrite.reached(scope, "pathlib", "Path")
    if path is None:
        return None
    rewrite.drop(call.func)
    if name in _METHODS:
        text = _called(call, _as_path(call.args[0], path, scope, rewrite), name, rewrite)
        return review(f"Use `{path}.{_METHODS[name]}`", rewrite.replace(call, text))
    text = _as_path(call, path, scope, rewrite)
    binds_tighter = isinstance(parent(whole), ast.Attribute | ast.Subscript | ast.BinOp) and " / " in text
    edits = [rewrite.replace(whole, f"({text})" if binds_tighter else text)]
    for load in finding.about:
        user = parent(load)
        method = callee(user, scope) or ""
        if isinstance(user, ast.Call) and method in _METHODS:
            rewrite.drop(user.func)
            edits.append(rewrite.replace(user, _called(user, load.id, method, rewrite)))
        elif _into_path(load, scope) is user:
            edits.append(rewrite.replace(user, load.id))
    return review(f"Use `{path}`", *edits)


def _called(call: ast.Call, receiver: str, name: str, rewrite: Rewrite) -> str:
    """The method of a path in place of the call of a function with it."""
    method = _METHODS[name]
    if call.keywords:
        method = f"{method[:-1]}, exist_ok={rewrite.text(call.keywords[0].value)})"
    return f"({receiver}).{method}" if " / " in receiver else f"{receiver}.{method}"


def _as_path(node: ast.expr, path: str, scope: Scope, rewrite: Rewrite) -> str:
    """The source of an expression as a `Path`; what makes the string of it is left out."""
    name = callee(node, scope) or ""
    if name in _PATHS and isinstance(node, ast.Call) and _is_simple(node, name, scope):
        rewrite.drop(node.func)
        if name == "os.getcwd":
            return f"{path}.cwd()"
        first = _as_path(node.args[0], path, scope, rewrite)
        if name == "os.path.join":
            return " / ".join([first, *(rewrite.operand(one) for one in node.args[1:])])
        return f"({first}).parent" if callee(node.args[0], scope) == "os.path.join" else f"{first}.parent"
    return rewrite.operand(node) if proven(node, scope, "pathlib.Path") else f"{path}({rewrite.text(node)})"
