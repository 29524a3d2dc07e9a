"""Files as Python reads them, and written back as they were."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbt.workspace.check_reading import UnreadableError, decoded, read

ANY = Path("a.py")


@given(st.text(st.characters(codec="utf-8")), st.sampled_from(["utf-8", "utf-8-sig"]))
def test_what_is_decoded_is_encoded_to_the_same_bytes(text: str, encoding: str) -> None:
    text = "x = 1\n\n" + text.removeprefix("\ufeff")
    raw = text.encode(encoding)
    file = decoded(ANY, raw)
    assert (file.text, file.text.encode(file.encoding)) == (text, raw)


def test_the_first_two_lines_name_the_encoding() -> None:
    assert decoded(ANY, b"#!/usr/bin/python\n# -*- coding: latin-1 -*-\n# \xe9\n").text.endswith("# é\n")


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        (b"\xff\n", 1, "line 1 is not utf-8 (byte 0xff)"),
        (b"\n\n\xc3(\n", 3, "line 3 is not utf-8 (byte 0xc3)"),
        (b"# coding: ascii\n\xe9\n", 2, "line 2 is not ascii (byte 0xe9)"),
        (b"# coding: nothing-like-it\n", 1, "cannot be decoded (unknown encoding: nothing-like-it)"),
        (b"\xef\xbb\xbf# coding: latin-1\n", 1, "cannot be decoded (encoding problem: utf-8)"),
    ],
)
def test_what_python_could_not_decode_is_refused_with_its_line(raw: bytes, line: int, said: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        decoded(ANY, raw)
    assert str(refused.value).startswith(said)
    assert refused.value.line == line


def test_a_character_that_does_not_fit_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"# coding: ascii\n")
    with pytest.raises(UnreadableError, match="'é' cannot be written in the file's encoding, ascii"):
        read(path).write("# é\n")
    assert path.read_bytes() == b"# coding: ascii\n"


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"x = 1\n")
    file = read(path)
    path.write_bytes(b"x = 2\n")
    with pytest.raises(UnreadableError, match="it was changed while it was being fixed"):
        file.write("x = 3\n")
    assert path.read_bytes() == b"x = 2\n"


def test_nothing_is_left_behind_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"x = 1\n")
    file = read(path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "chown", full)
    with pytest.raises(OSError, match="No space left"):
        file.write("x = 2\n")
    assert [one.name for one in tmp_path.iterdir()] == ["a.py"]
    assert path.read_bytes() == b"x = 1\n"
