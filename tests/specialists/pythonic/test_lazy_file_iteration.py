"""Lines that come one by one are the lines that came all at once, whatever the bytes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.specialists.behaviour import outcome, safely_fixed

BYTES = st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\xff", "é".encode(), b" "]), max_size=8).map(b"".join)


@pytest.mark.parametrize(
    ("options", "use"),
    [
        ("'rb'", "for x in file.readlines(): fails(x)"),
        ("errors='replace'", "for x in file.readlines(): effect(x)"),
        (
            "encoding='latin-1'",
            "for x in file.readlines():\n            if effect(x) == 'a': return 1",
        ),
        ("encoding='utf-8'", "return [x.rstrip() for x in file.readlines() if x]"),
        ("encoding='utf-8'", "return {x.lower(): x.split('a') for x in file.readlines() if not x.endswith('a')}"),
    ],
)
def test_the_same_is_done_with_the_same_lines(options: str, use: str, tmp_path: Path) -> None:
    before = f"def f(path):\n    with open(path, {options}) as file:\n        {use}\n"
    after = safely_fixed("PY032", before)
    path = tmp_path / "lines"

    @settings(max_examples=60)
    @given(BYTES)
    def compare(content: bytes) -> None:
        path.write_bytes(content)
        assert outcome(after, (str(path),)) == outcome(before, (str(path),))

    compare()
