"""subprocess.run with check

## What it does
Offers `check=True` for a `subprocess.run` whose exit status nobody looks at, and `subprocess.run` with `check=True` for
an `os.system` with a fixed command whose status is thrown away.

## Why
A program that fails raises nothing by itself: the script goes on as if the file had been built or copied, and fails
later, somewhere else. With `check=True` the failure is an exception that names the command and its status.

## Example
    import subprocess

    def build():
        subprocess.run(["make", "build"])

Better:
    import subprocess

    def build():
        subprocess.run(["make", "build"], check=True)

## When the fix is safe
Never without a look: where the program fails today and nobody minds, there will be an exception.

## Asked as
- subprocess.run does not raise an error when the command fails
- check=True, return code, exit status of a command, CalledProcessError
- W1510 subprocess-run-check, PLW1510
- script goes on although the external command failed
- os.system, ignore the exit code, non-zero exit
- how to know if a shell command succeeded
- stop the script if a command fails, like set -e
- make, git or another program fails and my script does not notice
- raise an exception when a command returns an error
- exit code of subprocess.run, how do I check it
- deployment continues after a failed step
- os.system("...") result is ignored, errors of external programs
- subprocess.run(["git", "push"]) fails and nobody notices in the release script
- command returned an error but Python goes on

## References
- The Python Standard Library, subprocess.run
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import is_provoked
from chatbt.analysis.handlers import is_awaited
from chatbt.analysis.loops import is_own
from chatbt.analysis.names import callee, qualified
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.arguments import added_argument
from chatbt.rewriting.commands import words_of
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import quote_inside
from chatbt.specialists.pattern import Findings, stdlib

# Programs that are run whether or not they work, or whose status is an answer.
_BEST_EFFORT = frozenset(
    ": clear cls chcp cmp color diff fc grep kill killall mode notify-send open pause pkill reset rg start stty "
    "taskkill test title true tput where which xdg-open".split()
)
_GIVEN = {"check", "stderr", None}


@stdlib(
    "SL024", module="subprocess", since="0.1", stability="preview",
    ruff=("PLW1510",), calls=("subprocess.run", "os.system"),
    yields_to=("CC016", "CC027"),
    names={
        "subprocess.run": (
            "Runs a program and waits for it. Without `check=True` nobody notices that it failed; and a list of"
            " arguments needs no `shell=True`, which would make commands of whatever stands in them."
        ),
    },
)  # fmt: skip
def subprocess_run_check(call: ast.Call, scope: Scope) -> Findings:
    if not call.args or _program(call.args[0]) in _BEST_EFFORT or is_provoked(call):
        return
    if callee(call, scope) == "os.system":
        match call.args[0]:
            case ast.Constant(value=str(command)) if command.strip() and isinstance(parent(call), ast.Expr):
                yield Finding(call, f"nobody will notice if `{command}` fails: its status is thrown away")
        return
    if any(one.arg in _GIVEN and not _is_kept(one, scope) for one in call.keywords):
        return
    if _is_unchecked(call, scope) and not _is_tried(call, scope):
        yield Finding(call, f"where the program fails, `{dotted(call)}` goes on as if it had not: there is no `check`")


def _program(command: ast.expr) -> str:
    """The name of the program that a command starts, if it is written down."""
    if isinstance(command, ast.List | ast.Tuple) and command.elts:
        command = command.elts[0]
    elif isinstance(command, ast.JoinedStr) and command.values:
        command = command.values[0]
    match command:
        case ast.Constant(value=str(text)):
            return text.strip().partition(" ")[0].rpartition("/")[2].lower()
    return ""


def _is_kept(keyword: ast.keyword, scope: Scope) -> bool:
    """Whether it is `stderr` that goes where somebody reads it."""
    return keyword.arg == "stderr" and qualified(keyword.value, scope) in ("subprocess.PIPE", "subprocess.STDOUT")


def _is_tried(call: ast.Call, scope: Scope) -> bool:
    """Whether a handler is there for a program that cannot be started, so that not much depends on it."""
    return is_awaited(call, ("builtins.OSError", "builtins.FileNotFoundError"), scope) and not is_awaited(
        call, ("subprocess.CalledProcessError",), scope
    )


def _is_unchecked(call: ast.Call, scope: Scope) -> bool:
    """Whether the result is dropped, or only its output is read."""
    match parent(call):
        case ast.Expr():
            return True
        case ast.Attribute(attr="stdout"):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            if not is_own(name, scope) or scope.used_elsewhere(name) or scope.captures(name):
                return False
            uses = [parent(load) for load in scope.all_loads(name)]
            return bool(uses) and all(isinstance(one, ast.Attribute) and one.attr == "stdout" for one in uses)
    return False


@subprocess_run_check.fix
def check_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call)
    if callee(call, scope) != "os.system":
        added = added_argument(call, "check=True", rewrite)
        return review("Pass `check=True`", added) if added else None
    command = call.args[0]
    run = rewrite.imported(scope, "subprocess")
    if run is None or len(call.args) > 1 or call.keywords or not isinstance(command, ast.Constant):
        return None
    words = words_of(str(command.value))
    quote = quote_inside(call, rewrite)
    if words is None or quote is None:
        given = f"{rewrite.text(command)}, shell=True"
    else:
        given = f"[{', '.join(f'{quote}{word}{quote}' for word in words)}]"
    rewrite.drop(call.func)
    return review("Use `subprocess.run` with `check=True`", rewrite.replace(call, f"{run}.run({given}, check=True)"))
