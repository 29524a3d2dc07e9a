"""The page of the settings."""

from typing import NamedTuple

from chatbt.workspace.options import KEYS
from chatbt.workspace.origins import shown
from chatbt.workspace.settings import DEFAULT_EXCLUDE, DEFAULT_TESTS, SEVERITIES, Settings
from chatbt.workspace.targets import NEWEST, OLDEST, as_target


class Described(NamedTuple):
    """A setting: what it takes, what holds without it, an example as TOML, and what it does."""

    takes: str
    default: str
    example: str
    text: str


_RULES = "list of rules"
_GLOBS = "list of globs"
_OURS = Settings(root="")
_TABLE = "table of globs and rules"

SETTINGS = {
    "extend": Described("path of a file", "none", '"../chatbt.toml"', "The file whose settings stand under these."),
    "select": Described(
        _RULES, '["ALL"]', '["CC"]',
        "The rules that are on. A rule is an id (`CC001`), the beginning of one (`CC`, `CC01`), a name"
        " (`mutable-default-argument`) or `ALL`; where two speak of the same rule, the more specific one holds.",
    ),
    "extend-select": Described(_RULES, "[]", '["CC011"]', "Rules that are on beside those of `select`."),
    "ignore": Described(_RULES, "[]", '["CC014"]', "Rules that are off."),
    "extend-ignore": Described(_RULES, "[]", '["CC014"]', "The same as `ignore`."),
    "per-file-ignores": Described(
        _TABLE, "{}", '{ "scripts/*.py" = ["CC028"] }',
        "Rules that are off in the files that a glob matches; with `!` before it, in the files that it does not match.",
    ),
    "extend-per-file-ignores": Described(
        _TABLE, "{}", '{ "scripts/*.py" = ["CC028"] }', "The same, beside those of an extended file."
    ),
    "severity": Described(
        "table of rules and severities", "each rule's own", '{ CC001 = "error" }',
        f"How loudly a rule is shown: {', '.join(SEVERITIES)}.",
    ),
    "target-version": Described(
        f"`{as_target(OLDEST)}` to `{as_target(NEWEST)}`",
        "the lower bound of `project.requires-python`, else the version of the Python that runs ChatBT",
        '"py311"', "The oldest Python that the code must run on.",
    ),
    "preview": Described("true or false", shown(_OURS.preview), "true", "Whether rules that are being tried are on."),
    "ruff": Described(
        "`defer` or `always`", shown(_OURS.ruff), '"always"',
        "Where the project's ruff, as configured, reports the same defect, `defer` leaves it to ruff (the card and"
        " the fix can still be asked for); `always` reports it nevertheless.",
    ),
    "hints": Described(
        "true or false", shown(_OURS.hints), "true",
        "Whether suggestions, the Pythonic and standard-library patterns, are drawn as hints, counted by"
        " `chatbt check` and made by \"Apply all safe fixes\" and `chatbt fix`. They can be asked for without it: code"
        " actions and hovers offer them, and the flag `--all`.",
    ),
    "exclude": Described(_GLOBS, shown(DEFAULT_EXCLUDE, None), '["vendored"]', "Files and folders that are left out."),
    "extend-exclude": Described(_GLOBS, "[]", '["vendored"]', "Files and folders that are left out as well."),
    "force-exclude": Described(
        "true or false", shown(_OURS.force_exclude), "true", "Whether excluded files are left out even when named."
    ),
    "respect-gitignore": Described(
        "true or false", shown(_OURS.respect_gitignore), "false", "Whether what git ignores is left out."
    ),
    "tests": Described(
        _GLOBS, shown(DEFAULT_TESTS, None), '["checks/**"]',
        "Which files are tests: some rules are silent in them.",
    ),
    "baseline": Described(
        "path of a file", "none", '"chatbt-baseline.json"',
        "The findings that are known and not reported; `chatbt check --write-baseline FILE` writes it.",
    ),
}  # fmt: skip


def settings_page() -> str:
    """The page in Markdown. ValueError if a setting is not described."""
    if undescribed := set(KEYS) ^ (set(SETTINGS) - {"extend"}):
        raise ValueError(f"cli/pages/settings.py and workspace/options.py differ in: {', '.join(sorted(undescribed))}")
    return "\n".join((_HEAD, *(_section(key, one) for key, one in SETTINGS.items())))


_HEAD = """# Settings

They stand in `[tool.chatbt]` of `pyproject.toml`, or at the top of `chatbt.toml` or `.chatbt.toml`. The nearest of
these files above a source file governs it alone; what it names in `extend` stands under it, an editor's settings and
the flags of the command line stand over it. Globs are relative to the file that they stand in.

`chatbt config explain FILE` shows what holds for a file, and where each setting comes from.
"""


def _section(key: str, one: Described) -> str:
    return f"""## `{key}`

{one.text}

- Takes: {one.takes}
- Default: {one.default if " " in one.default and not one.default.startswith("[") else f"`{one.default}`"}

```toml
[tool.chatbt]
{key} = {one.example}
```
"""
