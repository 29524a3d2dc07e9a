"""From the command's name to its module."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import chatbt
from chatbt import cli
from chatbt.cli.options.parser import Parser
from chatbt.cli.options.refusal import RefusalError
from chatbt.cli.output.say import say, warn

GROUPS = {
    "Review": ("check", "fix", "review", "explain", "ask"),
    "Editors": ("lsp", "demo"),
    "Model": ("engine", "model"),
    "Patterns": ("rule", "rules"),
    "Upkeep": ("config", "clean"),
    "Development of ChatBT": ("dev",),
}


def commands() -> list[str]:
    """The subcommands there are."""
    modules = (path.stem for path in Path(cli.__file__).parent.glob("*.py"))
    return sorted(name for name in modules if name != "__init__")


def dispatch(arguments: Sequence[str]) -> int:
    """Run the subcommand that the arguments name; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a file name may be what the terminal cannot show
    name, *rest = arguments or ("--help",)
    if name in ("-h", "--help", "help"):
        sys.stdout.write(overview())
        return 0 if arguments else 2
    if name in ("-V", "--version", "version"):
        say(f"chatbt {chatbt.__version__}")
        return 0
    if name not in commands():
        from chatbt.workspace.origins import suggestion

        kind = "option" if name.startswith("-") else "command"
        warn(f"there is no {kind} {name}{suggestion(name, commands())}\nTry 'chatbt --help'.")
        return 2
    module = import_module(f"chatbt.cli.{name}")
    parser = Parser(prog=f"chatbt {name}", description=module.__doc__)
    module.arguments(parser)
    try:
        status: int = module.run(parser.parse(rest))
    except RefusalError as refusal:
        sys.stderr.write(f"chatbt {name}: {refusal}\n")
        return 2
    return status


def overview() -> str:
    """What `chatbt --help` says."""
    found = commands()
    grouped = {name for names in GROUPS.values() for name in names}
    groups = {**GROUPS, "Other": tuple(name for name in found if name not in grouped)}
    text = "ChatBT, a language server for Python.\n\nUsage: chatbt COMMAND [OPTIONS]\n"
    for title, names in groups.items():
        lines = [f"  {name:<10} {_summary(name)}\n" for name in names if name in found]
        if lines:
            text += f"\n{title}:\n{''.join(lines)}"
    return f"{text}\n'chatbt COMMAND --help' says more of a command, 'chatbt --version' which version this is.\n"


def _summary(name: str) -> str:
    doc = import_module(f"chatbt.cli.{name}").__doc__ or ""
    return doc.strip().partition("\n")[0].rstrip(".")
