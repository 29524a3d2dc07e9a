"""functools.cache

## What it does
Suggests `@cache` for `@lru_cache(maxsize=None)`, and `@lru_cache` for `@lru_cache()`.

## Why
A cache that never throws anything away has nothing "least recently used" about it. `cache`, since Python 3.9, is the
same thing by the name of what it does, and empty brackets behind `lru_cache` say nothing at all. On a method, either
one keeps every object that it was called on alive for as long as the class lives.

## Example
    from functools import lru_cache

    @lru_cache(maxsize=None)
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

Better:
    from functools import cache

    @cache
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

## When the fix is safe
Always: `cache` calls `lru_cache` in just this way. An import of `lru_cache` that nothing mentions any more goes.

## Asked as
- lru_cache(maxsize=None) or cache, memoize a function
- functools.cache, UP033, UP011, lru_cache without parentheses
- cache results of an expensive function, memoization, fibonacci recursion
- unlimited cache, remember results by argument
- difference between @cache and @lru_cache
- do I need brackets after @lru_cache()
- shorter spelling for lru_cache without a limit
- remember what a function returned for the same arguments, recursive function is slow
- cache decorator without maximum size
- lru_cache() with empty brackets
- cache without a size limit as a function decorator
- compute the same thing only once for each argument

## References
- The Python Standard Library, functools.cache
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, stdlib


@stdlib(
    "SL007",
    module="functools",
    since="0.1",
    ruff=("UP033", "UP011"),
    calls=("functools.lru_cache",),
    names={
        "functools.cache": (
            "Remembers the result for every combination of arguments, without a limit. On a method it also keeps"
            " every instance alive; and all callers get the same object, so one that changes its result changes it for"
            " the others."
        ),
        "functools.lru_cache": (
            "Remembers the results of the latest calls by their arguments, 128 of them unless `maxsize` says"
            " otherwise. On a method the instances share the cache and stay alive in it; and all callers get the same"
            " object, so nobody should change it."
        ),
    },
)
def functools_cache(call: ast.Call, scope: Scope) -> Findings:
    definition = parent(call)
    if not isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    if not any(call is one for one in definition.decorator_list):
        return
    name = dotted(call)
    match call:
        case ast.Call(args=[], keywords=[]):
            yield Finding(call, f"the brackets of `{name}()` say nothing", about=False)
        case (
            ast.Call(args=[ast.Constant(value=None)], keywords=[])
            | ast.Call(args=[], keywords=[ast.keyword(arg="maxsize", value=ast.Constant(value=None))])
        ) if scope.file.target >= (3, 9):
            yield Finding(call, f"without a limit, `{name}` is a plain `cache`", about=True)


@functools_cache.fix
def decorate_plainly(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call)
    if not finding.about:
        return safe("Remove the brackets", rewrite.replace(call, rewrite.text(call.func)))
    name = rewrite.reached(scope, "functools", "cache")
    if name is None:
        return None
    rewrite.drop(call.func)
    return safe(f"Use `{name}`", rewrite.replace(call, name))
