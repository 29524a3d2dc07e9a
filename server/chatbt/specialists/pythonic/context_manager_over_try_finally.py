"""`with` instead of `try` and `finally`

## What it does
Finds `lock.acquire()` right before a `try` whose `finally` only releases the lock, and `x = open(...)`, or any other
call, right before a `try` whose `finally` only closes what was opened.

## Why
Three places have to fit together: what is taken, the `try`, and what gives it back. `with` is one place, and nothing
can come between. Where the object is no context manager, `contextlib.closing` makes it one.

## Example
    import threading

    lock = threading.Lock()

    def update(table, key, value):
        lock.acquire()
        try:
            table[key] = value
        finally:
            lock.release()

Better:
    import threading

    lock = threading.Lock()

    def update(table, key, value):
        with lock:
            table[key] = value

## When the fix is safe
When the file proves that it is a lock of `threading` or `asyncio`, bound once, or a file that `open` made and that is
not read from the variable afterwards. For what is only called a lock, and for all that needs `closing`, have a look.
A call that is too long for the line of the `with` stays where it is, and the `with` names its variable.

## Asked as
- lock.acquire() try finally lock.release()
- try: finally: f.close() against with
- use a context manager instead of try finally, with open, with lock
- make sure that a file, connection or lock is closed or released even if there is an error
- contextlib.closing, is finally needed to clean up
- f = open(...), try, finally f.close(), SIM115, R1732
- automatic cleanup like try-with-resources or using
- lock, connection, cursor or file closed by hand in finally, is with better
- acquire and release by hand, what if an exception happens in between
- close() must be called always, how do I guarantee it
- rewrite try finally close as with
- f = open(p); try: work(f) finally: f.close(), modern version
- lock.acquire(), try, finally, lock.release(): is that how it is done

## References
- The Python Standard Library, threading: Using locks, conditions, and semaphores in the with statement
- The Python Standard Library, contextlib.closing
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import contains, siblings
from chatbt.analysis.handles import ARCHIVES, FILES, OTHERS, is_patched
from chatbt.analysis.liveness import lives_after
from chatbt.analysis.locks import LOCKS, TASK_LOCKS, is_lock, kind_of_lock
from chatbt.analysis.names import callee, same
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.layout import LINE_LENGTH, line_end
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_OPENED = ("builtins.open", "io.open")
_MANAGERS = frozenset(FILES + ARCHIVES + OTHERS + ("urllib.request.urlopen", "os.scandir"))


@pythonic("PY039", since="0.1")
def context_manager_over_try_finally(statement: ast.Try, scope: Scope) -> Findings:
    if len(statement.finalbody) != 1 or statement.handlers or statement.orelse:
        return
    resource, last = _method(statement.finalbody[0])
    if resource is None or last not in ("release", "close"):
        return
    before = siblings(statement)[0]
    if not before:
        return
    start = before[-1]
    text = ast.unparse(resource)
    if last == "release" and _acquires(start, resource) and is_lock(resource, scope):
        message = f"`{text}` is acquired and released by hand, in three places that have to fit together"
    elif last == "close" and isinstance(resource, ast.Name) and _opens(start, resource, statement, scope):
        message = f"`{text}` is opened and closed by hand, in three places that have to fit together"
    else:
        return
    line, column = statement.lineno, statement.col_offset
    keyword = Range.of(line, column, line, column + len("try"))
    yield Finding(statement, message, stretch=keyword, about=(start, resource))


def _method(statement: ast.AST) -> tuple[ast.expr | None, str]:
    """What a method is called on, and its name, where a statement is a call of it without arguments."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=value, attr=name), args=[], keywords=[])):
            return value, name
        case ast.Expr(
            value=ast.Await(value=ast.Call(func=ast.Attribute(value=value, attr=name), args=[], keywords=[]))
        ):
            return value, f"await {name}"
    return None, ""


def _is_awaited(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Await)


def _acquires(statement: ast.stmt, lock: ast.expr) -> bool:
    taken, name = _method(statement)
    return taken is not None and name in ("acquire", "await acquire") and same(taken, lock)


def _opens(start: ast.stmt, resource: ast.Name, attempt: ast.Try, scope: Scope) -> bool:
    """Whether the statement binds the variable to what a call makes, and nothing binds it in the `try`."""
    match start:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() | ast.Await(value=ast.Call())):
            bindings = scope.find(name).bindings.get(name, [])
            return name == resource.id and not any(contains(attempt, one) for one in bindings)
    return False


@context_manager_over_try_finally.fix
def use_with(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    attempt = finding.node
    start, resource = finding.about
    assert isinstance(attempt, ast.Try) and isinstance(start, ast.stmt)
    if not (rewrite.stands_alone(start) and rewrite.stands_alone(attempt)):
        return None
    body_end = rewrite.place(attempt.body[-1]).end
    final = rewrite.token(body_end, rewrite.place(attempt.finalbody[0]).start, r"finally\b")
    if final is None:
        return None
    above = final.start.line - 1
    while not rewrite.line(above).strip():
        above -= 1
    gone = Range(line_end(above, rewrite), line_end(attempt.end_lineno or 0, rewrite))
    head, is_joined, is_proven = _head(start, resource, attempt, scope, rewrite)
    if head is None or comments_within(gone, rewrite.walked):
        return None
    where = rewrite.place(attempt).start
    edits = [Edit(Range(where, Position(where.line, where.column + len("try"))), head), Edit(gone, "")]
    if is_joined:
        if _has_comment(start, rewrite):
            return None
        edits.append(_without(start, where.line, rewrite))
    return (safe if is_proven else review)("Use `with`", *edits)


def _without(start: ast.stmt, attempt: int, rewrite: Rewrite) -> Edit:
    """Remove a statement, and the blank lines behind it unless they keep two comments apart."""
    first, behind = rewrite.place(start).start.line, (start.end_lineno or 0) + 1
    stop = behind
    while stop < attempt and not rewrite.line(stop).strip():
        stop += 1
    if stop != attempt and first > rewrite.walked.parsed.first and rewrite.line(first - 1).strip():
        stop = behind
    return rewrite.replace_range(Position(first, 0), Position(stop, 0), "")


def _has_comment(start: ast.stmt, rewrite: Rewrite) -> bool:
    end = line_end(start.end_lineno or 0, rewrite)
    return bool(comments_within(Range(rewrite.place(start).start, end), rewrite.walked))


def _head(
    start: ast.stmt, resource: ast.expr, attempt: ast.Try, scope: Scope, rewrite: Rewrite
) -> tuple[str | None, bool, bool]:
    """The `with` up to its colon, whether it does what `start` does, and is proven to do what the `try` did."""
    if not isinstance(start, ast.Assign):
        awaited = _is_awaited(start)
        is_proven = kind_of_lock(resource, scope) in (TASK_LOCKS if awaited else LOCKS)
        return f"{'async ' if awaited else ''}with {rewrite.text(resource)}", True, is_proven
    assert isinstance(resource, ast.Name)
    name, text = resource.id, rewrite.text(start.value)
    made = callee(start.value, scope)
    is_manager = made in _MANAGERS
    closing = None if is_manager else rewrite.imported(scope, "contextlib", "closing")
    if not (is_manager or closing):
        return None, False, False
    is_seen = lives_after(name, attempt, scope) or scope.captures(name) or is_patched(start)
    is_proven = made in _OPENED and not is_seen
    head = f"with {text if is_manager else f'{closing}({text})'} as {name}"
    if _fits(start, head, is_manager=is_manager, rewrite=rewrite):
        return head, True, is_proven
    return f"with {name if is_manager else f'{closing}({name})'}", False, is_proven


def _fits(start: ast.stmt, head: str, *, is_manager: bool, rewrite: Rewrite) -> bool:
    """Whether what `start` binds may move into the `with`: it fits the line, or its last line only closes brackets."""
    if _has_comment(start, rewrite):
        return False
    lines = head.splitlines()
    if len(lines) == 1:
        return len(rewrite.indent(start)) + len(head) + len(":") <= LINE_LENGTH
    return is_manager and rewrite.line(start.end_lineno or 0).strip().strip(")]}") == ""
