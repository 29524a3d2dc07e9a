"""Unclosed file

## What it does
Reports an `open()` whose file is used and then forgotten: nothing closes it, keeps it or hands it on. So with the files
of `tempfile`, `gzip`, `bz2`, `lzma`, `zipfile` and `tarfile`, and with sockets.

## Why
The file stays open until the garbage collector finds it: at once in CPython, later elsewhere and when an exception
holds on to it. Till then what was written may not be on the disk, and Windows lets nobody delete or rename the file.

## Example
    def load(path):
        data = open(path, "rb").read()
        return data

Better:
    def load(path):
        with open(path, "rb") as fh:
            data = fh.read()
        return data

## When the fix is safe
Never without a look: the file is closed earlier than before, and opened before what else the statement does.

## Asked as
- file is never closed, open() without with or close()
- ResourceWarning: unclosed file, unclosed socket
- OSError: [Errno 24] Too many open files, running out of file descriptors
- open(path).read() or for line in open(path), does Python close the file by itself
- json.load(open(name)) leaks a handle
- data is not written to the disk until the program ends, forgot to close or flush, file is empty
- file in use by another process, cannot delete, rename or move it on Windows
- SIM115 use a context manager for opening files, R1732 consider-using-with
- do I need to close a file after open().read(), who closes it
- number of open files or handles grows until the process crashes
- last lines are missing in the file that I write, content appears only after exit
- open(name, "w").write(text), is it safe without with
- socket, zip or temporary file stays open, resource leak
- Windows will not let me delete the file because it is still used by my own process
- hundreds of open files in the process, handles are not given back
- one-line open().read() or json.load(open()), is the handle closed automatically

## References
- The Python Tutorial, 7.2 Reading and Writing Files
- The Python Language Reference, 8.5 The with statement
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors, contains, siblings, statement_of
from chatbt.analysis.handles import (
    ARCHIVES,
    FILES,
    OTHERS,
    is_in_manager,
    is_left_open,
    is_patched,
    is_path,
    is_used_up,
)
from chatbt.analysis.names import callee
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.withs import indented
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, critic

_FOREIGN = {"fileobj", "fileno", "closefd"}  # arguments that say that somebody else owns what is opened
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return, ast.For)


@critic("CC015", group="bug", since="0.1", ruff=("SIM115",), calls=FILES + ARCHIVES + OTHERS)
def unclosed_file(call: ast.Call, scope: Scope) -> Findings:
    if any(one.arg in _FOREIGN for one in call.keywords) or is_in_manager(call, scope) or is_patched(call):
        return
    if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, int):
        return  # the standard streams are the process's own
    if callee(call, scope) in ARCHIVES and not (call.args and is_path(call.args[0], scope)):
        return
    around = parent(call)
    if is_used_up(call, scope):
        yield Finding(call, f"nothing can close what `{_function(call)}()` opens here")
    elif isinstance(around, ast.Assign) and len(around.targets) == 1 and isinstance(around.targets[0], ast.Name):
        name = around.targets[0]
        if is_left_open(name, scope):
            yield Finding(call, f"`{name.id}` is never closed", about=name)


def _function(call: ast.Call) -> str:
    return ast.unparse(call.func)


@unclosed_file.fix
def open_in_with(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call)
    statement = statement_of(call)
    if scope.kind == "class" or not isinstance(statement, _SIMPLE) or call.func.lineno != call.func.end_lineno:
        return None
    if finding.about is None:
        return _around_statement(call, statement, scope, rewrite)
    return _around_uses(finding.about, call, statement, scope, rewrite)


def _around_statement(call: ast.Call, statement: ast.stmt, scope: Scope, rewrite: Rewrite) -> Fix | None:
    """`with open(...) as fh:`, and the statement in it."""
    if not all(_is_always_evaluated(outer, inner) for outer, inner in _chain(call, statement)):
        return None
    place = rewrite.place(call)
    edits = indented([statement], rewrite, leave=place)
    if edits is None:
        return None
    name = rewrite.fresh("fh", scope)
    first, *others = edits
    head = f"{rewrite.indent(statement)}with {rewrite.text(call)} as {name}:{rewrite.newline}"
    title = f"Open it in `with … as {name}`"
    return review(title, Edit(first.stretch, head + first.text), *others, Edit(place, name))


def _chain(call: ast.Call, statement: ast.stmt) -> list[tuple[ast.AST, ast.AST]]:
    """The nodes from `statement` down to `call`, each with the one inside it."""
    chain: list[ast.AST] = [call]
    for around in ancestors(call):
        chain.append(around)
        if around is statement:
            break
    return list(zip(chain[1:], chain, strict=False))


def _is_always_evaluated(outer: ast.AST, inner: ast.AST) -> bool:
    """Whether `inner`, a child of `outer`, is evaluated once whenever `outer` is, in the scope of the statement."""
    match outer:
        case ast.Lambda():
            return False
        case ast.IfExp(test=first) | ast.BoolOp(values=[first, *_]):
            return first is inner
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return outer.generators[0] is inner
        case ast.comprehension(iter=iterated):
            return iterated is inner
        case ast.Compare():
            return len(outer.ops) == 1
        case ast.For():
            return outer.iter is inner
    return True


def _around_uses(name: ast.Name, call: ast.Call, statement: ast.stmt, scope: Scope, rewrite: Rewrite) -> Fix | None:
    """`with open(...) as name:` in place of the assignment, and in it all up to the last use, in the same block."""
    if len(scope.bindings_of(name.id)) != 1 or not rewrite.stands_alone(statement):
        return None
    _, behind = siblings(statement)
    loads = list(scope.all_loads(name.id))
    using = [index for index, one in enumerate(behind) if any(contains(one, load) for load in loads)]
    if not using or not all(any(contains(one, load) for one in behind) for load in loads):
        return None
    edits = indented(behind[: using[-1] + 1], rewrite)
    if edits is None:
        return None
    start, end = rewrite.place(statement)
    head = Edit(Range(start, end), f"with {rewrite.text(call)} as {name.id}:")
    return review(f"Open it in `with … as {name.id}`", head, *edits)
