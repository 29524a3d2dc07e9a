"""json.load and json.dump for files

## What it does
Offers `json.load(fh)` for `json.loads(fh.read())`, and `json.dump(value, fh)` for `fh.write(json.dumps(value))` where
`fh` is an open file or a standard stream.

## Why
The module reads and writes files itself. What is said once is easier to read, and nobody has to check that the text
between the two calls is not needed for anything else.

## Example
    import json

    with open("settings.json", encoding="utf-8") as fh:
        settings = json.loads(fh.read())

Better:
    import json

    with open("settings.json", encoding="utf-8") as fh:
        settings = json.load(fh)

## When the fix is safe
For reading, when the other arguments are names and constants: `json.load` is defined as `loads(fh.read())`. For writing
never without a look: `dump` writes piece by piece, so a value that cannot be written leaves half a file.

## Asked as
- json.loads(f.read()) or json.load(f)
- f.write(json.dumps(data)) or json.dump(data, f)
- difference between load and loads, dump and dumps
- read a json file, write a dictionary to a json file
- what does the s in loads and dumps stand for
- the JSON object must be str, bytes or bytearray, not TextIOWrapper
- parse json from a file directly
- json.loads(open(path).read()), can json read a file by itself
- save a dict as json, f.write with dumps
- load or loads, dump or dumps, which one for files
- read config from a json file in one call
- f.write(json.dumps(cfg, indent=2))
- config = json.loads(file.read()) in a shorter way

## References
- The Python Standard Library, json.load and json.dump
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import is_pure
from chatbt.analysis.names import callee, qualified
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.shown import is_shown
from chatbt.analysis.types import proven
from chatbt.rewriting.arguments import behind_brackets
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, stdlib

_STREAMS = ("sys.stdout", "sys.stderr")
_NEED_BRACKETS = (ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.GeneratorExp)


@stdlib(
    "SL021",
    module="json",
    since="0.1",
    calls=("json.loads", "json.dumps"),
    names={
        "json.load": (
            "Reads the one JSON document that an open file holds; `loads` is for a text at hand. A file with a"
            " document on every line is not one document: its lines are to be read one by one, with `loads`."
        ),
        "json.dump": (
            "Writes a value as one JSON document into an open text file. Called again for the same file it writes a"
            " second document behind the first, which `load` refuses to read; and all keys become strings."
        ),
    },
)
def json_file_api(call: ast.Call, scope: Scope) -> Findings:
    if len(call.args) != 1 or is_shown(call, scope):
        return
    around = parent(call)
    reads = callee(call, scope) == "json.loads"
    match call.args[0] if reads else around:
        case ast.Call(func=ast.Attribute(value=file, attr="read"), args=[], keywords=[]) if reads and not _is_self(
            file
        ):
            message = f"`{dotted(call)}` is given all that `{ast.unparse(file)}` holds: the module reads files itself"
            yield Finding(call, message, about=file)
        case ast.Call(func=ast.Attribute(value=file, attr="write"), args=[written], keywords=[]) if (
            not reads and written is call and isinstance(parent(around), ast.Expr) and _is_file(file, scope)
        ):
            message = (
                f"what `{dotted(call)}` makes only goes into `{ast.unparse(file)}`: the module writes files itself"
            )
            yield Finding(around, message, about=file)


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _is_file(node: ast.expr, scope: Scope) -> bool:
    return proven(node, scope, "file") or qualified(node, scope) in _STREAMS


@json_file_api.fix
def give_it_the_file(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call, file = finding.node, finding.about
    assert isinstance(call, ast.Call)
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "write":
        return _load(call, file, scope, rewrite)
    return _dump(call, file, scope, rewrite)


def _load(call: ast.Call, file: ast.expr, scope: Scope, rewrite: Rewrite) -> Fix | None:
    (read,) = call.args
    renamed = _renamed(call, scope, rewrite)
    if renamed is None or comments_within(rewrite.place(read), rewrite.walked):
        return None
    source = rewrite.text(file)
    given = rewrite.replace(read, f"({source})" if isinstance(file, _NEED_BRACKETS) else source)
    # The other arguments are now evaluated before the file is read.
    early = all(is_pure(one.value) or qualified(one.value, scope) for one in call.keywords)
    make = safe if early else review
    return make("Use `json.load`", renamed, given)


def _dump(write: ast.Call, file: ast.expr, scope: Scope, rewrite: Rewrite) -> Fix | None:
    (call,) = write.args
    assert isinstance(call, ast.Call)
    value = call.args[0]
    renamed = _renamed(call, scope, rewrite)
    if renamed is None or isinstance(value, ast.Starred | ast.GeneratorExp):
        return None
    outer, inner = rewrite.place(write), rewrite.place(call)
    around = (Range(outer.start, inner.start), Range(inner.end, outer.end))
    if any(comments_within(one, rewrite.walked) for one in around):
        return None
    first = rewrite.place(call.keywords[0]).start if call.keywords else Position(inner.end.line, inner.end.column - 1)
    end = behind_brackets(rewrite.place(value).end, first, rewrite)
    return review(
        "Use `json.dump`",
        Edit(around[0], ""),
        renamed,
        Edit(Range(end, end), f", {rewrite.text(file)}"),
        Edit(around[1], ""),
    )


def _renamed(call: ast.Call, scope: Scope, rewrite: Rewrite) -> Edit | None:
    """The edit that makes `loads` and `dumps` their relatives for files."""
    end = rewrite.place(call.func).end
    if isinstance(call.func, ast.Attribute):
        return Edit(Range(Position(end.line, end.column - 1), end), "")
    wanted = (callee(call, scope) or "").rpartition(".")[2].removesuffix("s")
    name = rewrite.imported(scope, "json", wanted)
    return rewrite.replace(call.func, name) if name else None
