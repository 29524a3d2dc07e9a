"""A shell command as a list of arguments."""

import ast
import re

from chatbt.analysis.flow import ancestors
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven
from chatbt.rewriting.rewrite import Rewrite

# All that the shell reads as more than text, and what would have to be escaped in the list.
_SPECIAL = re.compile(r"""[|<>;&$`*?~\n\r'"\\()\[\]{}#!^]""")
_BUILTIN = frozenset(
    ". : alias bg break cd command continue eval exec exit export fg hash if for case jobs read readonly return set "
    "shift source time times trap type ulimit umask unalias unset until wait while".split()
)
_ARGUMENTS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Await, ast.BinOp, ast.IfExp)


def as_list(command: ast.JoinedStr, scope: Scope, rewrite: Rewrite) -> str | None:
    """The source of a list that runs the same program without a shell; None if the shell does more than split words.

    A replacement field must be a word of its own or end one, and may not name the program.
    """
    if any(isinstance(one, ast.JoinedStr) for one in ancestors(command)):
        return None
    if comments_within(rewrite.place(command), rewrite.walked):
        return None
    words = _words(command)
    if not words or len(words[0]) != 1 or not isinstance(words[0][0], str):
        return None
    if "=" in words[0][0] or words[0][0] in _BUILTIN:
        return None
    arguments = [_argument(word, scope, rewrite) for word in words]
    return f"[{', '.join(one for one in arguments if one)}]" if all(arguments) else None


def words_of(command: str) -> list[str] | None:
    """The words of a command in which the shell would do no more than split them; None if it would."""
    if _SPECIAL.search(command) or not command.replace("\t", " ").isprintable():
        return None
    words = command.split()
    return words if words and "=" not in words[0] and words[0] not in _BUILTIN else None


def _words(command: ast.JoinedStr) -> list[list[str | ast.FormattedValue]]:
    """The words of a command, each of text and at most one field at its end; [] if it is more than words."""
    words: list[list[str | ast.FormattedValue]] = []
    word: list[str | ast.FormattedValue] = []
    for part in command.values:
        if isinstance(part, ast.FormattedValue):
            if word and not isinstance(word[-1], str):
                return []
            word.append(part)
            continue
        text = str(getattr(part, "value", ""))
        if _SPECIAL.search(text) or not text.replace("\t", " ").isprintable():
            return []
        if word and not text[:1].isspace():
            return []
        for index, one in enumerate(re.split(r"[ \t]+", text)):
            if index and word:
                words.append(word)
                word = []
            if one:
                word.append(one)
    return [*words, word] if word else words


def _argument(word: list[str | ast.FormattedValue], scope: Scope, rewrite: Rewrite) -> str | None:
    """A word as an expression."""
    last = word[-1]
    if isinstance(last, str):
        return f'"{last}"'
    plain = last.conversion == -1 and last.format_spec is None
    if not isinstance(last.value, _ARGUMENTS):
        return None
    if len(word) > 1 or not plain:
        field = rewrite.text(last)
        return None if '"' in field else f'f"{word[0] if len(word) > 1 else ""}{field}"'
    text = rewrite.text(last.value)
    return f"str({text})" if proven(last.value, scope, "int", "float", "bool") else text
