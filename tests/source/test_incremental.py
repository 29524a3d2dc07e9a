"""What an edit leaves alone."""

import pytest

from chatbt.source.chunks import Chunk
from chatbt.source.document import Position, Range
from tests.source.editing import Edited

TEXT = '''\
import os

X = 1


def f(a):
    """Doc."""
    return a


class A(Base):
    """Doc."""

    y = 2

    def m(self):
        """Doc."""
        return 1

    # on n
    @property
    def n(self):
        """Doc."""
        return 2


def g(b):
    """Doc."""
    return b


Z = 3
'''


def place(text: str, line: str, *, behind: bool = False) -> Range:
    """The empty range before (or behind) the first `line`, which is ASCII."""
    before, found, _ = text.partition(line)
    assert found
    before += line * behind
    position = Position(before.count("\n") + 1, len(before.rpartition("\n")[2]))
    return Range(position, position)


def edit(edited: Edited, at: str, new: str, *, behind: bool = False) -> tuple[list[str], list[str]]:
    """The texts of the chunks that go and come when `new` is put before `at`."""
    change = edited.replace(place(edited.document.text, at, behind=behind), new)
    edited.check()
    return [chunk.parsed.text for chunk in change.gone], [chunk.parsed.text for chunk in change.come]


def chunk_of(edited: Edited, text: str) -> Chunk:
    (found,) = (chunk for chunk in edited.chunks if text in chunk.parsed.text)
    return found


@pytest.mark.parametrize("line", ["os", "return a", "y = 2", "return 1", "return 2", "Z = 3"])
@pytest.mark.parametrize("new", ["x", "(", '"', "\n        ", "]", " # c\n", ".\n    "])
def test_an_edit_within_a_line_exchanges_its_own_chunk(line: str, new: str) -> None:
    edited = Edited(TEXT)
    own = chunk_of(edited, line).parsed.text
    gone, come = edit(edited, line, new, behind=True)
    assert (gone, "".join(come)) == ([own], own.replace(line, line + new))


@pytest.mark.parametrize("line", ["return a", "return 1", "return 2"])
def test_an_unclosed_string_exchanges_its_own_chunk(line: str) -> None:
    edited = Edited(TEXT)
    own = chunk_of(edited, line).parsed.text
    gone, come = edit(edited, line, '"""')
    assert (gone, come) == ([own], [own.replace(line, f'"""{line}')])


def test_while_a_string_is_open_an_edit_further_down_exchanges_its_own_chunk() -> None:
    edited = Edited(TEXT)
    edit(edited, "return a", '"""')
    gone, come = edit(edited, "return b", "b\n    ")
    assert len(gone) == len(come) == 1


def test_mending_brings_back_what_was() -> None:
    edited = Edited(TEXT)
    before = edited.chunks
    where = place(TEXT, "return 1").start
    edited.replace(Range(where, where), '"""')
    edited.replace(Range(where, Position(where.line, where.column + 3)), "")
    edited.check()
    assert sum(old is new for old, new in zip(before, edited.chunks, strict=True)) == len(before) - 1


def test_new_lines_above_move_the_chunks_below() -> None:
    edited = Edited(TEXT)
    below = edited.chunks[1:]
    starts = [chunk.start for chunk in below]
    edit(edited, "import os", "import re\nimport sys\n")
    assert edited.chunks[1:] == below
    assert [chunk.start for chunk in below] == [start + 2 for start in starts]


def test_another_base_class_gives_the_members_a_new_owner_and_parses_none_of_them_again() -> None:
    edited = Edited(TEXT)
    parsed = [chunk.parsed for chunk in edited.chunks if chunk.owner]
    change = edited.replace(place(TEXT, "Base"), "Other")
    edited.check()
    members = [chunk for chunk in edited.chunks if chunk.owner]
    assert [chunk.parsed for chunk in members] == parsed
    assert change.come == [chunk_of(edited, "class A"), *members]
    assert all(member.owner is change.come[0] for member in members)


def test_an_edit_in_the_first_member_leaves_the_header() -> None:
    edited = Edited(TEXT)
    header = chunk_of(edited, "class A")
    edit(edited, '    """Doc."""\n\n    y', "    x = 1\n")
    assert chunk_of(edited, "class A") is header
    assert all(chunk.owner is header for chunk in edited.chunks if chunk.parsed.role == "member")


def test_a_new_method_leaves_the_others() -> None:
    edited = Edited(TEXT)
    gone, come = edit(edited, "    # on n", "    def new(self):\n        pass\n\n")
    assert (gone, come) == ([], ["    def new(self):\n        pass\n\n"])


def test_a_statement_at_top_level_within_a_class_ends_it() -> None:
    edited = Edited(TEXT)
    edit(edited, "\n    # on n", "\nW = 4\n")
    assert [chunk.parsed.role for chunk in edited.chunks if chunk.start > chunk_of(edited, "W = 4").start][:1] == [
        "def"
    ]
    assert chunk_of(edited, "W = 4").owner is None


def test_a_class_that_is_made_of_functions_owns_them() -> None:
    edited = Edited("def f():\n    pass\n    def g(): ...\n    x = 1\n")
    edited.replace(Range.of(1, 0, 3, 0), "class A:\n")
    edited.check()
    assert [chunk.parsed.role for chunk in edited.chunks] == ["header", "member", "member"]


def test_a_decorated_function_that_becomes_a_statement_joins_the_run_before_it() -> None:
    edited = Edited("x = 1\n@d\n# c\ndef f(): ...\n")
    edit(edited, "x", "x = ")
    edited.replace(Range.of(4, 0, 4, 3), "y =")
    edited.check()
    assert [unit.start for unit in edited.units] == [0]


def test_copies_of_units_move_by_themselves() -> None:
    edited = Edited(TEXT)
    starts = [chunk.start for chunk in edited.chunks]
    copies: dict[Chunk, Chunk] = {}
    other = Edited(TEXT)
    other.units = [unit.copy(copies) for unit in edited.units]
    edit(other, "import os", "\n")
    edit(other, "return 1", "x\n        ")
    edit(other, "Base", "Other")
    edited.check()
    assert [chunk.start for chunk in edited.chunks] == starts
    assert {id(chunk) for chunk in edited.chunks}.isdisjoint(map(id, other.chunks))
