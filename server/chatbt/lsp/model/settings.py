"""What an editor says of the engine: under `chatbt.engine`, and in `initializationOptions` under `userSettings.engine`.

The first may come from a workspace that is not to be trusted: of it only the switches are taken. What starts a program,
names a model or sends code elsewhere is taken from the user's own file, and from what the editor vouches for as its
user's.
"""

from dataclasses import replace
from typing import Any, NamedTuple

from chatbt.engine.settings import KNOWN, Settings, over, settings_file
from chatbt.lsp.capabilities import table
from chatbt.lsp.client import Json
from chatbt.workspace.origins import shown

SWITCHES = frozenset({"enabled", "prefetch"})
ANYWHERE, USER = "client setting", "user's client setting"


class Said(NamedTuple):
    """The `engine` tables of an editor's settings, and what was none."""

    anywhere: Json
    user: Json
    messages: tuple[str, ...] = ()


def said_by(settings: Json, options: Json) -> Said:
    """What an editor says in its `chatbt` section and in its `initializationOptions`."""
    anywhere, user = settings.get("engine"), table(options.get("userSettings")).get("engine")
    return Said(_table(anywhere), _table(user), (*_wrong(anywhere, ANYWHERE), *_wrong(user, USER)))


def over_file(file: Settings, said: Said) -> Settings:
    """The user's file with what the editor says over it."""
    refused = [name for name in said.anywhere if name in KNOWN and name not in SWITCHES]
    switches = {name: value for name, value in said.anywhere.items() if name not in refused}
    settings = over(over(file, said.user, USER), switches, ANYWHERE)
    refusals = (_refusal(name, said.anywhere[name]) for name in refused)
    return replace(settings, messages=(*settings.messages, *said.messages, *refusals))


def _refusal(name: str, value: object) -> str:
    text = f"{ANYWHERE}: engine.{name} is {shown(value)}, which a workspace could have said. Leaving it out;"
    return f"{text} {settings_file()} and the editor's userSettings may say it."


def _wrong(value: object, source: str) -> tuple[str, ...]:
    if value is None or isinstance(value, dict):
        return ()
    return (f"{source}: engine is {shown(value)}; a table such as {{enabled = false}} is expected. Leaving it out.",)


def _table(value: Any) -> Json:
    """A table without what is left to others to say."""
    return {name: one for name, one in table(value).items() if one is not None}
