"""Request without a timeout

## What it does
Reports a network call that may wait for ever: a function of `requests`, `urlopen`, `socket.create_connection` or an
`smtplib` connection without a timeout, or one of these or of `httpx` with `timeout=None`.

## Why
A server that accepts the connection and then says nothing is no error: the call just never returns. One such server
holds a thread, a worker or a whole script until somebody kills it.

## Example
    import requests

    def load(url):
        return requests.get(url).json()

Better:
    import requests

    def load(url):
        return requests.get(url, timeout=10).json()

## When the fix is safe
Never without a look: how long is too long only you know, and a request that took longer now raises an exception.

## Asked as
- requests.get without timeout hangs forever
- program stuck waiting for a server that does not answer
- S113, W3101 missing-timeout, bandit B113 request without timeout
- does requests have a default timeout, how long does it wait
- urlopen, socket or smtplib never returns, script freezes, blocked in recv
- connection hangs for hours, no exception, need to give up after some seconds
- HTTP call of an API never comes back
- download, API call or login sometimes never finishes and the job has to be killed
- how do I set how long requests may wait, timeout parameter
- worker or cron job hangs over night in a network call
- server accepts the connection and never replies
- script stands still without an error, no response from a url
- urlopen, get or post never comes back when the server is silent
- job sits there for the whole weekend waiting for an answer

## References
- Requests documentation, Quickstart: Timeouts
- The Python Standard Library, urllib.request.urlopen
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.names import callee
from chatbt.analysis.outer import dotted
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.arguments import added_argument
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_SECONDS = 10
_VERBS = "delete get head options patch post put request".split()
# Where the timeout stands among the positional arguments; -1 where it cannot.
_PLACES = {
    "urllib.request.urlopen": 2,
    "socket.create_connection": 1,
    "smtplib.SMTP": 3,
    "smtplib.SMTP_SSL": -1,
    **{f"requests.{verb}": -1 for verb in _VERBS},
    **{f"httpx.{verb}": -1 for verb in [*_VERBS, "stream"]},
}
_LOCAL = ("file:", "data:")


@critic("CC028", group="practice", since="0.1", calls=_PLACES, ruff=("S113",), not_in_tests=True)
def request_without_timeout(call: ast.Call, scope: Scope) -> Findings:
    name = callee(call, scope)
    if name is None:
        return
    given = next((one.value for one in call.keywords if one.arg == "timeout"), None)
    if isinstance(given, ast.Constant) and given.value is None:
        yield Finding(call, f"`{dotted(call)}` with `timeout=None` waits for ever if the other side says nothing")
    elif given is None and not name.startswith("httpx.") and not _may_have_timeout(call, name, scope):
        yield Finding(call, f"`{dotted(call)}` has no timeout: it waits for ever if the other side says nothing",
                      about=f"timeout={_SECONDS}")  # fmt: skip


def _may_have_timeout(call: ast.Call, name: str, scope: Scope) -> bool:
    """Whether a timeout may come from where it cannot be seen, or none is needed."""
    place = _PLACES[name]
    if any(one.arg is None for one in call.keywords) or any(isinstance(one, ast.Starred) for one in call.args):
        return True
    if 0 <= place < len(call.args) or (name == "smtplib.SMTP_SSL" and len(call.args) > 5):
        return True
    if name.startswith("requests."):
        return False
    return _has_default(scope) or _is_local(call)


def _has_default(scope: Scope) -> bool:
    """Whether this chunk sets the timeout that sockets have by default."""
    return scope.chunk is not None and "setdefaulttimeout" in scope.chunk.parsed.text


def _is_local(call: ast.Call) -> bool:
    match call.args:
        case [ast.Constant(value=str(url)), *_] | [ast.JoinedStr(values=[ast.Constant(value=str(url)), *_]), *_]:
            return url.startswith(_LOCAL)
        case [ast.Call(func=ast.Attribute(attr="as_uri")), *_]:
            return True
    return False


@request_without_timeout.fix
def add_a_timeout(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call, argument = finding.node, finding.about
    assert isinstance(call, ast.Call)
    edit = added_argument(call, argument, rewrite) if argument else None
    return review(f"Give up after {_SECONDS} seconds", edit) if edit else None
