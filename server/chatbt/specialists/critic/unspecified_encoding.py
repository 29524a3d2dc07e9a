"""Unspecified encoding

## What it does
Reports `open()` in text mode, and `open()`, `read_text()` and `write_text()` of a `Path`, without an encoding.
Where the file only gets ASCII text that the code spells out, it is left alone.

## Why
Until Python 3.15 the encoding is then the locale's: UTF-8 on most machines, something else on Windows and in a
container without a locale. A file that is written here cannot be read there, or is read as other characters.

## Example
    def load(path):
        with open(path) as file:
            return file.read()

Better:
    def load(path):
        with open(path, encoding="utf-8") as file:
            return file.read()

## When the fix is safe
Never without a look: on a machine with another locale, files that were written before may not be UTF-8.

## Asked as
- open without an encoding, text file differs between Windows and Linux
- UnicodeDecodeError 'charmap' codec can't decode byte, character maps to undefined
- umlauts, accents or emoji are garbled, mojibake, Ã¤ instead of ä
- UnicodeEncodeError 'charmap' codec can't encode character when writing to a file
- cp1252, locale, default encoding, encoding="utf-8" for open, read_text and write_text
- W1514 unspecified-encoding, PLW1514, EncodingWarning
- special characters broken in the file on another machine or in docker
- file opened on Windows has strange characters, umlauts are wrong, question marks or black diamonds
- works on Linux or Mac and breaks on Windows with a decode error when reading text
- do I have to pass encoding to open, which encoding does open use by default
- Chinese, Cyrillic or German letters are not saved correctly to a text file
- decode error on the server or in CI but not on my computer
- é becomes Ã©, ü becomes Ã¼, quotes look strange after reading a file
- my program reads the file on Linux, a colleague under Windows gets garbage

## References
- PEP 597 Add optional EncodingWarning
- PEP 686 Make UTF-8 mode default
"""

import ast

from chatbt.analysis.finding import Finding, Severity
from chatbt.analysis.flow import contains
from chatbt.analysis.handles import is_patched
from chatbt.analysis.names import qualified
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.texts import pieces
from chatbt.analysis.types import proven
from chatbt.rewriting.arguments import added_argument
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import quote_inside
from chatbt.specialists.pattern import Findings, critic

_UTF8_BY_DEFAULT = (3, 15)
_OPENERS = ("builtins.open", "io.open")
# Where `mode` and `encoding` stand among the positional arguments; a mode at -1 is none.
_OPEN = (1, 3)
_METHODS = {"open": (0, 2), "read_text": (-1, 0), "write_text": (-1, 1)}


@critic(
    "CC014", group="practice", since="0.1", stability="preview", ruff=("PLW1514",), severity=Severity.INFORMATION,
    calls=_OPENERS, methods=_METHODS,
)  # fmt: skip
def unspecified_encoding(call: ast.Call, scope: Scope) -> Findings:
    positions = _positions(call.func, scope)
    if positions is None or scope.file.target >= _UTF8_BY_DEFAULT:
        return
    mode, encoding = positions
    if len(call.args) > encoding or any(isinstance(one, ast.Starred) for one in call.args):
        return
    keywords = {one.arg: one.value for one in call.keywords}
    if None in keywords or "encoding" in keywords or _is_null_device(call, scope) or _holds_no_text(call):
        return
    mode_node = call.args[mode] if 0 <= mode < len(call.args) else keywords.get("mode")
    if (mode_node is None or _is_text_mode(mode_node)) and not is_patched(call) and not _gets_ascii(call, scope):
        what = f"{ast.unparse(call.func)}()"
        yield Finding(call, f"`{what}` without an encoding takes the locale's: other machines see other text")


def _positions(function: ast.expr, scope: Scope) -> tuple[int, int] | None:
    if qualified(function, scope) in _OPENERS:
        return _OPEN
    if isinstance(function, ast.Attribute) and proven(function.value, scope, "pathlib.Path"):
        return _METHODS[function.attr]
    return None


def _is_text_mode(mode: ast.expr) -> bool:
    return isinstance(mode, ast.Constant) and isinstance(mode.value, str) and "b" not in mode.value


def _is_null_device(call: ast.Call, scope: Scope) -> bool:
    """Whether the file is the one that holds no text."""
    file = call.args[0] if call.args else None
    if isinstance(file, ast.Constant):
        return file.value in ("/dev/null", "NUL", "nul")
    return file is not None and qualified(file, scope) == "os.devnull"


def _holds_no_text(call: ast.Call) -> bool:
    """Whether the file is only made or emptied: `open(path, "w").close()`, `with open(path, "w"): pass`."""
    around = parent(call)
    if isinstance(around, ast.withitem):
        return around.optional_vars is None
    return isinstance(around, ast.Attribute) and around.attr == "close"


def _gets_ascii(call: ast.Call, scope: Scope) -> bool:
    """Whether the file is only written, and only ASCII that the code spells out, which every encoding writes alike."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "write_text":
        return _is_ascii([*call.args[:1], *(one.value for one in call.keywords if one.arg == "data")], scope)
    around = parent(call)
    if isinstance(around, ast.withitem):
        handle, used_in = around.optional_vars, parent(around)  # behind the `with` the file is closed
    elif isinstance(around, ast.Assign) and len(around.targets) == 1:
        handle, used_in = around.targets[0], scope.node or around
    else:
        return _writes_ascii(call, scope)
    if not isinstance(handle, ast.Name):
        return False
    owner = scope.find(handle.id)
    if owner is not scope or owner.kind == "class" or owner.used_elsewhere(handle.id):
        return False
    loads = [load for load in owner.all_loads(handle.id) if contains(used_in, load)]
    return bool(loads) and all(_writes_ascii(load, scope) for load in loads)


def _writes_ascii(handle: ast.expr, scope: Scope) -> bool:
    method = parent(handle)
    called = parent(method)
    if not isinstance(method, ast.Attribute) or not isinstance(called, ast.Call) or called.func is not method:
        return False
    return method.attr in ("close", "flush") or (method.attr == "write" and _is_ascii(called.args, scope))


def _is_ascii(arguments: list[ast.expr], scope: Scope) -> bool:
    """Whether there is one argument, an ASCII text without expressions."""
    found = pieces(arguments[0], scope) if len(arguments) == 1 else None
    return found is not None and all(isinstance(one, str) and one.isascii() for one in found)


@unspecified_encoding.fix
def say_utf8(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call)
    quote = quote_inside(call, rewrite)
    if quote is None:
        return None
    argument = added_argument(call, f"encoding={quote}utf-8{quote}", rewrite)
    return review('Add `encoding="utf-8"`', argument) if argument else None
