"""The page of a pattern: its card, and what else is known of it."""

from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document
from chatbt.specialists.cards import Card, card_of
from chatbt.specialists.pattern import Pattern
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.profile import Profile
from chatbt.workspace.targets import NEWEST, OLDEST

SPECIALISTS = {"critic": "Code Critic", "pythonic": "Pythonic", "stdlib": "Standard library"}
_FIXES: dict[tuple[str, ...] | None, str] = {
    None: "",
    (): "none",
    ("safe",): "safe",
    ("review",): "needs a review",
    ("safe", "review"): "safe where it is proven to be, else needs a review",
}


def fix_words(classes: tuple[str, ...] | None) -> str:
    """What to say of fixes that reach these classes."""
    return _FIXES[classes]


def pattern_page(pattern: Pattern, fixes: tuple[str, ...] | None) -> str:
    """The page in Markdown; `fixes` are the classes that its fixes reach, if that is known."""
    card = card_of(pattern)
    return f"""# {card.title} ({pattern.id})

{_table(pattern, fixes)}

## What it does

{card.what}

## Why

{card.why}

## Example

{_code(card.before)}

Better:

{_code(card.after)}

## When the fix is safe

{card.safety}

## How to ignore it

On one line:

{_code(_ignored(pattern, card))}

In a whole file, `# chatbt: ignore-file[{pattern.id}]`; in a project, in `pyproject.toml`:

```toml
[tool.chatbt]
ignore = ["{pattern.id}"]
```

## References

{card.references}
"""


def _table(pattern: Pattern, fixes: tuple[str, ...] | None) -> str:
    rows = {
        "Name": f"`{pattern.name}`",
        "Specialist": SPECIALISTS[pattern.specialist],
        "Group": pattern.group,
        "Severity": pattern.severity.value,
        "Fix": fix_words(fixes),
        "Stability": f"{pattern.stability}, since {pattern.since}",
        "The same in ruff": ", ".join(f"`{code}`" for code in pattern.ruff),
        "Needs": "" if pattern.python <= OLDEST else f"Python {'.'.join(map(str, pattern.python))}",
        "Silent in": " and ".join(
            where for where, silent in (("stubs", pattern.runtime), ("tests", pattern.not_in_tests)) if silent
        ),
        "Formerly": ", ".join(f"`{name}`" for name in pattern.formerly),
    }
    lines = [f"| {key} | {value} |" for key, value in rows.items() if value]
    return "\n".join(("| | |", "|---|---|", *lines))


def _code(text: str) -> str:
    return f"```python\n{text.rstrip()}\n```"


def _ignored(pattern: Pattern, card: Card) -> str:
    """The example's first finding, silenced on its line."""
    document = Document.from_text("example.py", card.before)
    checker = Checker(document, Profile(frozenset((pattern.id,)), FileFacts(NEWEST)))
    line = next(iter(problems(checker, suggestions=True))).stretch.end.line
    return f"{document.line(line).strip()}  # chatbt: ignore[{pattern.id}]"
