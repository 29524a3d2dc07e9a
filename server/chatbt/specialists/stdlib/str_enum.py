"""StrEnum

## What it does
Offers `enum.StrEnum` for a class with the bases `str` and `Enum`.

## Why
A member of such a mixture is a string that does not show itself as one: `str()` and, since Python 3.11, `format()` and
f-strings write `Color.RED` where its value is wanted, so `.value` is added everywhere. A `StrEnum` is written as its
value, and says in one word what it is.

## Example
    import enum

    class Color(str, enum.Enum):
        RED = "red"

Better:
    import enum

    class Color(enum.StrEnum):
        RED = "red"

## When the fix is safe
Never without a look: what `str()`, `format()` and f-strings write changes from `Color.RED` to `red`.

## Asked as
- class Color(str, Enum), StrEnum, UP042
- enum whose members are strings, string enum, print the value instead of Color.RED
- enum member in an f-string or format shows the class name, changed in Python 3.11
- compare an enum with a string, use enum value as a string, json
- str mixin for Enum, what to inherit from
- Enum that behaves like str
- enum that can be used as a string, in JSON, in a URL or in a comparison
- Colour.RED is printed instead of red
- class with (str, Enum), is there something for it in the library
- string constants as an enum, .value everywhere
- json.dumps or comparison of an enum member, want it to be a string
- Enum with text values, str(Color.RED), f-string of a member

## References
- The Python Standard Library, enum.StrEnum
- What's New In Python 3.11, enum
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.names import callee, qualified, resolve
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, stdlib

_OWN_WAYS = ("__str__", "__format__", "__new__", "_generate_next_value_")


@stdlib(
    "SL015",
    module="enum",
    since="0.1",
    ruff=("UP042",),
    python=(3, 11),
    names={
        "enum.StrEnum": (
            "An enum whose members are strings, and print, format and compare as their values. `auto()` makes the"
            " member's name in lower case its value, which surprises whoever expects the name as it is written."
        ),
    },
)
def str_enum(definition: ast.ClassDef, scope: Scope) -> Findings:
    if len(definition.bases) != 2 or definition.keywords or definition.name == "StrEnum":
        return
    first, second = definition.bases
    if qualified(first, scope) != "builtins.str" or qualified(second, scope) != "enum.Enum":
        return
    inside: Scope = definition.__dict__["scope"]
    if any(inside.find(name) is inside for name in _OWN_WAYS) or _is_numbered(definition, scope):
        return
    message = f"a member of `{definition.name}` is a string, but `str()` does not show it as one"
    stretch = Range.of(first.lineno, first.col_offset, second.end_lineno or 0, second.end_col_offset or 0)
    yield Finding(definition, message, stretch=stretch)


def _is_numbered(definition: ast.ClassDef, scope: Scope) -> bool:
    """Whether members may get their values from `auto()`, which would become other ones."""
    return resolve("auto", scope) == "enum.auto" or any(
        callee(node, scope) == "enum.auto" for one in definition.body for node in ast.walk(one)
    )


@str_enum.fix
def use_str_enum(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    definition = finding.node
    assert isinstance(definition, ast.ClassDef)
    first, second = definition.bases
    stretch = Range(rewrite.place(first).start, rewrite.place(second).end)
    name = rewrite.imported(scope, "enum", "StrEnum")
    if name is None or comments_within(stretch, rewrite.walked):
        return None
    rewrite.drop(second)
    return review("Use `StrEnum`", Edit(stretch, name))
