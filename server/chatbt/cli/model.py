"""The models of the engine: which there are, getting one, choosing one.

The bundled pair is small and always here. Larger ones come from the Hugging Face hub, and only when `pull` asks for
one by its name: safetensors files only, no program among them. `use` writes your own settings file, never a
workspace's.
"""

import argparse
from argparse import Namespace
from typing import TYPE_CHECKING

from chatbt.cli.options.refusal import RefusalError
from chatbt.cli.output.say import say

if TYPE_CHECKING:
    from chatbt.engine.models.catalogue import Entry


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    shown = actions.add_parser("list", help="the models that are here, and those that may be pulled")
    shown.add_argument("--output-format", choices=("text", "json"), default="text", metavar="FORMAT", help="text, json")
    pulling = actions.add_parser("pull", help="download a pair from the Hugging Face hub, or the rest of it")
    pulling.add_argument("name", metavar="NAME", help="one that `chatbt model list` names")
    using = actions.add_parser("use", help="have the engine use a model from its next start on")
    using.add_argument("name", metavar="NAME", help="one that is here, `bundled`, or a folder of a model or of a pair")
    using.add_argument("--draft", metavar="DIR", help="the folder of its draft model, where NAME is a folder")
    removing = actions.add_parser("remove", help="delete a pulled pair")
    removing.add_argument("name", metavar="NAME", help="one that is here")


def run(options: Namespace) -> int:
    if options.action == "list":
        return _list(options)
    if options.action == "pull":
        return _pull(options.name)
    if options.action == "use":
        return _use(options)
    return _remove(options.name)


def _list(options: Namespace) -> int:
    import json

    from chatbt.engine.models.catalogue import catalogue
    from chatbt.engine.models.pairs import bundled, pulled
    from chatbt.engine.settings import read_settings

    own = bundled()
    here = [*([own] if own else []), *pulled()]
    used = read_settings().model or "bundled"
    more = [entry for name, entry in catalogue().items() if name not in {pair.name for pair in here}]
    if options.output_format == "json":
        told = {
            "used": used,
            "here": [{"name": pair.name, "bytes": pair.size, "folder": str(pair.target.parent)} for pair in here],
            "available": [{name: getattr(entry, name) for name in entry.__slots__} for entry in more],
        }
        say(json.dumps(told, indent=2))
        return 0
    say("here:" if here else "here: none")
    for pair in here:
        say(f"  {pair.name:<20} {pair.size / 1e9:6.2f} GB  {'in use' if pair.name == used else ''}".rstrip())
    if used not in {pair.name for pair in here}:
        say(f"  in use: {used}")
    say("to pull with `chatbt model pull NAME`, by the memory of your GPU:")
    for entry in more:
        say(f"  {entry.name:<20} {entry.size:6.1f} GB  for {entry.memory:>2} GB  {entry.licence}  {entry.about}")
        say(f"  {'':<20} {entry.target}, drafts by {entry.draft}")
    return 0


def _pull(name: str) -> int:
    from chatbt.engine.models.catalogue import catalogue
    from chatbt.engine.models.hub import PullError
    from chatbt.workspace.origins import suggestion

    entry = catalogue().get(name)
    if entry is None:
        raise RefusalError(f"{name} is not known{suggestion(name, catalogue())}: `chatbt model list` names what is")
    say(f"{entry.name}: {entry.size:.1f} GB from {entry.source}, licence {entry.licence}")
    try:
        _shown(entry)
    except PullError as error:
        raise RefusalError(str(error)) from error
    say(f"{name} is here: `chatbt model use {name}` has the engine use it.")
    return 0


def _shown(entry: "Entry") -> None:
    """Pull it, with a bar where somebody looks."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    from chatbt.engine.models.hub import pull

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(entry.name, total=None)
        pull(entry, lambda file, done, total: bar.update(task, description=file, completed=done, total=total))


def _use(options: Namespace) -> int:
    from pathlib import Path

    from chatbt.engine.models.pairs import BUNDLED, named
    from chatbt.engine.settings import write_settings

    name, draft = options.name, options.draft or ""
    try:
        pair = named(name, draft)[0]
    except LookupError as error:
        raise RefusalError(str(error)) from error
    if draft and not (Path(draft).expanduser() / "config.json").is_file():
        raise RefusalError(f"{draft} is not the folder of a model")
    if Path(name).expanduser().is_dir() and name != pair.name:
        name = str(Path(name).expanduser().absolute())
    draft = str(Path(draft).expanduser().absolute()) if draft else ""
    try:
        file = write_settings({"model": "" if name == BUNDLED else name, "draft": draft})
    except (OSError, ValueError) as error:
        raise RefusalError(f"the settings were not changed: {error}") from error
    say(f"{file}: engine.model is {name}. An engine that is running keeps its model until `chatbt engine stop`.")
    return 0


def _remove(name: str) -> int:
    from chatbt.engine.models.hub import PullError, remove
    from chatbt.engine.settings import read_settings, write_settings

    try:
        size = remove(name)
        if read_settings().model == name:
            write_settings({"model": ""})
            say("It was in use: the bundled pair is from now on.")
    except PullError as error:
        raise RefusalError(str(error)) from error
    except (OSError, ValueError) as error:
        raise RefusalError(f"{name} is deleted, but the settings that name it were not changed: {error}") from error
    say(f"Deleted {name}: {size / 1e9:.2f} GB.")
    return 0
