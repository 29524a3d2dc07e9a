"""Work on ChatBT itself: start a pattern, generate the pages, see what becomes of edits.

Runs in a checkout of ChatBT only.
"""

import argparse
import sys
from argparse import Namespace
from pathlib import Path

import chatbt
from chatbt.cli.options.refusal import RefusalError
from chatbt.cli.options.selection import add_selection, configured
from chatbt.cli.output.say import say, warn


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    new = actions.add_parser("new-pattern", help="write a pattern and its cases to start from")
    new.add_argument("name", metavar="NAME", help="what it is called: hyphenated words that name the fault")
    new.add_argument(
        "--specialist",
        choices=("critic", "pythonic", "stdlib"),
        default="critic",
        help="whose pattern it is (default: critic)",
    )
    generate = actions.add_parser("generate", help="write the pages in server/docs from the patterns and settings")
    generate.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a page is stale")
    ladder = actions.add_parser("ladder", help="how far the edits of all findings climb; nothing is written")
    add_selection(ladder)


def run(options: Namespace) -> int:
    root = _checkout()
    if options.action == "new-pattern":
        from chatbt.cli.pages.skeleton import write_skeleton

        for path in write_skeleton(root, options.specialist, options.name, chatbt.__version__):
            say(f"wrote {path.relative_to(root)}")
        return 0
    if options.action == "ladder":
        return _ladder(options)
    return _generate(root, check=options.check)


def _checkout() -> Path:
    root = Path(chatbt.__file__).parents[2]
    if not (root / "tests" / "specialists").is_dir():
        raise RefusalError("this is an installed ChatBT; `chatbt dev` works in a checkout of its repository")
    return root


def _ladder(options: Namespace) -> int:
    from chatbt.cli.options.files import find, shown_path
    from chatbt.cli.output.ladder import ladder
    from chatbt.workspace.check_ladder import climbs
    from chatbt.workspace.profiles import known_rules

    configuration = configured(options, known_rules())
    files, failed = find(options, configuration)
    results = sorted(climbs(files, configuration, jobs=options.jobs), key=lambda one: one.path)
    ladder(results, sys.stdout)
    for one in results:
        if one.error:
            warn(f"{shown_path(one.path)}: {one.error}")
    return 2 if failed or any(one.error for one in results) else 0


def _generate(root: Path, *, check: bool) -> int:
    """Bring server/docs up to date, or say what is not."""
    from chatbt.cli.pages import pages

    folder = root / "server" / "docs"
    wanted = {folder / name: text for name, text in pages(root / "tests" / "specialists").items()}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    surplus = [path for path in folder.rglob("*.md") if path not in wanted]
    if check:
        for path in (*stale, *surplus):
            warn(f"{path.relative_to(root)} is {'stale' if path in wanted else 'of no pattern'}")
        if stale or surplus:
            warn("run `chatbt dev generate`")
        return 1 if stale or surplus else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8", newline="\n")
        say(f"wrote {path.relative_to(root)}")
    for path in surplus:
        path.unlink()
        say(f"removed {path.relative_to(root)}")
    return 0
