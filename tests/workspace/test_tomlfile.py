import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from chatbt.workspace.tomlfile import key_lines, read_toml

TEXT = '''\
# [not.a.table]
top = 1
[tool.chatbt]
select = [
    "CC001",  # not = "a key"
    'CC002',
]
text = """
inside = 1
"""
raw = \'\'\'
[inside]
\'\'\'
dotted.key = {x = 1, "y z" = [{q = 2}, 3], after.all = 4}
"quoted = key" = 1
[tool.chatbt."per-file-ignores"]
"tests/**" = ["CC001"]
[[array]]
first = 1
[last]
end = 1'''


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("top",), 2),
        (("tool", "chatbt"), 3),
        (("tool", "chatbt", "select"), 4),
        (("tool", "chatbt", "text"), 8),
        (("tool", "chatbt", "raw"), 11),
        (("tool", "chatbt", "dotted", "key"), 14),
        (("tool", "chatbt", "dotted", "key", "x"), 14),
        (("tool", "chatbt", "dotted", "key", "y z", "q"), 14),
        (("tool", "chatbt", "dotted", "key", "after", "all"), 14),
        (("tool", "chatbt", "quoted = key"), 15),
        (("tool", "chatbt", "per-file-ignores", "tests/**"), 17),
        (("array",), 18),
        (("array", "first"), 19),
        (("last", "end"), 21),
    ],
)
def test_a_key_is_found_on_its_line(keys: tuple[str, ...], line: int) -> None:
    assert key_lines(TEXT)[keys] == line


def paths(table: Mapping[str, object], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in table.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from paths(value, (*above, key))


def test_every_key_of_a_real_file_is_found() -> None:
    pyproject = read_toml(Path(__file__).parents[2] / "pyproject.toml")
    lines = pyproject.text.splitlines()

    for path in paths(pyproject.data):
        line = pyproject.line(path)
        assert line is not None
        assert path[-1] in lines[line - 1] or path in {("project",), ("tool",)}


def test_nothing_but_keys_is_taken_for_one() -> None:
    assert not any("inside" in path or "not" in path for path in key_lines(TEXT))


def test_an_item_is_found_on_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(TEXT)
    file = read_toml(tmp_path / "a.toml")

    assert file.line(("tool", "chatbt", "select"), "CC002") == 6
    assert file.line(("tool", "chatbt", "per-file-ignores"), "tests/**") == 17


def test_an_item_is_not_looked_for_beyond_its_key(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('one = ["a"]\ntwo = ["b"]\n')

    assert read_toml(tmp_path / "a.toml").line(("one",), "b") == 1


def test_a_table_that_only_its_keys_make_is_where_the_first_of_them_is(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('\nseverity.CC001 = "error"\nseverity.CC002 = "hint"\n')

    assert read_toml(tmp_path / "a.toml").line(("severity",)) == 2


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'\xef\xbb\xbfa = 1\r\n[b]\r\nc = ["d",\r\n"e"]\r\n')
    file = read_toml(tmp_path / "a.toml")

    assert file.data == {"a": 1, "b": {"c": ["d", "e"]}}
    assert file.line(("b", "c"), "e") == 4


@pytest.mark.parametrize(
    ("content", "problem", "line"),
    [
        (b"a = 1\nb = \n", r"not valid TOML \(.+, column 5\)", 2),
        (b"a = 1\nb", r"not valid TOML \(.+, at the end of the file\)", 2),
        (b"a = 1\nb = '\xff'", r"not UTF-8 \(byte 0xff\)", 2),
        (b"a = '\0'", r"not valid TOML \(.+ character '\\x00', column 6\)", 1),
    ],
)
def test_a_broken_file_says_what_is_wrong_and_where(tmp_path: Path, content: bytes, problem: str, line: int) -> None:
    (tmp_path / "a.toml").write_bytes(content)
    file = read_toml(tmp_path / "a.toml")

    assert re.fullmatch(problem, file.problem or "")
    assert file.problem_line == line
    assert not file.data


@pytest.mark.parametrize("content", [b"a = " + b"[" * 100_000, b"a = " + b"9" * 10_000])
def test_a_file_beyond_the_parsers_limits_is_a_problem_not_a_crash(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.toml").write_bytes(content)

    assert (read_toml(tmp_path / "a.toml").problem or "").startswith("not valid TOML")


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    assert read_toml(tmp_path / "a.toml").problem == "cannot be read (No such file or directory)"


def test_a_folder_in_the_place_of_a_file_says_so(tmp_path: Path) -> None:
    assert read_toml(tmp_path).problem == "cannot be read (Is a directory)"
