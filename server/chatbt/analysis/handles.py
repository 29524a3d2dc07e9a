"""Open files: the calls that open one, and what happens to it afterwards. What is not certain counts as closed."""

import ast

from chatbt.analysis.flow import ancestors, enclosing_function
from chatbt.analysis.functions import has_decorator
from chatbt.analysis.names import callee, is_dynamic
from chatbt.analysis.outer import assigned_value, dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven

FILES = ("builtins.open", "io.open", "codecs.open", "os.fdopen")
ARCHIVES = (
    "gzip.open", "gzip.GzipFile", "bz2.open", "bz2.BZ2File", "lzma.open", "lzma.LZMAFile", "tarfile.open",
    "zipfile.ZipFile",
)  # fmt: skip
OTHERS = (
    "tempfile.TemporaryFile", "tempfile.NamedTemporaryFile", "tempfile.SpooledTemporaryFile", "socket.socket",
    "socket.create_connection",
)  # fmt: skip

# Methods that use a handle and leave it open; any other attribute may close it, or keep it for somebody.
_USES = frozenset(
    "read readline readlines readinto write writelines seek tell flush truncate readable writable seekable isatty "
    "namelist infolist getinfo extract extractall testzip writestr printdir getmembers getmember getnames add addfile "
    "connect connect_ex bind listen send sendall recv sendto recvfrom setsockopt settimeout setblocking".split()
)
# Functions that use up the handle they are given, and close nothing.
_CONSUMERS = frozenset(
    "builtins.list builtins.tuple builtins.set builtins.frozenset builtins.sorted builtins.sum builtins.max "
    "builtins.min builtins.any builtins.all builtins.dict collections.Counter json.load json.dump pickle.load "
    "pickle.dump marshal.load marshal.dump plistlib.load plistlib.dump tomllib.load yaml.load yaml.safe_load "
    "yaml.full_load yaml.dump yaml.safe_dump".split()
)
_LAZY = frozenset("builtins.enumerate builtins.zip builtins.map builtins.filter csv.reader csv.DictReader".split())
_MANAGERS = ("contextlib.contextmanager", "contextlib.asynccontextmanager")
_CONTAINERS = (ast.ListComp, ast.SetComp, ast.DictComp)


def is_path(node: ast.expr, scope: Scope) -> bool:
    """Whether an argument names a file, by its type or its name, rather than being an open one or bytes in memory."""
    if isinstance(node, ast.BinOp | ast.JoinedStr) or proven(node, scope, "str", "pathlib.Path"):
        return True
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return "path" in name.lower() or name.lower().endswith(("filename", "fname"))


def is_used_up(handle: ast.expr, scope: Scope) -> bool:
    """Whether the expression around `handle` uses the file and drops it, so that nothing can close it through there."""
    around = parent(handle)
    match around:
        case ast.Attribute(attr=name):
            call = parent(around)
            return name in _USES and isinstance(call, ast.Call) and call.func is around
        case ast.For(iter=iterated):
            return iterated is handle
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[container]):
            return container is handle
        case ast.comprehension(iter=iterated) if iterated is handle:
            made = parent(around)
            return isinstance(made, _CONTAINERS) or (isinstance(made, ast.GeneratorExp) and is_used_up(made, scope))
        case ast.keyword(arg="file"):
            return callee(parent(around), scope) == "builtins.print"
        case ast.Call() if any(one is handle for one in around.args):
            name = callee(around, scope) or ""
            return name in _CONSUMERS or _is_join(around) or (name in _LAZY and is_used_up(around, scope))
    return False


def _is_join(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Constant(value=str() | bytes()), attr="join"):
            return True
    return False


def is_left_open(name: ast.Name, scope: Scope) -> bool:
    """Whether the file that is bound to `name` is used and then forgotten: neither closed nor handed to anybody."""
    owner = scope.find(name.id)
    if owner.kind not in ("function", "module") or owner is not scope or is_dynamic(owner):
        return False
    if owner.captures(name.id) or owner.used_elsewhere(name.id) or owner.elsewhere(name.id):
        return False
    if name.id in owner.globals | owner.nonlocals or (owner.kind == "module" and name.id.isupper()):
        return False
    if not all(isinstance(assigned_value(one), ast.Call) for one in owner.bindings[name.id]):
        return False
    loads = list(owner.all_loads(name.id))
    return bool(loads) and all(is_used_up(load, owner) for load in loads)


def is_in_manager(node: ast.AST, scope: Scope) -> bool:
    """Whether the function around `node` opens things for others to close: `__enter__`, or a context manager's."""
    function = enclosing_function(node)
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return function.name in ("__enter__", "__aenter__") or has_decorator(function, scope, *_MANAGERS)


def is_patched(node: ast.AST) -> bool:
    """Whether a `with` or a decorator around `node` may put a mock in the place of what it calls."""
    for around in ancestors(node):
        makers: list[ast.expr] = []
        if isinstance(around, ast.With | ast.AsyncWith):
            makers = [item.context_expr for item in around.items]
        elif isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            makers = around.decorator_list
        if any("patch" in dotted(maker) for maker in makers):
            return True
    return False
