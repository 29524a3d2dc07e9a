"""The link phase: what chunks say to each other, and who is asked again when it changes."""

from chatbt.analysis.names import resolve
from chatbt.source.document import Document, Position, Range
from chatbt.workspace.checker import Checker, State
from chatbt.workspace.profile import Profile

TEXT = """\
import os
from re import compile as c

class A(os.PathLike):
    items = []

    async def save(self):
        self.rows = c("x")

    def add(self, x):
        self.items.append(x)

def f():
    return A
"""


def checker(text: str = TEXT) -> Checker:
    return Checker(Document.from_text("x.py", text), Profile(frozenset()))


def state_at(made: Checker, line: int) -> State:
    found = made.chunk_at(line)
    assert found is not None
    return found[1]


def test_a_name_is_resolved_through_the_imports_of_another_chunk() -> None:
    made = checker()
    assert resolve("c", state_at(made, 7).walked.module) == "re.compile"
    assert resolve("os", state_at(made, 13).walked.module) == "os"
    assert resolve("A", state_at(made, 13).walked.module) is None
    assert resolve("len", state_at(made, 13).walked.module) == "builtins.len"


def test_a_member_sees_its_class_as_all_its_chunks_make_it() -> None:
    scope = state_at(checker(), 10).walked.body
    facts = scope.class_facts()
    assert (facts.name, facts.bases) == ("A", ("os.PathLike",))
    assert facts.self_bound == {"rows"}
    assert facts.self_mutated == {"items"}
    assert facts.members == {"items", "save", "add"}
    assert [one.kind for one in scope.elsewhere("save")] == ["async function"]


def test_a_member_hears_of_a_new_one() -> None:
    made = checker()
    state_at(made, 10).walked.body.class_facts()
    made.edit(Range(Position(10, 8), Position(10, 11)), "put")
    assert state_at(made, 7).walked.body.class_facts().members == {"items", "save", "put"}


def test_a_question_is_asked_again_only_when_its_answer_changes() -> None:
    made = checker()
    before = {state.key: state for _, state in made.chunks()}
    for state in before.values():
        resolve("os", state.walked.module)
    made.edit(Range(Position(2, 5), Position(2, 7)), "sre")
    after = {state.key: state for _, state in made.chunks()}
    assert sum(before.get(key) is not state for key, state in after.items()) == 1
    made.edit(Range(Position(1, 7), Position(1, 9)), "sys as os")
    later = list(made.chunks())
    assert all(after.get(state.key) is not state for _, state in later)


def test_a_star_import_makes_every_builtin_uncertain() -> None:
    made = checker("from x import *\n\ndef f():\n    return len\n")
    assert resolve("len", state_at(made, 4).walked.module) is None


def test_a_name_counts_as_used_elsewhere_if_another_chunk_reads_or_exports_it() -> None:
    made = checker("x = 1\ny = 2\nz = 3\n\ndef f():\n    return x\n\n__all__ = ['y']\n")
    module = state_at(made, 1).walked.module
    assert [module.used_elsewhere(name) for name in "xyz"] == [True, True, False]


def test_an_access_by_a_class_name_is_told_to_other_chunks() -> None:
    made = checker(TEXT + "\ndef g():\n    return A.items\n")
    module = state_at(made, 5).walked.module
    assert module.used_elsewhere("A.items") and not module.used_elsewhere("A.rows")


def test_what_methods_reach_through_the_class_is_told_apart() -> None:
    text = "class A:\n    @classmethod\n    def f(k):\n        k.x.append(1)\n"
    text += "\n    def g(self):\n        self.__class__.y = 1\n"
    facts = state_at(checker(text), 1).walked.module.children[0].class_facts()
    assert facts.self_mutated == {"cls.x", "cls.y"}


def test_a_change_of_an_item_is_told_apart() -> None:
    text = "class A:\n    def f(self):\n        self.x[0].append(1)\n        self.y[0] = 1\n"
    facts = state_at(checker(text), 1).walked.module.children[0].class_facts()
    assert facts.self_mutated == {"x[]", "y"}


MEMO = """\
class A:
    def __init__(self):
        self._x = None
        self._y = None
        self._z = 1

    @property
    def x(self):
        if self._x is None:
            self._x = self._z
        return self._x

    def y(self):
        return self._y
"""


def test_what_an_attribute_is_used_for_is_told_by_name() -> None:
    scope = state_at(checker(MEMO), 8).walked.body
    uses = {name: scope.outer.attribute(scope, name) for name in ("_x", "_y", "_z", "_other")}
    assert uses["_x"] == (True, False)
    assert uses["_y"] == (True, True)
    assert uses["_z"] == (False, True)
    assert uses["_other"] == (False, False)


def test_another_use_of_an_attribute_is_told_to_who_has_asked() -> None:
    made = checker(MEMO)
    scope = state_at(made, 8).walked.body
    assert not scope.outer.attribute(scope, "_x").used
    before = {state.key: state for _, state in made.chunks()}
    made.edit(Range(Position(14, 20), Position(14, 22)), "_w")
    assert state_at(made, 8) is before[state_at(made, 8).key]
    made.edit(Range(Position(14, 20), Position(14, 22)), "_x")
    again = state_at(made, 8)
    assert again is not before[again.key]
    assert again.walked.body.outer.attribute(again.walked.body, "_x").used
