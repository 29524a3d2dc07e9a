"""See the language server at work.

Writes a small project with faults into a temporary folder, starts the server as an editor would, and shows what comes
back over the protocol: diagnostics, a hover card, fixes, and a better way to write something. At its end the model
explains a finding and rewrites a function, where there is an engine.
"""

import argparse
import difflib
import re
import tempfile
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbt.cli.options.refusal import RefusalError

if TYPE_CHECKING:
    from rich.console import Console

    from chatbt.cli.demonstration.editor import Editor

Json = dict[str, Any]
Found = list[tuple[Path, Json]]

_LINK_ALONE = re.compile(r"^\[[^\]]*\]\(file:[^)]*\)$", re.MULTILINE)
_SEVERITIES = {1: ("error", "red"), 2: ("warning", "yellow"), 3: ("information", "blue"), 4: ("hint", "cyan")}
_NEXT = """\
[bold]What now?[/]
  [green]chatbt check[/]       every finding of every file of your project
  [green]chatbt fix --diff[/]  what the safe fixes would change
  [green]--all[/]              with either: suggestions too, which draw nothing in your editor
  [green]chatbt rule {code}[/]  all about one rule; [green]chatbt rules[/] lists them
  [green]chatbt lsp[/]         the server, for your editor: editors/README.md says how to set it up"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(options: Namespace) -> int:
    from rich.console import Console

    from chatbt.cli.demonstration.editor import EditorError

    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="chatbt-demo-") as name:
        try:
            _show(Path(name).resolve(), console)
        except EditorError as error:
            raise RefusalError(f"the language server failed: {error}") from error
    return 0


def _show(folder: Path, console: "Console") -> None:
    from chatbt.cli.demonstration.editor import Editor
    from chatbt.cli.demonstration.project import write_project
    from chatbt.cli.demonstration.speech import show_speech

    root, log = folder / "project", folder / "server.log"
    paths = write_project(root)
    with Editor(root, log) as editor:
        server = f"{editor.server['name']} {editor.server['version']}"
        console.print(f"[bold]{server}[/], started as an editor does, answered in {editor.took * 1000:.0f} ms.\n")
        found = _diagnostics(editor, root, paths, console)
        _hover(editor, found, console)
        _fixes(editor, root, found, console)
        _suggestion(editor, root, paths, console)
    show_speech(paths, console)
    console.print(_NEXT.format(code=found[0][1]["code"] if found else "CC001"), soft_wrap=True)


def _diagnostics(editor: "Editor", root: Path, paths: list[Path], console: "Console") -> Found:
    """Open the files and show their diagnostics, each under its line."""
    from rich.text import Text

    found: Found = []
    for path in paths:
        console.rule(f"[bold]{path.relative_to(root).as_posix()}[/]", align="left")
        diagnostics = editor.open(path)
        found += [(path, one) for one in diagnostics]
        for number, line in enumerate(editor.text(path).splitlines()):
            console.print(Text.assemble((f"{number + 1:4} ", "dim"), line), soft_wrap=True)
            for one in diagnostics:
                if one["range"]["start"]["line"] == number:
                    console.print(_under(one, line), soft_wrap=True)
        console.print()
    console.print(f"{len(found)} diagnostics in {len(paths)} files.\n")
    return found


def _under(diagnostic: Json, line: str) -> Any:
    """The carets under a line, and what is said of it."""
    from rich.text import Text

    start, end = diagnostic["range"]["start"], diagnostic["range"]["end"]
    stop = end["character"] if end["line"] == start["line"] else len(line)
    name, colour = _SEVERITIES[diagnostic["severity"]]
    text = Text(" " * (5 + start["character"]) + "^" * max(stop - start["character"], 1), colour)
    return text.append(f"\n     {name} {diagnostic['code']}: {diagnostic['message']}", f"bold {colour}")


def _hover(editor: "Editor", found: Found, console: "Console") -> None:
    """The card of the first finding that has one."""
    from rich.markdown import Markdown
    from rich.panel import Panel

    for path, diagnostic in found:
        card = editor.hover(path, diagnostic["range"]["start"])
        if card:
            console.rule("[bold]Hover[/], with the cursor on the first of them", align="left")
            card = _LINK_ALONE.sub("", card)  # to a file, which a terminal does not open
            console.print(Panel(Markdown(card), expand=False, width=min(console.width, 100)))
            console.print()
            return


def _fixes(editor: "Editor", root: Path, found: Found, console: "Console") -> None:
    """The first safe fix, which is applied, and the first one to review, as diffs."""
    for wanted, title in ((True, "Quick fix, proven safe"), (False, "Quick fix, to review")):
        for path, diagnostic in found:
            fix = next((one for one in editor.fixes(path, diagnostic) if _is_safe(one) is wanted), None)
            if fix is None:
                continue
            console.rule(f"[bold]{title}[/]: {fix['title']}", align="left")
            _diff(editor.text(path), fix["edits"], path.relative_to(root).as_posix(), console)
            if wanted:
                before = sum(one == path for one, _ in found)
                left = editor.edit(path, fix["edits"])
                console.print(f"Applied: the file had {before} diagnostics and has {len(left)} now.\n")
                found = [(path, one) for one in left] + [one for one in found if one[0] != path]
            break


def _suggestion(editor: "Editor", root: Path, paths: list[Path], console: "Console") -> None:
    """The first suggestion that is safe, as a diff."""
    for path in paths:
        for action in editor.rewrites(path):
            if _is_safe(action):
                console.rule(
                    f"[bold]Code action where nothing is wrong, proven safe[/]: {action['title']}", align="left"
                )
                _diff(editor.text(path), action["edits"], path.relative_to(root).as_posix(), console)
                return


def _is_safe(action: Json) -> bool | None:
    """Whether a quick fix is safe; None where it is no fix but an ignore comment."""
    if action.get("isPreferred"):
        return True
    return False if action["title"].endswith("(review)") else None


def _diff(text: str, edits: list[Json], name: str, console: "Console") -> None:
    from rich.text import Text

    from chatbt.cli.demonstration.editor import applied

    after = applied(text, edits)
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in difflib.unified_diff(text.splitlines(), after.splitlines(), name, name, lineterm=""):
        console.print(Text(line, colours.get(line[:1], "")), soft_wrap=True)
    console.print()
