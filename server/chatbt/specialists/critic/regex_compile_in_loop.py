"""Regular expression compiled in a loop

## What it does
Reports `re.compile` in a loop or comprehension when its pattern is the same in every round, and, more quietly,
`re.search` and its relatives there with a constant pattern.

## Why
The work is the same each time. `re` keeps the last patterns in a cache, so what a round costs is a call and a lookup,
and a compilation only when more patterns are in use than the cache holds. A pattern made once, before the loop, costs
neither and has a name that says what it is for.

## Example
    import re

    def durations(lines):
        for line in lines:
            match = re.search(r"(\\d+) ms", line)
            if match:
                yield int(match[1])

Better:
    import re

    def durations(lines):
        pattern = re.compile(r"(\\d+) ms")
        for line in lines:
            match = pattern.search(line)
            if match:
                yield int(match[1])

## When the fix is safe
Never without a look: a wrong pattern now fails before the loop, even if the loop has nothing to do.

## Asked as
- re.compile inside a loop, compile the regular expression once
- are regexes cached, does compiling a pattern every iteration cost time
- regex in a loop is slow, move re.compile out to a constant
- re.search or re.match with the same pattern on each of a million lines
- where to put the compiled pattern, performance of regular expressions
- precompile regex for speed
- should I compile my pattern before the loop, does Python remember compiled patterns
- parsing a big log with a regex for each line is slow
- compile regex at module level or inside the function that is called very often
- same regular expression is built over and over again
- m = re.compile(pattern).match(line) for each line, bad idea
- is the pattern compiled again in every round

## References
- The Python Standard Library, re.compile
"""

import ast
import re
from typing import NamedTuple

from chatbt.analysis.finding import Finding, Severity
from chatbt.analysis.flow import statement_of
from chatbt.analysis.loops import is_short, rebinds, repeaters
from chatbt.analysis.names import callee, qualified, same, scope_of
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven
from chatbt.rewriting.arguments import removed_keyword
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, critic

# Where the flags stand among the positional arguments.
_FLAGS = {"compile": 1, "match": 2, "fullmatch": 2, "search": 2, "findall": 2, "finditer": 2, "split": 3, "sub": 4,
          "subn": 4}  # fmt: skip


class _Made(NamedTuple):
    """A pattern that a call of the `method` of `re` makes: the expressions of the pattern and its flags, and what
    repeats the call.
    """

    method: str
    pattern: ast.expr
    flags: ast.expr | None
    outermost: ast.AST

    def parts(self) -> list[ast.expr]:
        return [self.pattern, self.flags] if self.flags else [self.pattern]


@critic("CC029", group="performance", since="0.1", stability="preview", calls=(f"re.{name}" for name in _FLAGS))
def regex_compile_in_loop(call: ast.Call, scope: Scope) -> Findings:
    if not call.args or not (around := repeaters(call)) or all(is_short(one, scope) for one in around):
        return
    method = (callee(call, scope) or "").rpartition(".")[2]
    made = _Made(method, call.args[0], _flags(call, method), around[-1])
    if not all(_is_fixed(part, made.outermost, scope) for part in made.parts()):
        return
    if method == "compile":
        if not _is_made_once(call):
            message = f"`{dotted(call)}` is asked for the same pattern in every round of this loop"
            yield Finding(call, message, about=made)
    elif _is_constant(made.pattern) or proven(made.pattern, scope, "str", "bytes"):
        message = f"`{dotted(call)}` looks up the same pattern in every round of this loop"
        yield Finding(call, message, Severity.INFORMATION, about=made)


def _flags(call: ast.Call, name: str) -> ast.expr | None:
    place = _FLAGS[name]
    if len(call.args) > place:
        return call.args[place]
    return next((one.value for one in call.keywords if one.arg in ("flags", None)), None)


def _is_constant(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str() | bytes() | int()):
            return True
        case ast.BinOp(left=left, right=right):
            return _is_constant(left) and _is_constant(right)
    return False


def _is_fixed(node: ast.expr, outermost: ast.AST, scope: Scope) -> bool:
    """Whether an expression is made of constants, flags of `re` and names that the outermost loop does not rebind."""
    match node:
        case ast.Name():
            return not rebinds(outermost, node.id, scope)
        case ast.Attribute():
            return (qualified(node, scope) or "").startswith("re.")
        case ast.BinOp(left=left, right=right):
            return _is_fixed(left, outermost, scope) and _is_fixed(right, outermost, scope)
    return _is_constant(node)


def _is_made_once(call: ast.Call) -> bool:
    """Whether the pattern is made only when a test of its variable says that it is not there yet."""
    statement = parent(call)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    test = getattr(parent(statement), "test", None)
    return isinstance(test, ast.expr) and any(same(target, part) for part in ast.walk(test) for target in targets)


@regex_compile_in_loop.fix
def compile_before_the_loop(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call, made = finding.node, finding.about
    assert isinstance(call, ast.Call) and isinstance(made, _Made)
    loop = statement_of(made.outermost)
    outside = scope_of(loop)
    if outside.kind == "class" or not rewrite.stands_alone(loop) or not _means_the_same(made, scope, outside):
        return None
    name = rewrite.fresh("pattern", outside)
    edits: list[Edit] | None
    if made.method == "compile":
        moved = _moved_statement(call, loop, scope, rewrite)
        if moved is not None:
            return review("Move it before the loop", *moved)
        edits = [rewrite.replace(call, name)]
        definition = f"{name} = {rewrite.text(call)}"
    else:
        module = _module(call, made, scope, rewrite)
        if module is None:
            return None
        edits = _called_on(name, call, made, rewrite)
        arguments = ", ".join(rewrite.text(part) for part in made.parts())
        definition = f"{name} = {module}.compile({arguments})"
    if edits is None:
        return None
    return review(f"Compile `{name}` before the loop", rewrite.lines_before(loop, definition), *edits)


def _module(call: ast.Call, made: _Made, scope: Scope, rewrite: Rewrite) -> str | None:
    """How the module `re` is spelled before the loop."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=name)) if scope.find(name) is scope_of(statement_of(made.outermost)).find(
            name
        ):
            return None if rebinds(made.outermost, name, scope) else name
    return rewrite.imported(scope, "re")


def _means_the_same(made: _Made, scope: Scope, outside: Scope) -> bool:
    """Whether the names of the pattern are the same variables before the loop."""
    names = {node.id for part in made.parts() for node in ast.walk(part) if isinstance(node, ast.Name)}
    return all(scope.find(name) is outside.find(name) for name in names)


def _moved_statement(call: ast.Call, loop: ast.stmt, scope: Scope, rewrite: Rewrite) -> list[Edit] | None:
    """The edits that move `name = re.compile(...)` as it is before the loop, if nothing else binds the name."""
    match parent(call):
        case ast.Assign(targets=[ast.Name(id=name)]) as statement:
            stretch = rewrite.place(statement)
        case _:
            return None
    if stretch.start.line != stretch.end.line or not rewrite.stands_alone(statement):
        return None
    if len(scope.bindings_of(name)) != 1 or scope.find(name) is not scope or scope.elsewhere(name):
        return None
    return [rewrite.lines_before(loop, rewrite.line(stretch.start.line).strip()), rewrite.remove(statement)]


def _called_on(name: str, call: ast.Call, made: _Made, rewrite: Rewrite) -> list[Edit] | None:
    """The edits that make `re.search(pattern, text, flags)` a `name.search(text)`; None if they are unclear."""
    if len(call.args) < 2 or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    function, pattern, text = (rewrite.place(one) for one in (call.func, call.args[0], call.args[1]))
    opening = rewrite.slice(Range(function.end, pattern.start))
    between = rewrite.slice(Range(pattern.end, text.start))
    if not re.fullmatch(r"\(\s*", opening) or not re.fullmatch(r"\s*,\s*", between):
        return None
    edits = [
        rewrite.replace(call.func, f"{name}.{made.method}"),
        rewrite.replace_range(pattern.start, text.start, ""),
    ]
    if made.flags is None:
        return edits
    without_flags = _without_flags(call, made.flags, rewrite)
    return [*edits, without_flags] if without_flags else None


def _without_flags(call: ast.Call, flags: ast.expr, rewrite: Rewrite) -> Edit | None:
    for keyword in call.keywords:
        if keyword.value is flags:
            return removed_keyword(call, keyword, rewrite) if keyword.arg else None
    stretch = Range(rewrite.place(call.args[-2]).end, rewrite.place(flags).end)
    between = rewrite.slice(Range(stretch.start, rewrite.place(flags).start))
    return Edit(stretch, "") if call.args[-1] is flags and re.fullmatch(r"\s*,\s*", between) else None
