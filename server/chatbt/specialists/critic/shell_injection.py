"""Shell injection

## What it does
Reports a shell command that is built with an f-string, `%`, `format` or `+` of values that are neither constant nor
quoted: in `subprocess` calls with `shell=True`, `os.system`, `os.popen` and `asyncio.create_subprocess_shell`.
A value that stands for the command itself, or is called arguments, options or flags, is left alone.

## Why
The shell reads the values as part of the command. A file that is called `a; rm -rf ~` runs a second command, and one
with a space in its name is two arguments.

## Example
    import subprocess

    def unpack(name):
        subprocess.run(f"tar xf {name}", shell=True)

Better:
    import subprocess

    def unpack(name):
        subprocess.run(["tar", "xf", name])

## When the fix is safe
Never without a look: a value that holds several words was several arguments and becomes one, and one that is no string
is refused.

## Asked as
- shell=True with user input is dangerous, command injection
- os.system with an f-string or concatenation, os.popen
- file name with spaces, quotes or a semicolon breaks the shell command
- bandit B602, B605, S602, S605 start process with a shell, security scanner complains about subprocess
- how to pass a variable to a shell command safely, shlex.quote, list of arguments
- attacker can run any command, rm -rf, escaping arguments for bash
- subprocess.run(f"tar {name}", shell=True)
- is it dangerous to build a command from what the user has typed in a web form
- upload with a strange file name executes code on my server, remote code execution
- subprocess.call, Popen or check_output with a string of variables and shell=True, security audit
- ampersand, dollar or backtick in an argument runs another program
- os.system("ping " + host), safe way to call an external program with arguments
- visitors could run any program on our box, grep with a search word in os.popen
- auditor or pentest complains about a command line made of user input

## References
- The Python Standard Library, subprocess: Security Considerations
- CWE-78 OS Command Injection
"""

import ast
import re

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors
from chatbt.analysis.harmless import is_harmless
from chatbt.analysis.names import callee, qualified
from chatbt.analysis.scopes import Scope
from chatbt.analysis.texts import pieces
from chatbt.rewriting.arguments import removed_keyword
from chatbt.rewriting.commands import as_list
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_WITH_SHELL = tuple(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen"))
_ALWAYS = (
    "subprocess.getoutput", "subprocess.getstatusoutput", "os.system", "os.popen", "asyncio.create_subprocess_shell",
    "asyncio.subprocess.create_subprocess_shell",
)  # fmt: skip
# What stands here is meant to be a command, and what is called so to be words of one.
_COMMAND_STARTS = re.compile(r"(?:^|[;&|({])\s*$")
_ARGUMENTS = re.compile(r"(?:^|_|\.)(?:args|arguments|options|opts|flags)$", re.IGNORECASE)
_QUOTING = ("shlex.quote", "shlex.join", "pipes.quote", "subprocess.list2cmdline")


@critic(
    "CC016",
    group="security",
    since="0.1",
    ruff=("S602", "S604", "S605"),
    calls=_WITH_SHELL + _ALWAYS,
    not_in_tests=True,
)
def shell_injection(call: ast.Call, scope: Scope) -> Findings:
    command = _command(call)
    if command is None or (callee(call, scope) in _WITH_SHELL and _shell(call) is None):
        return
    before = ""
    for piece in pieces(command, scope) or ():
        if isinstance(piece, str):
            before += piece
            continue
        value = piece.value if isinstance(piece, ast.FormattedValue) else piece
        is_meant = _COMMAND_STARTS.search(before) or _ARGUMENTS.search(ast.unparse(value))
        if not is_meant and not is_harmless(piece, scope, _is_quoting):
            what = f"`{ast.unparse(value)}` becomes part of a shell command unquoted"
            yield Finding(command, f"{what}: a `;` in it starts a command of its own")
            return
        before += "x"


def _command(call: ast.Call) -> ast.expr | None:
    if call.args:
        return call.args[0]
    return next((one.value for one in call.keywords if one.arg in ("args", "cmd", "command")), None)


def _shell(call: ast.Call) -> ast.keyword | None:
    """The argument `shell=True`."""
    return next(
        (
            one
            for one in call.keywords
            if one.arg == "shell" and isinstance(one.value, ast.Constant) and one.value.value
        ),
        None,
    )


def _is_quoting(call: ast.Call, scope: Scope) -> bool:
    """Whether a call quotes its argument for the shell; whoever names a function so is believed."""
    if qualified(call.func, scope) in _QUOTING:
        return True
    match call:
        case ast.Call(func=ast.Attribute(attr="replace"), args=[ast.Constant(value="'" | '"'), _]):
            return True
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return "quote" in name.lower() or "escape" in name.lower()


@shell_injection.fix
def pass_a_list(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    command = finding.node
    call = next(one for one in ancestors(command) if isinstance(one, ast.Call))
    if not isinstance(command, ast.JoinedStr):
        return None
    shell = _shell(call)
    listed = as_list(command, scope, rewrite)
    if shell is None or listed is None or any(one.arg in ("executable", None) for one in call.keywords):
        return None
    removed = removed_keyword(call, shell, rewrite)
    if removed is None:
        return None
    return review("Pass a list of arguments, without a shell", rewrite.replace(command, listed), removed)
