"""Late binding closure in a loop

## What it does
Reports a lambda or function made in a loop that reads a variable of the loop and is kept beyond its round: stored,
appended, or registered as a callback.

## Why
A function looks its variables up when it is called, not when it is made. All functions of the loop share one variable,
and when they are called at last, it has the value of the last round for each of them.

## Example
    def bind_all(names):
        handlers = {}
        for name in names:
            handlers[name] = lambda event: print(name, event)
        return handlers

Better:
    def bind_all(names):
        handlers = {}
        for name in names:
            handlers[name] = lambda event, name=name: print(name, event)
        return handlers

## When the fix is safe
Never without a look: the function gets a parameter, which a caller that passes more arguments than before would fill.

## Asked as
- lambda in a for loop always uses the last value of the loop variable
- all callbacks, buttons or handlers do the same thing, every function returns the same number
- closures created in a loop see only the final i
- functions made in a loop or comprehension capture the variable, not its value
- [lambda: i for i in range(3)] prints 2 2 2
- cell-var-from-loop, W0640, B023, function definition does not bind loop variable
- why do people write lambda x=x: or functools.partial when they connect signals
- threads or jobs started in a loop all work on the last item
- clicking any button calls the command with the last number, every widget, slot or menu entry gets the same argument
- every event handler or scheduled job has the value from the final round
- function defined within a for, called later, sees the wrong variable
- list of functions or dict of functions created in a loop, each should remember its own number
- onclick, connect, after, bind, add_callback with a lambda inside for
- scheduled lambdas in a loop all act on the last host, user or file
- buttons, menus, threads or timers made in a loop share the loop variable

## References
- The Python Programming FAQ, Why do lambdas defined in a loop with different values all return the same result?
"""

import ast

from chatbt.analysis.closures import Closure, Round, free_reads, outlives
from chatbt.analysis.finding import Finding, Related
from chatbt.analysis.flow import ancestors, before, contains, enclosing_loops, position, statement_of
from chatbt.analysis.scopes import Scope
from chatbt.analysis.ways import ways_after
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, critic


@critic("CC002", group="bug", since="0.1", ruff=("B023",))
def late_binding_closure_in_loop(
    function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
) -> Findings:
    around = _rounds(function) if scope.loops or scope.kind == "comprehension" else []
    if not around:
        return
    for name, loads in free_reads(function).items():
        rounds = next((one for one in around if _changes(name, one, function, scope)), None)
        if rounds is None or not outlives(function, rounds, scope):
            continue
        first = min(loads, key=position)
        kind = "lambda" if isinstance(function, ast.Lambda) else "function"
        yield Finding(
            first, f"this {kind} reads `{name}` when it is called: by then it has the value of the last round",
            related=(Related(rounds, f"each round gives `{name}` another value"),), about=(function, name),
        )  # fmt: skip


def _rounds(function: Closure) -> list[Round]:
    """The loops and comprehensions that make `function` again and again, innermost first."""
    found: list[Round] = []
    below: ast.AST = function
    for around in ancestors(function):
        if isinstance(around, ast.stmt):
            break
        if isinstance(around, ast.Lambda) and below is around.body:
            return found
        if isinstance(around, ast.ListComp | ast.SetComp | ast.DictComp) and not isinstance(below, ast.comprehension):
            found.append(around)
        below = around
    return [*found, *enclosing_loops(function)]


def _changes(name: str, rounds: Round, function: Closure, scope: Scope) -> bool:
    """Whether each round gives `name` a value before it makes `function`, and another round may follow."""
    owner = scope.find(name)
    bindings = owner.bindings.get(name, [])
    if isinstance(rounds, ast.ListComp | ast.SetComp | ast.DictComp):
        return owner.node is rounds
    inside = [node for node in bindings if contains(rounds, node)]
    if not inside or not all(isinstance(node, ast.Name) for node in inside):
        return False
    if not ways_after(statement_of(function), rounds) & {"next", "continue"}:
        return False
    if not isinstance(rounds, ast.While) and any(contains(rounds.target, node) for node in inside):
        return True
    return len(inside) == len(bindings) and not owner.elsewhere(name) and all(before(one, function) for one in inside)


@late_binding_closure_in_loop.fix
def bind_now(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    function, name = finding.about
    inner: Scope = function.__dict__["scope"]
    if name in inner.nonlocals or name in inner.globals:
        return None
    edit = _parameter_added(function, f"{name}={name}", rewrite)
    return review(f"Bind `{name}` when the function is made", edit) if edit else None


def _parameter_added(function: Closure, text: str, rewrite: Rewrite) -> Edit | None:
    """The edit that adds a parameter with a default behind the others; None where a call might fill it at once."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    last: ast.expr | ast.arg | None = None
    if arguments.kwonlyargs:
        last = arguments.kw_defaults[-1] or arguments.kwonlyargs[-1]
    elif arguments.vararg is not None and positional:
        last = arguments.vararg
    elif positional:
        last = arguments.defaults[-1] if arguments.defaults else positional[-1]
    if last is None:
        takes_any = arguments.vararg is not None or arguments.kwarg is not None
        return None if takes_any else _only_parameter(function, text, rewrite)
    start = rewrite.place(last).start
    is_enclosed = "(" in rewrite.slice(Range(Position(start.line, 0), start)).rpartition("=")[2]
    return None if isinstance(last, ast.expr) and is_enclosed else rewrite.insert_behind(last, f", {text}")


def _only_parameter(function: Closure, text: str, rewrite: Rewrite) -> Edit | None:
    start = rewrite.place(function).start
    if isinstance(function, ast.Lambda):
        at = Position(start.line, start.column + len("lambda"))
        return Edit(Range(at, at), f" {text}")
    opened = rewrite.token(start, rewrite.place(function.body[0]).start, r"\(")
    return Edit(Range(opened.end, opened.end), text) if opened and not getattr(function, "type_params", []) else None
