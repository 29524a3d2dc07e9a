"""After any edits the chunks are those of the text from scratch, and the whole-file tree's wherever that parses."""

from collections.abc import Callable, Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbt.source.document import Position, Range, split_lines
from tests.source.editing import Edited, stdlib

# fmt: off
PIECES = (
    "", "x", " ", ":", ",", "=", "é", "😀", "\u2028", "\0", "\t", "\f", "\n", "\r", "\r\n", "    ", "  ", "\\", "\\\n",
    "(", ")", "[", "]", "{", "}", '"', "'", '"""', "'''", '"""\n', "f'{", "#", "# c", "  # c\n", "    # c\n", "# \\\n",
    "\nfoo(\n", "\nx = 1\n", "\nx = [\n", "if x:\n", "    if x:\n", "else:\n", "    else:\n", "try:\n", "except E:\n",
    "@d\n", "    @d\n", "@d(\n", "@(\n  d)\n", "def f():\n    pass\n", "async def f(): ...\n",
    "    def m(self):\n        pass\n",
    "def ", "def f(", "class ", "class A:\n", "class A(\n", "class A: x = 1\n", "class A:\n    x = 1\n\n    y = 2\n",
    "class A:\n\tdef m(self):\n\t\tpass\n", "\n    def m(self):\n        '''d'''\n", "import os\n", "from a import (\n",
    "return", "lambda", "match x:\n    case 1:\n        pass\n", "x = '''\ndef f():\n    pass\n'''\n", "\nx = \\\n",
    ";", "\ufeff", "class A:\n    '''d'''\n", "    x = 1\n", "  y = 2\n", "\n\n\n", "'''\ndef f(): pass\n",
)
OPENERS = (
    "(", "[", "{", '"', "'", '"""', "'''", "\\", "x = (\n", 'x = """\n', "f('''", "@", "class A(", "\0", "if", "[[((",
    "\n@d\n", "@(\n", "    @(\n    d)\n",
)
# fmt: on
FILES = (
    "getopt.py",
    "queue.py",
    "sched.py",
    "reprlib.py",
    "shelve.py",
    "code.py",
    "json/encoder.py",
    "wsgiref/headers.py",
    "asyncio/queues.py",
    "netrc.py",
    "types.py",
    "keyword.py",
)  # fmt: skip
Edits = Iterator[tuple[Range, str]]


def any_place(edited: Edited, chance: Random, line: int | None = None) -> Position:
    """A place between characters, in `line` if there is one."""
    document = edited.document
    if line is None:
        line = chance.randrange(1, len(document.lines) + 2)
    text = document.line(line)
    return Position(line, len(text[: chance.randrange(len(text) + 1)].encode("utf-8", "surrogatepass")))


def near(edited: Edited, chance: Random, line: int) -> int:
    return max(1, min(line + chance.randrange(-4, 5), len(edited.document.lines) + 1))


def anything(edited: Edited, chance: Random) -> Edits:
    """Any piece for any stretch, some stretches of several lines; often near the last one."""
    place = any_place(edited, chance)
    while True:
        line = near(edited, chance, place.line) if chance.random() < 0.6 else None
        place = any_place(edited, chance, line)
        end = place
        if chance.random() < 0.4:
            end = any_place(edited, chance, place.line)
        elif chance.random() < 0.3:
            place, end = (
                Position(place.line, chance.choice([0, place.column])),
                Position(place.line + chance.randrange(9), 0),
            )
        yield Range(*sorted((place, end))), chance.choice(PIECES)


def typing(edited: Edited, chance: Random) -> Edits:
    """Pieces typed one character after another, and taken back from behind now and then."""
    while True:
        line = any_place(edited, chance).line
        place = Position(line, chance.choice([0, any_place(edited, chance, line).column]))
        edited.replace(Range(place, place), "\n")
        written: list[Position] = []
        for character in chance.choice(PIECES) + chance.choice(PIECES):
            yield Range(place, place), character
            written.append(place)
            place = (
                Position(place.line + 1, 0)
                if character in "\r\n"
                else Position(place.line, place.column + len(character.encode()))
            )
            if chance.random() < 0.2:
                yield Range(written[-1], place), ""
                place = written.pop()


def breaking(edited: Edited, chance: Random) -> Edits:
    """Something is opened, other edits follow while it is open, and then it is mended."""
    while True:
        opener = chance.choice(OPENERS)
        place = any_place(edited, chance)
        yield Range(place, place), opener
        for _ in range(chance.randrange(5)):
            before = len(edited.document.lines)
            other = any_place(edited, chance)
            if other.line != place.line:
                yield Range(other, other), chance.choice(PIECES)
                if other < place:
                    place = Position(place.line + len(edited.document.lines) - before, place.column)
        end = Position(
            place.line + opener.count("\n"), len(opener.rpartition("\n")[2]) + (0 if "\n" in opener else place.column)
        )
        if edited.document.slice(Range(place, end)) == opener:
            yield Range(place, end), ""


def moving(edited: Edited, chance: Random) -> Edits:
    """Lines cut, pasted, indented and dedented."""
    while True:
        first = any_place(edited, chance).line
        stretch = Range.of(first, 0, first + chance.randrange(1, 20), 0)
        text = edited.document.slice(stretch)
        match chance.randrange(4):
            case 0:
                yield stretch, ""
                place = Position(any_place(edited, chance).line, 0)
                yield Range(place, place), text
            case 1:
                yield stretch, "".join("    " + line for line in text.splitlines(keepends=True))
            case 2:
                yield stretch, "".join(line.removeprefix("    ") for line in text.splitlines(keepends=True))
            case _:
                yield stretch, text.replace("\n", chance.choice(["\r\n", "\r", "\n"]))


@pytest.mark.parametrize("kind", [anything, typing, breaking, moving])
@pytest.mark.parametrize("name", FILES)
def test_after_any_edits_the_chunks_are_those_of_the_text(
    name: str, kind: Callable[[Edited, Random], Edits], fuzz_edits: int
) -> None:
    text = stdlib(name)
    for seed in range((fuzz_edits + 19) // 20):
        edited, chance = Edited(text), Random(f"{name} {kind.__name__} {seed}")
        edits = kind(edited, chance)
        for number in range(20):
            edited.replace(*next(edits))
            edited.check(trees=number % 10 == 0)


LINES = (
    "x = 1\n", "def f():\n", "class A:\n", "class A: pass\n", "@d\n", "# c\n", "\n", "if x:\n", "else:\n", "'''", '"""',
    "(", ")", "'", "\\\n", "\f", "\r", "é", ";", "\t", "return\n", "async ", "x", "\\", " ", "@(\n", "lambda: (\n", ":",
    "{", "import os\n", "\ufeff",
)  # fmt: skip
SMALL = st.lists(
    st.tuples(st.sampled_from(["", "", "    ", "    ", "        ", "  "]), st.sampled_from(LINES)), max_size=12
)


@given(
    SMALL,
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 12), SMALL.filter(lambda new: len(new) < 4)), max_size=4),
)
def test_after_edits_of_a_small_text_the_chunks_are_those_of_the_text(
    text: list[tuple[str, str]], edits: list[tuple[int, int, list[tuple[str, str]]]]
) -> None:
    edited = Edited("".join(map("".join, text)))
    edited.check()
    for offset, length, new in edits:
        whole = edited.document.text
        start = offset % (len(whole) + 1)
        places = []
        for end in (start, min(start + length, len(whole))):
            lines = split_lines(whole[:end] + "x")
            places.append(Position(len(lines), len(lines[-1][:-1].encode())))
        edited.replace(Range(*places), "".join(map("".join, new)))
        edited.check()
