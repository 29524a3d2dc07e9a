"""Text that nobody wrote by hand: a message, and everything else as it was."""

import ast

import pytest

from chatbt.source.chunks import LONGEST, Fault
from chatbt.source.document import Range
from tests.source.editing import Edited

GOOD = "def good():\n    return 1\n"


def faults(text: str) -> list[tuple[int, Fault]]:
    """The faults with the 0-based line where each one's chunk starts, of a text and of it put together by an edit."""
    edited = Edited(text)
    edited.check()
    empty = Edited("")
    empty.replace(Range.of(1, 0, 1, 0), text)
    empty.check()
    return [(chunk.start, chunk.parsed.fault) for chunk in edited.chunks if chunk.parsed.fault]


def the_fault(text: str) -> Fault:
    """The one fault of a text that has a good function behind its first line."""
    ((start, fault),) = faults(text)
    assert start == 0
    return fault


@pytest.mark.parametrize(
    "text",
    ["", "\n", "\r", "   \n", "# c", "# c\n\n    # d\n", "\f\n", "\ufeff", "\ufeff# c\n", "x = 1", "def f(): pass"],
)
def test_text_with_little_in_it_has_no_fault(text: str) -> None:
    assert faults(text) == []


def test_a_text_without_a_statement_is_one_chunk_and_an_empty_text_none() -> None:
    assert len(Edited("# c\n\n\n").chunks) == 1
    assert Edited("").chunks == []


def test_a_null_byte_is_named_where_it_stands() -> None:
    assert the_fault(f"é = 1\0\n{GOOD}") == Fault("a null byte cannot be part of Python code", 0, 6, 0, 7)


def test_half_of_a_character_is_named_where_it_stands() -> None:
    fault = the_fault(f"x = [\n'é\ud800']\n{GOOD}")
    assert fault == Fault(r"'\ud800' is half of a character, which stands alone", 1, 3, 1, 6)


@pytest.mark.parametrize(
    "text", ["(" * 5000, "[{(" * 300 + "x", "-" * 100_000 + "1", "a" + ".b" * 100_000, "x = " + "a + " * 10_000 + "a"]
)
def test_what_is_nested_too_deeply_is_a_fault_of_its_own(text: str) -> None:
    assert "nested" in the_fault(f"{text}\n{GOOD}").message


def test_code_as_deep_as_it_may_be_has_no_fault() -> None:
    assert faults("x = " + "(" * 150 + ")" * 150 + "\n" + GOOD) == []


@pytest.mark.parametrize(
    "line",
    [
        "x = '" + "a" * LONGEST + "'",
        "x = [" + "1, " * LONGEST + "]",
        "(" * (LONGEST + 1),
        "\\'" * (LONGEST // 2),
        "\"'" * (LONGEST // 2),
        "x=1;" * (LONGEST // 4),
    ],
    ids=["a string", "a list", "brackets", "escaped quotes", "quotes", "statements"],
)
def test_a_line_of_megabytes_is_not_read(line: str) -> None:
    fault = the_fault(f"{line}\n{GOOD}")
    assert fault.message.startswith("too long to be read: ")
    assert (fault.line, fault.column, fault.end_line, fault.end_column) == (0, 0, 0, 1)


def test_a_text_that_is_longer_than_what_is_read_in_one_piece_is_read_piece_by_piece() -> None:
    statement = "name = 'value'\n"
    edited = Edited(statement * (5 * LONGEST // 4 // len(statement)) + GOOD)
    assert not any(chunk.parsed.fault for chunk in edited.chunks)
    assert all(len(chunk.parsed.text) <= LONGEST for chunk in edited.chunks)
    assert sum(len(chunk.parsed.body) for chunk in edited.chunks) == 5 * LONGEST // 4 // len(statement) + 1


def test_a_byte_order_mark_takes_its_three_bytes_and_no_more() -> None:
    text = "\ufeffx = 1; y = 2\nclass A:\n    z = 1\n"
    edited = Edited(text)
    edited.check()
    (first, second), *_ = (chunk.parsed.body for chunk in edited.chunks)
    assert (first.col_offset, second.col_offset) == (3, 10)
    edited.replace(Range.of(1, 14, 1, 15), "'é'")
    edited.check()
    assert [node.col_offset for node in edited.chunks[0].parsed.body] == [3, 10]


@pytest.mark.parametrize(
    "start", ["\ufeffdef f():\n", "\ufeffclass A:\n", "\ufeff@d\ndef f():\n", "\ufeff# c\ndef f():\n"]
)
def test_a_definition_behind_a_byte_order_mark_is_a_definition(start: str) -> None:
    edited = Edited(f"{start}    pass\nx = 1\n")
    edited.check()
    assert edited.chunks[0].parsed.role == ("header" if "class" in start else "def")


@pytest.mark.parametrize("above", ["\n", "def g(): pass\n", "# c\ny = 2\n"])
def test_a_byte_order_mark_within_the_text_is_a_fault(above: str) -> None:
    edited = Edited("\ufeffx = 1\ndef f(): pass\n")
    edited.replace(Range.of(1, 0, 1, 0), above)
    edited.check()
    (faulty,) = (chunk for chunk in edited.chunks if chunk.parsed.fault)
    assert "\ufeffx = 1\n" in faulty.parsed.text


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_gives_the_same_chunks(ending: str) -> None:
    text = 'import os\n\n\nclass A:\n    """d\n    e"""\n\n    def m(self):\n        pass\n\nx = (\n    1)\n'
    plain, other = Edited(text), Edited(text.replace("\n", ending))
    other.check()
    assert [(chunk.start, chunk.count) for chunk in other.chunks] == [
        (chunk.start, chunk.count) for chunk in plain.chunks
    ]
    ours, theirs = (
        [ast.dump(node, include_attributes=True) for chunk in edited.chunks for node in chunk.parsed.body]
        for edited in (plain, other)
    )
    assert ours == theirs
