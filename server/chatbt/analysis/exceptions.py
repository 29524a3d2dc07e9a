"""Exception classes: what an `except` clause names, and which class is a subclass of which.

Known are the builtin tree, common exceptions of the standard library, and the classes of this file. One of this file
goes by its name behind a colon, which no qualified name has.
"""

import ast
import builtins
from collections.abc import Iterator

from chatbt.analysis.flow import ancestors, before, block_of, statement_of
from chatbt.analysis.names import resolve, scope_of
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope

BASE = "builtins.BaseException"

_ERROR_ENDINGS = ("Error", "Exception", "Warning")
_OS_ERRORS = "builtins.IOError builtins.EnvironmentError builtins.WindowsError socket.error select.error os.error"
_ALIASES = {
    **dict.fromkeys(_OS_ERRORS.split(), "builtins.OSError"),
    "json.decoder.JSONDecodeError": "json.JSONDecodeError",
}
_BUILTIN: dict[str, tuple[str, ...]] = {
    f"builtins.{one.__name__}": tuple(f"builtins.{base.__name__}" for base in one.__bases__ if base is not object)
    for one in vars(builtins).values()
    if isinstance(one, type) and issubclass(one, BaseException)
}
_STANDARD: dict[str, tuple[str, ...]] = {
    "asyncio.CancelledError": (BASE,),
    "binascii.Error": ("builtins.ValueError",),
    "configparser.Error": ("builtins.Exception",),
    "csv.Error": ("builtins.Exception",),
    "http.client.HTTPException": ("builtins.Exception",),
    "json.JSONDecodeError": ("builtins.ValueError",),
    "pickle.PickleError": ("builtins.Exception",),
    "queue.Empty": ("builtins.Exception",),
    "queue.Full": ("builtins.Exception",),
    "shutil.Error": ("builtins.OSError",),
    "socket.gaierror": ("builtins.OSError",),
    "socket.herror": ("builtins.OSError",),
    "socket.timeout": ("builtins.OSError",),
    "sqlite3.Error": ("builtins.Exception",),
    "ssl.SSLError": ("builtins.OSError",),
    "struct.error": ("builtins.Exception",),
    "subprocess.SubprocessError": ("builtins.Exception",),
    "subprocess.CalledProcessError": ("subprocess.SubprocessError",),
    "subprocess.TimeoutExpired": ("subprocess.SubprocessError",),
    "urllib.error.URLError": ("builtins.OSError",),
    "urllib.error.HTTPError": ("urllib.error.URLError",),
    "zipfile.BadZipFile": ("builtins.Exception",),
}


def caught_by(handler: ast.ExceptHandler, scope: Scope) -> list[str | None]:
    """The classes that a handler catches; None for one that is not known."""
    if handler.type is None:
        return [BASE]
    listed = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [exception_class(node, scope) for node in listed]


def exception_class(node: ast.expr, scope: Scope) -> str | None:
    """The class that an expression names: qualified, aliases resolved, or of this file; None if that is not certain."""
    return _class(dotted(node), scope, ()) if isinstance(node, ast.Name | ast.Attribute) else None


def is_certain(node: ast.expr, scope: Scope) -> bool:
    """Whether evaluating what an `except` clause names certainly gives exception classes.

    They are builtin ones, known ones of the standard library, and names that nothing but an import of what is called
    an error, or a class statement, binds outside of the `try` of this clause.
    """
    if isinstance(node, ast.Tuple):
        return all(is_certain(one, scope) for one in node.elts)
    name = exception_class(node, scope)
    if name is None or not (name in _BUILTIN or name in _STANDARD or isinstance(node, ast.Name)):
        return False
    root = dotted(node).partition(".")[0]
    meanings = scope.meanings_of(root)
    if not meanings:
        return name in _BUILTIN
    is_plain = all(one.kind in ("import", "class") and one.type != "typing" for one in meanings)
    is_error = name.startswith(":") or name in _BUILTIN or name in _STANDARD or name.endswith(_ERROR_ENDINGS)
    attempt = parent(parent(node)) if isinstance(parent(node), ast.ExceptHandler) else parent(parent(parent(node)))
    return is_plain and is_error and all(_is_bound_before(one, attempt, scope) for one in scope.bindings_of(root))


def _is_bound_before(binding: ast.AST, attempt: ast.AST, scope: Scope) -> bool:
    """Whether `binding`, of a name that the clauses of `attempt` read, has run when they do."""
    if scope_of(binding).function is None and scope.function is not None:
        return True
    block = block_of(statement_of(binding))
    return before(binding, attempt) and any(one is around for one in block for around in (attempt, *ancestors(attempt)))


def is_subclass(name: str, base: str, scope: Scope) -> bool:
    """Whether the class `name`, as `exception_class` says it, is certainly `base` or derives from it."""
    return name == base or any(one == base for one in _ancestors(name, scope, (name,)))


def _ancestors(name: str, scope: Scope, seen: tuple[str, ...]) -> Iterator[str]:
    for base in _bases(name, scope):
        if base not in seen:
            yield base
            yield from _ancestors(base, scope, (*seen, base))


def _bases(name: str, scope: Scope) -> Iterator[str]:
    known = _BUILTIN.get(name) or _STANDARD.get(name)
    if known is not None:
        yield from known
    elif name.startswith(":"):
        for meaning in scope.meanings_of(name[1:]):
            owner = scope.find(name[1:])
            for written in meaning.target.split(","):
                base = _class(written, owner, (name[1:],))
                # A class of this file goes by its name, which must mean the same here.
                if base and (not base.startswith(":") or scope.find(base[1:]) is owner.find(base[1:])):
                    yield base


def _class(written: str, scope: Scope, seen: tuple[str, ...]) -> str | None:
    """The class that a dotted name stands for; names in `seen` are being resolved."""
    root, _, rest = written.partition(".")
    if not root.isidentifier() or root in seen:
        return None
    meanings = set(scope.meanings_of(root))
    if not rest and len(meanings) == 1:
        (meaning,) = meanings
        if meaning.kind == "class":
            return f":{root}"
        if meaning.kind == "value" and meaning.target and not meaning.type:
            # The target may be what was called, too: only an exception's own class makes no new classes.
            alias = _class(meaning.target, scope.find(root), (*seen, root))
            return alias if alias in _BUILTIN or alias in _STANDARD else None
    resolved = resolve(root, scope)
    if resolved is None:
        return None
    name = f"{resolved}.{rest}" if rest else resolved
    name = _ALIASES.get(name, name)
    if name.startswith("builtins.") and name not in _BUILTIN:
        return None
    return name
