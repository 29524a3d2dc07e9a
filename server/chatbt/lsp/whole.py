"""The diagnostics of a workspace's files on the disk, found by a process of its own that leaves the machine to others.

As a program (`python -m chatbt.lsp.whole`) it reads one `Order` from standard input and writes a line of JSON for each
file; it ends when it is done or its reader leaves.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from chatbt.analysis.finding import Severity
from chatbt.lsp.client import Client, Json
from chatbt.lsp.diagnostics import as_diagnostic
from chatbt.lsp.folders import Folders
from chatbt.lsp.uris import to_uri
from chatbt.source.document import Document, Encoding, Position, Range
from chatbt.specialists.registry import patterns
from chatbt.workspace.cache import Cache, cache_folder
from chatbt.workspace.check import check
from chatbt.workspace.check_reading import UnreadableError, read
from chatbt.workspace.check_result import Record
from chatbt.workspace.configuration import Configuration
from chatbt.workspace.discover import discover
from chatbt.workspace.settings import Settings


class Order(NamedTuple):
    """What to check: the client's `initialize` parameters, its settings, and the URIs of the workspace folders."""

    initialize: Json
    settings: Json
    folders: list[str]


class Found(NamedTuple):
    """A file's diagnostics."""

    uri: str
    items: list[Json]


async def check_folders(order: Order) -> AsyncIterator[Found]:
    """The diagnostics of every file, as they are found. Leaving the loop ends the process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 26
    )
    if process.stdin is None or process.stdout is None:
        return
    try:
        process.stdin.write(orjson.dumps(order._asdict()))
        process.stdin.close()
        async for line in process.stdout:
            yield Found(*orjson.loads(line))
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


# ---- in the process


def main() -> None:
    order = Order(**orjson.loads(sys.stdin.buffer.read()))
    if hasattr(os, "nice"):
        os.nice(10)
    with suppress(BrokenPipeError):
        for found in _found(order):
            sys.stdout.buffer.write(orjson.dumps(found, option=orjson.OPT_APPEND_NEWLINE))
            sys.stdout.buffer.flush()


def _found(order: Order) -> Iterator[tuple[str, list[Json]]]:
    client = Client.of(order.initialize)
    folders = Folders(order.folders, order.settings)
    cache = Cache(cache_folder())
    seen: set[Path] = set()
    for root, configuration in folders.configurations():
        files = discover([root], partial(_settings, configuration)).files
        fresh = [path for path in files if path.suffix != ".ipynb" and path not in seen]
        seen.update(fresh)
        for result in check(fresh, configuration, cache, nice=True):
            shown = [record for record in result.records if record.shown]
            yield to_uri(result.path), diagnostics_of(Path(result.path), shown, client, folders.docs_url)


def _settings(configuration: Configuration, folder: Path) -> Settings:
    return configuration.for_directory(folder).settings


def diagnostics_of(path: Path, records: Sequence[Record], client: Client, docs_url: str | None) -> list[Json]:
    """A file's findings as diagnostics; the file is read again for the client's columns."""
    if not records:
        return []
    try:
        document = Document.from_text(to_uri(path), read(path).text)
    except UnreadableError:
        document = Document.from_text(to_uri(path), "")
    return [_diagnostic(record, document, client, docs_url) for record in records]


def _diagnostic(record: Record, document: Document, client: Client, docs_url: str | None) -> Json:
    def place(row: int, column: int, end_row: int, end_column: int) -> Json:
        edges = ((row, column), (end_row, end_column))
        start, end = (document.from_client(line - 1, point - 1, Encoding.POINTS) for line, point in edges)
        return _range(document, Range(start, end), client.encoding)

    pattern = patterns().get(record.code)
    related = [((document.uri, place(*one[:2], *one[:2])), one[2]) for one in record.related]
    return as_diagnostic(
        place(record.row, record.column, record.end_row, record.end_column),
        record.code,
        record.name,
        record.message,
        Severity(record.severity),
        pattern,
        related,
        client,
        docs_url,
    )


def _range(document: Document, stretch: Range, encoding: Encoding) -> Json:
    def edge(position: Position) -> dict[str, Any]:
        line, character = document.to_client(position, encoding)
        return {"line": line, "character": character}

    return {"start": edge(stretch.start), "end": edge(stretch.end)}


if __name__ == "__main__":
    main()
