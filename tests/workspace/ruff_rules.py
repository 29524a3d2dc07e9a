"""Writes `workspace/ruffrules.py` from the installed ruff:

python -m tests.workspace.ruff_rules > server/chatbt/workspace/ruffrules.py
"""

import json
import re
import subprocess
import sys
import textwrap
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

HEADER = '''\
"""ruff's rules, as `ruff rule --all` and `ruff check --isolated --show-settings` list them ({version}).

Written by `python -m tests.workspace.ruff_rules`; not by hand.
"""

VERSION = {release}

# By category: the stable rules that are on by default, those that are not, and those in preview. In preview
# mode the rules on by default are those of the categories in DEFAULT_CATEGORIES.
'''


def ruff(*arguments: str) -> str:
    """What the installed ruff prints."""
    with TemporaryDirectory() as directory:
        (Path(directory) / "a.py").write_text("")
        command = [sys.executable, "-m", "ruff", *arguments]
        return subprocess.run(command, cwd=directory, check=True, capture_output=True, text=True).stdout


def default_rules(*arguments: str) -> set[str]:
    """The codes that ruff turns on where nothing is configured."""
    shown = ruff("check", "--isolated", "--show-settings", *arguments, "a.py")
    enabled = re.search(r"linter\.rules\.enabled = \[(.*?)\n\]", shown, re.DOTALL)
    return set(re.findall(r"\(([A-Z]+\d+)\)", enabled[1])) if enabled else set()


def render() -> str:
    """The text of the module."""
    version = ruff("--version").split()[1]
    default = default_rules()
    tables: dict[str, dict[str, list[str]]] = {name: defaultdict(list) for name in ("DEFAULT", "STABLE", "PREVIEW")}
    removed = []
    categories = {}
    for rule in json.loads(ruff("rule", "--all", "--output-format", "json")):
        code, category, status = rule["code"], rule["category"], next(iter(rule["status"]))
        if code is None:  # the newest rules have a name alone, and no prefix selects them
            continue
        if status == "Removed":
            removed.append(code)
            continue
        categories[code] = category
        name = "PREVIEW" if status == "Preview" else "DEFAULT" if code in default else "STABLE"
        tables[name][category].append(code)
    in_preview = {categories[code] for code in default_rules("--preview")}
    out = [HEADER.format(version=version, release=tuple(map(int, version.split("."))))]
    for name, table in tables.items():
        out.append(f"{name} = {{\n")
        for category in sorted(table):
            lines = textwrap.fill(" ".join(sorted(table[category])), 100, break_on_hyphens=False)
            out.append(f'    "{category}": """\n{textwrap.indent(lines, " " * 8)}\n    """,\n')
        out.append("}\n\n")
    out.append("# Still named in old configurations; selecting one is an error, ignoring one does nothing.\n")
    lines = textwrap.fill(" ".join(sorted(removed)), 100)
    out.append(f'REMOVED = """\n{textwrap.indent(lines, " " * 4)}\n"""\n\n')
    names = ", ".join(f'"{category}"' for category in sorted(in_preview))
    out.append(f"DEFAULT_CATEGORIES = ({names})\n")
    return "".join(out)


if __name__ == "__main__":
    sys.stdout.write(render())
