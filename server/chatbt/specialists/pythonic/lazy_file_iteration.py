"""All lines read to go through them

## What it does
Reports a loop or a comprehension over `file.readlines()`.

## Why
`readlines` holds the whole file in memory as a list before the first line is looked at. A file gives its lines one by
one when it is iterated over, and reads on only when they are needed.

## Example
    with open("log.txt", encoding="utf-8") as file:
        for line in file.readlines():
            print(line)

Better:
    with open("log.txt", encoding="utf-8") as file:
        for line in file:
            print(line)

## When the fix is safe
When the file is opened by a `with` around the loop, nothing else uses it from there on, and a byte that is no text
cannot stop the loop half-way: the file is binary, its encoding or `errors` take any byte, or the lines are only
collected. Where the file is read on, moved in or written to, nothing is reported.

## Asked as
- for line in f.readlines() reads the whole file into memory
- large file, MemoryError, read line by line
- is readlines() needed, iterate over the file object
- FURB129, huge log file, process lines lazily
- difference between readlines, readline and iterating
- read a text file that does not fit in memory
- giant text or log file, memory runs out, reading it all at once
- for line in open(...).readlines()
- go through a file of several gigabytes
- do I need readlines to loop over lines
- reading a file of 40 GB kills my machine, readlines
- memory explodes when looping over f.readlines()

## References
- The Python Library Reference, io.IOBase
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors, before, contains, enclosing_loops, statement_of
from chatbt.analysis.names import callee, is_dynamic
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, pythonic

_Collecting = ast.ListComp | ast.SetComp | ast.DictComp
_OPENERS = ("builtins.open", "io.open")
_CHANGING = frozenset(
    "open write_text write_bytes unlink rename os.remove os.replace os.truncate shutil.move shutil.copy "
    "shutil.copyfile shutil.copy2 subprocess.run os.system".split()
)
_LENIENT = ("replace", "ignore", "backslashreplace", "surrogateescape")
_OF_EVERY_BYTE = ("latin-1", "latin1", "iso-8859-1", "cp437")
_TRIMMING = frozenset("strip rstrip lstrip lower upper casefold".split())
_ARGS = frozenset("strip rstrip lstrip split rsplit".split())
_LAST = _TRIMMING | frozenset("split rsplit splitlines startswith endswith".split())


@pythonic("PY032", since="0.1", ruff=("FURB129",), methods=("readlines",))
def lazy_file_iteration(call: ast.Call, scope: Scope) -> Findings:
    user = _user(call)
    if user is None or call.args or call.keywords or not isinstance(call.func, ast.Attribute):
        return
    file = call.func.value
    if isinstance(file, ast.Name):
        if not proven(file, scope, "file") or not _is_left_alone(file, user, scope):
            return
        words = f"`{file.id}`"
    elif callee(file, scope) in _OPENERS:
        words = "the file"
    else:
        return
    if not _changes_files(user, call):
        yield Finding(call, f"all lines of {words} are read before the first one is looked at", about=user)


def _user(call: ast.Call) -> ast.For | _Collecting | None:
    """The loop or comprehension that goes through what a call returns; a generator would do so only later."""
    around = parent(call)
    if isinstance(around, ast.For) and around.iter is call:
        return around
    whole = parent(around)
    if isinstance(around, ast.comprehension) and isinstance(whole, _Collecting):
        return whole if whole.generators[0] is around and around.iter is call else None
    return None


def _is_left_alone(file: ast.Name, user: ast.AST, scope: Scope) -> bool:
    """Whether nothing uses the file while its lines are gone through, nor afterwards, but to close it."""
    name = file.id
    owner = scope.find(name)
    if owner is not scope or scope.captures(name) or scope.used_elsewhere(name) or name in scope.globals:
        return False
    if is_dynamic(scope):
        return False
    opened = _with_of(file)
    loops = [one for one in enclosing_loops(statement_of(user)) if opened is None or contains(opened, one)]
    return all(
        load is file or _is_closed(load) or (before(load, user) and not any(contains(one, load) for one in loops))
        for load in scope.all_loads(name)
        if opened is None or _with_of(load) in (None, opened)
    )


def _is_closed(load: ast.Name) -> bool:
    around = parent(load)
    return isinstance(around, ast.Attribute) and around.attr == "close"


def _with_of(name: ast.Name) -> ast.With | None:
    """The `with` around a name that opens what the name stands for."""
    for around in ancestors(name):
        if isinstance(around, ast.With):
            for item in around.items:
                if isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == name.id:
                    return around
    return None


def _changes_files(user: ast.AST, call: ast.Call) -> bool:
    """Whether something done with the lines opens, replaces or removes a file: perhaps this one."""
    calls = (dotted(one) for one in ast.walk(user) if isinstance(one, ast.Call) and not contains(call, one))
    return any(name in _CHANGING or name.rpartition(".")[2] in _CHANGING for name in calls if name)


@lazy_file_iteration.fix
def iterate_over_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call, user = finding.node, finding.about
    assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    file = call.func.value
    make = safe if _reads_the_same(file, user, scope) else review
    return make("Iterate over the file", rewrite.replace(call, rewrite.text(file)))


def _reads_the_same(file: ast.expr, user: ast.For | _Collecting, scope: Scope) -> bool:
    """Whether nobody can tell that the lines are read one by one, not even where one of them is no text."""
    opened = _with_of(file) if isinstance(file, ast.Name) else None
    if opened is None or any(isinstance(node, ast.Await | ast.Yield | ast.YieldFrom) for node in ast.walk(user)):
        return False
    call = next(one.context_expr for one in opened.items if dotted(one.optional_vars) == dotted(file))
    return isinstance(call, ast.Call) and (_takes_any_byte(call, scope) or _only_collects(user))


def _takes_any_byte(call: ast.Call, scope: Scope) -> bool:
    """Whether a file is opened so that decoding its lines cannot fail."""
    given = {one.arg: one.value.value for one in call.keywords if isinstance(one.value, ast.Constant)}
    position = 1 if callee(call, scope) in _OPENERS else 0
    mode = call.args[position : position + 1]
    if mode and isinstance(mode[0], ast.Constant):
        given["mode"] = mode[0].value
    encoding = str(given.get("encoding")).lower()
    return "b" in str(given.get("mode", "")) or given.get("errors") in _LENIENT or encoding in _OF_EVERY_BYTE


def _only_collects(user: ast.For | _Collecting) -> bool:
    """Whether a comprehension does nothing with the lines, and cannot fail, before all are read."""
    if isinstance(user, ast.For) or len(user.generators) != 1 or not isinstance(user.generators[0].target, ast.Name):
        return False
    name = user.generators[0].target.id
    elements = [user.key, user.value] if isinstance(user, ast.DictComp) else [user.elt]
    return all(_is_trimmed(one, name) for one in (*elements, *user.generators[0].ifs))


def _is_trimmed(node: ast.expr, name: str, methods: frozenset[str] = _LAST) -> bool:
    """Whether an expression is the variable `name`, a string, or what such a method makes of it without fail."""
    match node:
        case ast.Name(id=other):
            return other == name
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_trimmed(operand, name)
        case ast.Call(func=ast.Attribute(value=value, attr=method), args=arguments, keywords=[]) if method in methods:
            texts = all(isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value for one in arguments)
            right = len(arguments) == 1 if method in ("startswith", "endswith") else len(arguments) <= (method in _ARGS)
            return texts and right and _is_trimmed(value, name, _TRIMMING)
    return False
