"""Other names for the names in a prompt, for a model that is too small to spell them.

The bundled pair copies a name of one token without fail, and one of seven often with a piece left out. So it is asked
about the same code with short common words for the code's own names, and its answer is translated back. What belongs to
Python, its library or the patterns' pages keeps its name: the model knows what it means.
"""

import ast
import builtins
import keyword
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from chatbt.orchestrator.prompts import Asked, finding
from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import patterns

WORDS = (
    "item name key line node text data result index count size message path buffer token field group entry user order"
    " handler options table row server task stack cache limit start end left right first last source part point color"
    " level number header body word status event"
).split()
"""Each is one token of the bundled pair, alone and behind a space."""
_NAME = re.compile(r"\b[^\W\d]\w*")
_QUOTED = re.compile(r"`[^`]*`?")


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The names of a prompt and what they are called in it."""

    of: Mapping[str, str]

    def asked(self, asked: Asked) -> Asked:
        """The finding under pseudonyms."""
        if not self.of:
            return asked
        return replace(
            asked,
            message=_renamed(asked.message, self.of),
            code=_renamed(asked.code, self.of),
            before=_renamed(asked.before, self.of),
            title=_renamed(asked.title, self.of),
            after=_renamed(asked.after, self.of),
            function=_renamed(asked.function, self.of),
            owner=_renamed(asked.owner, self.of),
        )

    def answer(self, text: str, *, whole: bool = True) -> str:
        """An answer under the code's own names, which stand in back-quotes. Of one that is not whole, a name that has
        begun is held back."""
        if not self.of:
            return text
        if not whole and text.count("`") % 2:
            text = text[: text.rindex("`")]
        own = {word: name for name, word in self.of.items()}
        return _QUOTED.sub(lambda quoted: _renamed(quoted[0], own), text)


NONE = Pseudonyms({})
"""For a model that spells what it reads."""


def pseudonyms(asked: Asked) -> Pseudonyms:
    """Words for the code's own names, as many as there are: first for those that the finding itself is about."""
    shown = finding(asked)
    taken = set(_NAME.findall(shown))
    free = [word for word in WORDS if word not in taken]
    about = f"{asked.message} {asked.before} {asked.after} {asked.title} {asked.home}"
    names = list(dict.fromkeys(name for name in _own(asked) if len(name) > 1 and name not in WORDS))
    names.sort(key=lambda name: not re.search(rf"\b{name}\b", about))
    # Which word it is says nothing, and depends on the code alone: what was learned of one is learned of all.
    turn = sum(shown.encode()) % len(free) if free else 0
    return Pseudonyms(dict(zip(names, (*free[turn:], *free[:turn]), strict=False)))


def _own(asked: Asked) -> Iterator[str]:
    """The names that belong to the code. None of code that does not parse."""
    yield from (part for part in asked.home.split(".") if part and part not in _known())
    try:
        tree = ast.parse(textwrap.dedent(asked.code))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        name = ""
        if isinstance(node, ast.Name):
            name = node.id
        elif isinstance(node, ast.arg):
            name = node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.Attribute) and _root(node) not in sys.stdlib_module_names:
            name = node.attr
        if name and name not in _known():
            yield name


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


@cache
def _known() -> frozenset[str]:
    """Names whose meaning the model has learned."""
    known = {*dir(builtins), *keyword.kwlist, *sys.stdlib_module_names, "self", "cls"}
    for kind in (str, bytes, list, dict, set, tuple, int, float, type, BaseException):
        known.update(dir(kind))
    for pattern in patterns().values():
        card = card_of(pattern)
        known.update(_NAME.findall(f"{card.what} {card.why} {card.safety} {card.references} {pattern.name}"))
        known.update(name for part in (card.before, card.after) for name in _imported(part))
    return frozenset(known)


def _imported(code: str) -> Iterator[str]:
    """What an example takes from the library: names behind a dot, and imported ones."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)


def _renamed(text: str, names: Mapping[str, str]) -> str:
    return _NAME.sub(lambda found: names.get(found[0], found[0]), text)
