import ast
import io
import re
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbt.source.document import Document, Encoding, Position, Range, Splice, split_lines

PIECES = [
    "a",
    " ",
    "é",
    "ß",
    "😀",
    "👩‍👩‍👧",
    "\u2028",
    "\x1c",
    "\f",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\ud800",
    "\udc00",
    "\ufeff",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join).filter(lambda text: "\ud800\udc00" not in text)
ENCODINGS = st.sampled_from(list(Encoding))


def units(text: str, encoding: Encoding) -> int:
    """The length of `text` as the encoding's definition gives it, character by character."""
    match encoding:
        case Encoding.UTF8:
            return sum(1 if c < "\x80" else 2 if c < "\u0800" else 3 if c < "\U00010000" else 4 for c in text)
        case Encoding.UTF16:
            return sum(1 if c < "\U00010000" else 2 for c in text)
        case Encoding.POINTS:
            return len(text)


def client_place(text: str, offset: int, encoding: Encoding) -> tuple[int, int]:
    """Where a client sees the offset, counted over the text as a whole."""
    endings = list(re.finditer(r"\r\n|\r|\n", text))
    before = [ending for ending in endings if ending.end() <= offset]
    return len(before), units(text[before[-1].end() if before else 0 : offset], encoding)


def offset_between_characters(text: str, wish: int) -> int:
    """An offset in `text` that a client can name: not between the two characters of one line ending."""
    offset = wish % (len(text) + 1)
    return offset - 1 if text[offset - 1 : offset + 1] == "\r\n" else offset


@given(TEXTS)
def test_lines_end_where_the_parser_ends_them(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    for line in lines[:-1]:
        assert re.fullmatch(r"[^\r\n]*(\r\n|\r|\n)", line)
    assert not lines or re.fullmatch(r"[^\r\n]+|[^\r\n]*(\r\n|\r|\n)", lines[-1])


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("other", ["\f", "\x1c", "\u2028", "\x0b", "\x85"])
def test_what_the_parser_calls_line_three_is_the_third_line(ending: str, other: str) -> None:
    text = f'a = "{other}"{ending}\f{ending}b = 2{ending}'
    assert split_lines(text)[ast.parse(text).body[1].lineno - 1].startswith("b")


@given(TEXTS, st.integers(0, 30), ENCODINGS)
def test_a_place_goes_to_the_client_and_back(text: str, wish: int, encoding: Encoding) -> None:
    document = Document.from_text("", text)
    offset = offset_between_characters(text, wish)
    line, character = client_place(text, offset, encoding)
    position = document.from_client(line, character, encoding)
    assert document.to_client(position, encoding) == (line, character)
    assert document.offset(position) == offset
    assert position.column == units(text[:offset].rpartition("\n")[2].rpartition("\r")[2], Encoding.UTF8)


@given(TEXTS, st.integers(0, 30), st.integers(0, 30), TEXTS, ENCODINGS)
def test_an_edit_does_what_it_does_to_the_plain_text(
    text: str, one: int, other: int, new: str, encoding: Encoding
) -> None:
    document = Document.from_text("", text)
    start, stop = sorted((offset_between_characters(text, one), offset_between_characters(text, other)))
    places = (document.from_client(*client_place(text, offset, encoding), encoding) for offset in (start, stop))
    stretch = Range(*places)
    assert document.slice(stretch) == text[start:stop]
    changed, splice = document.replaced(stretch, new)
    assert changed.text == (text[:start] + new + text[stop:]).replace("\ud800\udc00", "\U00010000")
    assert changed.lines == split_lines(changed.text)
    assert changed.lines[: splice.start] == document.lines[: splice.start]
    assert changed.lines[splice.new_stop :] == document.lines[splice.stop :]


@given(TEXTS, st.tuples(*[st.integers(-3, 9)] * 4), TEXTS, ENCODINGS)
def test_an_impossible_range_becomes_the_nearest_possible(
    text: str, numbers: tuple[int, int, int, int], new: str, encoding: Encoding
) -> None:
    document = Document.from_text("", text)
    first, start, last, stop = numbers
    stretch = Range(document.from_client(first, start, encoding), document.from_client(last, stop, encoding))
    changed, _ = document.replaced(stretch, new)
    assert changed.lines == split_lines(changed.text)
    low, high = sorted(map(document.offset, stretch))
    assert changed.text == (text[:low] + new + text[high:]).replace("\ud800\udc00", "\U00010000")


@pytest.mark.parametrize(
    ("encoding", "character", "column"),
    [
        (Encoding.UTF16, 2, 1),
        (Encoding.UTF8, 2, 1),
        (Encoding.UTF8, 4, 1),
        (Encoding.UTF8, 5, 5),
        (Encoding.POINTS, 2, 5),
    ],
)
def test_a_place_inside_a_character_is_the_one_before_it(encoding: Encoding, character: int, column: int) -> None:
    assert Document.from_text("", "a😀b").from_client(0, character, encoding) == Position(1, column)


@pytest.mark.parametrize("encoding", Encoding)
def test_a_character_beyond_the_line_is_its_end_and_not_in_its_ending(encoding: Encoding) -> None:
    document = Document.from_text("", "é\r\nb")
    assert document.from_client(0, 99, encoding) == Position(1, 2)
    assert document.from_client(9, 0, encoding) == Position(2, 1)


def test_an_edit_that_joins_cr_and_lf_makes_one_line_of_two() -> None:
    document = Document.from_text("", "a\rx\nb\n")
    changed, splice = document.replaced(Range.of(2, 0, 2, 1), "")
    assert changed.lines == ["a\r\n", "b\n"]
    assert splice == Splice(0, 2, 1)


def test_an_edit_that_parts_cr_and_lf_makes_two_lines_of_one() -> None:
    document = Document.from_text("", "a\r\nb\n")
    changed, splice = document.replaced(Range.of(1, 1, 2, 0), "\r-\n")
    assert changed.lines == ["a\r", "-\n", "b\n"]
    assert splice.growth == 1


@pytest.mark.parametrize(
    ("place", "new", "splice"),
    [
        ((2, 0), "x\n", (1, 1, 2)),
        ((2, 1), "\nx", (2, 2, 3)),
        ((2, 1), "x", (1, 2, 2)),
        ((4, 0), "d", (3, 3, 4)),
        ((2, 0), "", (2, 2, 2)),
    ],
)
def test_lines_that_stay_what_they_were_are_not_exchanged(
    place: tuple[int, int], new: str, splice: tuple[int, int, int]
) -> None:
    position = Position(*place)
    _, exchanged = Document.from_text("", "a\nb\nc\n").replaced(Range(position, position), new)
    assert exchanged == splice


def test_two_halves_of_a_character_that_come_one_by_one_are_that_character() -> None:
    document = Document.from_text("", "é")
    changed, _ = document.replaced(Range.of(1, 2, 1, 2), "\ud83d")
    changed, _ = changed.replaced(Range(changed.end, changed.end), "\ude00")
    assert changed.text == "é😀"


def test_an_edit_leaves_the_document_it_was_made_in_as_it_was() -> None:
    document = Document.from_text("file:///a.py", "a\nb\n", 3)
    changed, _ = document.replaced(Range.of(1, 0, 1, 1), "c", 4)
    assert (document.text, document.version) == ("a\nb\n", 3)
    assert (changed.uri, changed.text, changed.version) == ("file:///a.py", "c\nb\n", 4)


@pytest.mark.parametrize(
    ("text", "ending"), [("a\r\nb\n", "\r\n"), ("a\rb", "\r"), ("a\n", "\n"), ("a", "\n"), ("", "\n")]
)
def test_new_lines_end_like_the_first(text: str, ending: str) -> None:
    assert Document.from_text("", text).line_ending == ending


@pytest.mark.parametrize(
    ("text", "end"), [("", (1, 0)), ("a", (1, 1)), ("a\n", (2, 0)), ("a\r", (2, 0)), ("a\né", (2, 2)), ("\n\n", (3, 0))]
)
def test_the_end_is_behind_the_last_character(text: str, end: tuple[int, int]) -> None:
    document = Document.from_text("", text)
    assert document.end == end
    assert document.offset(document.end) == len(text)


def test_code_points_are_counted_as_tokenize_counts_them() -> None:
    text = "é = '😀' + b\n"
    document = Document.from_text("", text)
    name = next(token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.string == "b")
    expression = ast.parse(text).body[0]
    assert isinstance(expression, ast.Assign) and isinstance(expression.value, ast.BinOp)
    right = expression.value.right
    assert document.to_points(Position(right.lineno, right.col_offset)) == name.start


def test_ranges_touch_at_an_edge_and_contain_themselves() -> None:
    word, cursor, next_word = Range.of(1, 0, 1, 4), Range.of(1, 4, 1, 4), Range.of(1, 5, 1, 9)
    assert word.touches(cursor) and cursor.touches(word) and not word.touches(next_word)
    assert word.contains(word) and word.contains(cursor) and not cursor.contains(word)
    assert word.shifted(2) == Range.of(3, 0, 3, 4)
