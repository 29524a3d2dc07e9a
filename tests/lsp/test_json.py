"""Messages come and go whatever text an editor holds."""

import pytest

from chatbt.lsp import json


@pytest.mark.parametrize("value", [{"a": [1, "é🎉", None]}, "x\ud800", {"\udfff": ["\ud83c"]}])
def test_a_value_survives_the_way_there_and_back(value: object) -> None:
    assert json.loads(json.dumps(value)) == value


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'"\\u12"', b'["\\ud800"', b'{"a": "\\ud800"}' * 2])
def test_what_is_no_json_is_told(body: bytes) -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_what_is_nested_too_deeply_is_told() -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(b'["\\ud800",' + b"[" * 1_000_000 + b"]" * 1_000_001)
