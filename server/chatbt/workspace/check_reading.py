"""A file's text, as Python would read it."""

import io
import tokenize
from pathlib import Path


def read(path: Path) -> str:
    raw = path.read_bytes()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    return raw.decode(encoding)
