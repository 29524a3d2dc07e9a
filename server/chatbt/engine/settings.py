"""The user's settings of the engine: one file in the user's configuration folder, never one of a workspace.

    [engine]
    enabled = true            # false: no process, no prefetch, no action in a menu
    url = ""                  # of a server that speaks OpenAI's API, in the place of our own engine
    model = ""                # "": the bundled pair; a name of `chatbt model list`; a folder; at a url: its name there
    draft = ""                # the folder of the draft model, where `model` is a folder
    device = "auto"           # auto, cpu, cuda, cuda:1
    precision = "auto"        # auto, float32, bfloat16, float16
    policy = "dsde"
    unload-minutes = 15       # without a request, until the model is freed
    end-minutes = 60          # without a request, until the engine ends
    prefetch = true           # explain what the cursor is on before it is asked for, while the engine has nothing to do

A bad value is said with its file and line, and its default is used. CHATBT_ENGINE=off switches all of it off.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platformdirs import user_config_path

from chatbt.engine.switch import is_off

_DEVICE = re.compile(r"auto|cpu|cuda(:\d+)?")
PRECISIONS = ("auto", "float32", "bfloat16", "float16")
_LONGEST = 60 * 24 * 7


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has said, and the defaults of the rest. `messages` tells what was wrong."""

    enabled: bool = True
    url: str = ""
    model: str = ""
    draft: str = ""
    device: str = "auto"
    precision: str = "auto"
    policy: str = "dsde"
    unload_minutes: float = 15.0
    end_minutes: float = 60.0
    prefetch: bool = True
    messages: tuple[str, ...] = ()
    why_off: str = field(default="", compare=False)
    """Where it was switched off, for the user; "" while it is on."""

    @property
    def remote(self) -> bool:
        """Whether code goes to a server of the user's choice in the place of our own engine."""
        return bool(self.url)

    @property
    def destination(self) -> str:
        """What leaves this machine, in one sentence; "" where nothing does."""
        if not self.enabled or not self.url or _is_loopback(self.url):
            return ""
        open_line = "" if self.url.startswith("https:") else ", not encrypted on its way"
        return (
            f"Explanations come from {self.url}: your questions, the code that they are about and its surroundings "
            f"are sent there{open_line}."
        )


def settings_file() -> Path:
    """Where the user's settings stand."""
    return user_config_path("chatbt") / "settings.toml"


def read_settings(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in the file, by default the user's, under what the environment says. Never raises."""
    path = path or settings_file()
    environment = os.environ if environment is None else environment
    found, messages, text = _read(path)
    start = Settings(messages=tuple(messages))
    settings = _over(start, found, lambda name: f"{path}:{_line(text, name)}:")
    if is_off(environment):
        return replace(settings, enabled=False, why_off="the environment has CHATBT_ENGINE=off")
    if not settings.enabled:
        return replace(settings, why_off=f"{path}:{_line(text, 'enabled')} has engine.enabled = false")
    return settings


def over(settings: Settings, said: Mapping[str, Any], source: str) -> Settings:
    """What a `source` says over the settings; it can switch off, and not back on."""
    found = _over(settings, said, lambda _: f"{source}:")
    if not settings.enabled:
        return replace(found, enabled=False, why_off=settings.why_off)
    return found if found.enabled else replace(found, why_off=f"the {source} has engine.enabled = false")


def _over(settings: Settings, said: Mapping[str, Any], place: Callable[[str], str]) -> Settings:
    values: dict[str, Any] = {}
    messages = list(settings.messages)
    for name, value in said.items():
        where = f"{place(name)} engine.{name}"
        if name not in KNOWN:
            messages.append(f"{where} is not known; known are {', '.join(sorted(KNOWN))}. Leaving it out.")
            continue
        attribute, (right, allowed) = name.replace("-", "_"), KNOWN[name]
        if right(value):
            values[attribute] = value.strip() if isinstance(value, str) else value
        else:
            kept = getattr(settings, attribute)
            messages.append(f"{where} is {value!r}; {allowed} is expected. Using {kept!r}.")
    return replace(settings, **values, messages=tuple(messages))


def _read(path: Path) -> tuple[dict[str, Any], list[str], str]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        table = tomllib.loads(text).get("engine", {})
    except FileNotFoundError:
        return {}, [], ""
    except (OSError, ValueError, RecursionError) as error:
        return {}, [f"{path}: cannot be read ({error}). Using the defaults."], ""
    if not isinstance(table, dict):
        return {}, [f"{path}:{_line(text, 'engine')}: engine is {table!r}; a table is expected. Leaving it out."], text
    return table, [], text


def _line(text: str, name: str) -> int:
    """The line of a key, the first one where it is written in a way that is not looked for."""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\s*(engine\s*\.\s*)?[\"']?{re.escape(name)}[\"']?\s*=", line):
            return number
    return 1


def is_url(value: object) -> bool:
    """Whether it is the address of a server, without a password in it."""
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value.strip())
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return False


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_minutes(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _LONGEST


def _is_text(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value


KNOWN: dict[str, tuple[Callable[[Any], bool], str]] = {
    "enabled": (lambda value: isinstance(value, bool), "true or false"),
    "url": (lambda value: value == "" or is_url(value), 'an address such as "https://host:8000/v1", or ""'),
    "model": (_is_text, "a name of `chatbt model list`, or a folder"),
    "draft": (_is_text, "a folder"),
    "device": (
        lambda value: isinstance(value, str) and _DEVICE.fullmatch(value) is not None,
        "auto, cpu, cuda or cuda:1",
    ),
    "precision": (lambda value: value in PRECISIONS, " or ".join(PRECISIONS)),
    "policy": (_is_text, "the name of a policy"),
    "unload-minutes": (_is_minutes, f"a number above 0, at most {_LONGEST},"),
    "end-minutes": (_is_minutes, f"a number above 0, at most {_LONGEST},"),
    "prefetch": (lambda value: isinstance(value, bool), "true or false"),
}
"""The settings: what is right for each, and how that is called."""


def write_settings(values: Mapping[str, str | bool], path: Path | None = None) -> Path:
    """Put values into the [engine] table of the user's settings, what else stands there kept; the file.

    Raises `OSError`, and `ValueError` where the file as it is cannot be read.
    """
    path = path or settings_file()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        text = ""
    tomllib.loads(text)
    for name, value in values.items():
        text = _with(text, name, str(value).lower() if isinstance(value, bool) else _quoted(value))
    told = tomllib.loads(text)["engine"]
    if any(told.get(name) != value for name, value in values.items()):
        raise ValueError(f"{path} has its [engine] table in a form that is not changed here: edit it by hand")
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8", newline="\n")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def _with(text: str, name: str, value: str) -> str:
    """The text with `name = value` in its [engine] table."""
    lines = text.splitlines()
    heads = [at for at, line in enumerate(lines) if re.match(r"\s*\[", line)]
    start = next((at for at in heads if re.match(r"\s*\[\s*engine\s*\]", lines[at])), None)
    if start is None:
        lines += ["", "[engine]"] if lines else ["[engine]"]
        start = len(lines) - 1
    end = next((at for at in heads if at > start), len(lines))
    for at in range(start + 1, end):
        if re.match(rf"\s*{re.escape(name)}\s*=", lines[at]):
            comment = re.search(r"\s+#[^\"']*$", lines[at])
            lines[at] = f"{name} = {value}{comment[0] if comment else ''}"
            break
    else:
        lines.insert(start + 1, f"{name} = {value}")
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    escaped = re.sub(r'[\x00-\x1f\x7f"\\]', lambda found: f"\\u{ord(found[0]):04x}", value)
    return f'"{escaped}"'
