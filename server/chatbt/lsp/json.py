"""Messages from and to JSON: by orjson, which is fast, and by Python's own where orjson is too strict.

An editor may hold half of a character (a lone surrogate) and send it escaped. To leave such a message out would be to
lose an edit.
"""

import json
from typing import Any

import orjson

JSONDecodeError = json.JSONDecodeError


def loads(body: bytes) -> Any:
    """The value that JSON stands for. JSONDecodeError if it is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        if b"\\u" not in body:
            raise
    try:
        return json.loads(body)
    except RecursionError as error:
        raise JSONDecodeError(str(error), "", 0) from error


def dumps(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value).encode()
