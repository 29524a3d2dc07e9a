"""A file on the disk: its text as Python reads it, and how the text becomes bytes again."""

import io
import os
import stat
import tempfile
import tokenize
from dataclasses import dataclass
from pathlib import Path


class UnreadableError(Exception):
    """Why a file is no Python text or cannot be written, for the user; `line` is where, if it is in a line."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The content of a file: `text` keeps its line endings, `encoding` is Python's name (utf-8-sig: with a mark)."""

    path: Path
    raw: bytes
    text: str
    encoding: str

    def write(self, text: str) -> None:
        """Put `text` in the file's place, in one step, with its encoding and mode.

        UnreadableError if the file has changed since it was read or the text does not fit its encoding; OSError.
        """
        try:
            raw = text.encode(self.encoding)
        except UnicodeEncodeError as error:
            said = f"{error.object[error.start]!r} cannot be written in the file's encoding, {self.encoding}"
            raise UnreadableError(said) from error
        path = self.path.resolve()  # through a link: the link stays one
        if path.read_bytes() != self.raw:
            raise UnreadableError("it was changed while it was being fixed; nothing was written")
        _replace(path, raw)


def read(path: Path) -> SourceFile:
    """Read a file as Python would. UnreadableError says why that is not possible."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})") from error
    return decoded(path, raw)


def decoded(path: Path, raw: bytes) -> SourceFile:
    """The text of `raw`, which the file at `path` holds. UnreadableError if Python could not decode it."""
    encoding = _encoding(raw)
    try:
        return SourceFile(path, raw, raw.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        said = f"line {line} is not {encoding} (byte 0x{raw[error.start]:02x})"
        raise UnreadableError(f"{said}; save it as UTF-8, or name its encoding in line 1", line) from error


def _encoding(raw: bytes) -> str:
    """The encoding that the first lines name, or UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    except SyntaxError as error:
        if not any(b"coding" in line for line in raw.split(b"\n", 2)[:2]):
            return "utf-8"
        raise UnreadableError(f"cannot be decoded ({error.msg})", 1) from error
    return encoding


def _replace(path: Path, raw: bytes) -> None:
    """Exchange the content of a file so that there is never half of it on the disk."""
    status = path.stat()
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except PermissionError:  # a folder where nothing can be made, but the file may be written
        path.write_bytes(raw)
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        if hasattr(os, "chown"):
            _keep_owner(name, status)
        Path(name).chmod(stat.S_IMODE(status.st_mode))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _keep_owner(name: str, status: os.stat_result) -> None:
    try:
        os.chown(name, status.st_uid, status.st_gid)
    except PermissionError:
        return  # another's file: it becomes ours, as with any editor that replaces files
