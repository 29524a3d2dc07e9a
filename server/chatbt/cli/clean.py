"""Delete the cache of what was checked."""

import argparse
from argparse import Namespace
from pathlib import Path

from chatbt.cli.options.refusal import RefusalError
from chatbt.cli.output.say import say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cache-dir", metavar="DIR", help="where the cache is (default: in the user's cache folder)")


def run(options: Namespace) -> int:
    from chatbt.workspace.cache import cache_files, cache_folder

    folder = Path(options.cache_dir) if options.cache_dir else cache_folder()
    files = cache_files(folder)
    try:
        for file in files:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise RefusalError(f"{error.filename}: cannot be deleted ({error.strerror})") from error
    say(f"Deleted {len(files)} files of the cache in {folder}." if files else f"There is no cache in {folder}.")
    return 0
