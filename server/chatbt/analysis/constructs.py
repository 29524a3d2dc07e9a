"""Constructs that do more in a walk than have children: they open scopes, bind names, or may be wrong where they stand.

Each is handled by a function of the walk, the scope, the node and the stack; True says that the children are seen to.
"""

import ast
from typing import TYPE_CHECKING, Any

from chatbt.analysis.scopes import Scope

if TYPE_CHECKING:
    from chatbt.analysis.walk import Walk


def _function(walk: "Walk", scope: Scope, node: Any, stack: list[Any]) -> bool:
    named = not isinstance(node, ast.Lambda)
    inner = Scope("function" if named else "lambda", node, scope, walk.outer)
    node.scope = inner
    arguments = node.args
    arguments.parent = node
    parameters = arguments.posonlyargs + arguments.args
    if arguments.vararg is not None:
        parameters.append(arguments.vararg)
    parameters += arguments.kwonlyargs
    if arguments.kwarg is not None:
        parameters.append(arguments.kwarg)
    around: list[ast.AST] = []
    if named:
        walk.bind(scope, node.name, node)
        around += node.decorator_list
        if node.returns is not None:
            around.append(node.returns)
        for part in around:
            part.parent = node  # type: ignore[attr-defined]  # the walk gives it to every node
    annotations = []
    bindings = inner.bindings
    for parameter in parameters:
        parameter.parent = arguments
        if parameter.arg in bindings:
            walk.doubtful = True
        else:
            bindings[parameter.arg] = [parameter]
        if parameter.annotation is not None:
            parameter.annotation.parent = parameter
            annotations.append(parameter.annotation)
        if ast.arg in walk.interest:
            walk.found[ast.arg].append((parameter, inner))
    if scope.kind == "class" and parameters and not (named and any(map(_is_static, node.decorator_list))):
        inner.receiver = (parameters[0].arg, scope)
    elif scope.receiver is not None and scope.receiver[0] not in bindings:
        inner.receiver = scope.receiver
    defaults = walk.adopt(arguments, arguments.defaults, arguments.kw_defaults)
    stack.extend(reversed(around + defaults + annotations))
    walk.open(inner, walk.adopt(node, getattr(node, "type_params", []), node.body))
    return True


def _is_static(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Name) and decorator.id == "staticmethod"


def _class(walk: "Walk", scope: Scope, node: Any, stack: list[Any]) -> bool:
    walk.bind(scope, node.name, node)
    inner = Scope("class", node, scope, walk.outer)
    inner.receiver = None
    node.scope = inner
    stack.extend(reversed(walk.adopt(node, node.decorator_list, node.bases, node.keywords)))
    walk.open(inner, walk.adopt(node, getattr(node, "type_params", []), node.body))
    return True


def _comprehension(walk: "Walk", scope: Scope, node: Any, stack: list[Any]) -> bool:
    inner = Scope("comprehension", node, scope, walk.outer)
    inner.receiver = scope.receiver
    node.scope = inner
    first = node.generators[0]
    first.iter.parent = first
    stack.append(first.iter)
    parts: list[Any] = []
    for generator in node.generators:
        generator.parent = node
        walk.doubtful |= bool(generator.is_async)
        parts += walk.adopt(generator, generator.target, None if generator is first else generator.iter, generator.ifs)
        if ast.comprehension in walk.interest:
            walk.found[ast.comprehension].append((generator, inner))
    results = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
    walk.open(inner, [*parts, *walk.adopt(node, *results)])
    return True


def _walrus(walk: "Walk", scope: Scope, node: ast.NamedExpr, stack: list[Any]) -> bool:
    target: Any = node.target
    target.parent = node
    walk.doubtful |= scope.kind == "comprehension"
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    walk.bind(scope, target.id, target)
    stack.extend(walk.adopt(node, node.value))
    return True


def _import(walk: "Walk", scope: Scope, node: ast.Import | ast.ImportFrom, stack: list[Any]) -> bool:
    for alias in walk.adopt(node, node.names):
        if alias.name == "*":
            scope.star = True
            walk.doubtful |= scope.kind != "module"
        else:
            walk.bind(scope, alias.asname or alias.name.partition(".")[0], alias)
    walk.doubtful |= isinstance(node, ast.ImportFrom) and node.module == "__future__"
    return True


def _named(walk: "Walk", scope: Scope, node: Any, stack: list[Any]) -> bool:
    """An except handler or a match pattern: `name` or `rest` is what it binds."""
    name = getattr(node, "rest", None) if isinstance(node, ast.MatchMapping) else node.name
    if name:
        walk.bind(scope, name, node)
    walk.doubtful |= not isinstance(node, ast.ExceptHandler) or (node.type is None and not _is_last(node))
    return False


def _is_last(handler: Any) -> bool:
    return handler is handler.parent.handlers[-1]


def _declaration(walk: "Walk", scope: Scope, node: ast.Global | ast.Nonlocal, stack: list[Any]) -> bool:
    if isinstance(node, ast.Global):
        scope.globals = scope.globals.union(node.names)
        walk.doubtful |= any(name in scope.bindings or name in scope.loads for name in node.names)
    else:
        scope.nonlocals = scope.nonlocals.union(node.names)
        walk.doubtful = True
    return True


def _jump(walk: "Walk", scope: Scope, node: ast.AST, stack: list[Any]) -> bool:
    walk.doubtful |= scope.function is None if isinstance(node, ast.Return) else not _in_loop(node)
    return False


def _in_loop(node: ast.AST) -> bool:
    while (around := node.__dict__.get("parent", node)) is not node:
        if isinstance(around, ast.For | ast.While | ast.AsyncFor) and not any(node is one for one in around.orelse):
            return True
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return False
        node = around
    return False


def _suspending(walk: "Walk", scope: Scope, node: ast.AST, stack: list[Any]) -> bool:
    function = scope.function
    inside_async = function is not None and isinstance(function.node, ast.AsyncFunctionDef)
    walk.doubtful |= function is None or scope.kind == "comprehension"
    walk.doubtful |= inside_async == isinstance(node, ast.Yield | ast.YieldFrom)
    return False


def _loop(walk: "Walk", scope: Scope, node: ast.AST, stack: list[Any]) -> bool:
    scope.loops = True
    if isinstance(node, ast.AsyncFor):
        _suspending(walk, scope, node, stack)
    return False


def _doubt(walk: "Walk", scope: Scope, node: ast.AST, stack: list[Any]) -> bool:
    walk.doubtful = True
    return False


def _dict(walk: "Walk", scope: Scope, node: ast.Dict, stack: list[Any]) -> bool:
    # `**spread` has no key.
    stack += walk.adopt(node, node.keys, node.values)[::-1]
    return True


def _leaf(walk: "Walk", scope: Scope, node: ast.AST, stack: list[Any]) -> bool:
    return True


def _starred(walk: "Walk", scope: Scope, node: ast.Starred, stack: list[Any]) -> bool:
    around = node.__dict__.get("parent")
    walk.doubtful |= isinstance(node.ctx, ast.Store) or not isinstance(
        around, ast.Call | ast.List | ast.Tuple | ast.Set
    )
    return False


SPECIAL: dict[type[ast.AST], Any] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.Lambda: _function,
    ast.ClassDef: _class,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.NamedExpr: _walrus,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.ExceptHandler: _named,
    ast.MatchAs: _named,
    ast.MatchStar: _named,
    ast.MatchMapping: _named,
    ast.Global: _declaration,
    ast.Nonlocal: _declaration,
    ast.Return: _jump,
    ast.Break: _jump,
    ast.Continue: _jump,
    ast.Await: _suspending,
    ast.Yield: _suspending,
    ast.YieldFrom: _suspending,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.While: _loop,
    ast.AsyncWith: _suspending,
    ast.Dict: _dict,
    ast.Match: _doubt,
    ast.MatchSingleton: _leaf,
    ast.Starred: _starred,
}

_PARAMETERS = ("TypeVar", "ParamSpec", "TypeVarTuple")  # from Python 3.12 on
SPECIAL.update((kind, _named) for name in _PARAMETERS if (kind := getattr(ast, name, None)))
