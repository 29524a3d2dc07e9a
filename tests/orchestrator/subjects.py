"""Code to talk about."""

from chatbt.analysis.scopes import FileFacts
from chatbt.orchestrator.grounding.ground import Subject
from chatbt.source.document import Document
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.profile import Profile

ADD = "def add(item, bucket=[]):\n    bucket.append(item)\n    return bucket\n"
"""CC001 in line 1."""
GOOD = "Python makes the list for `bucket` once, when `def` runs. Let `bucket` default to `None` in `add`."
FOREIGN = "The list of `basket_of_fruit` is shared by all calls. Let it default to `None`."


def checker_of(text: str) -> Checker:
    """A text with everything looked for."""
    return Checker(Document.from_text("asked.py", text), Profile(frozenset(patterns()), FileFacts((3, 12))))


def subject_in(text: str, pattern: str) -> Subject:
    """The first finding of a pattern in a text."""
    checker = checker_of(text)
    return Subject(checker, next(one for one in problems(checker, suggestions=True) if one.id == pattern))
