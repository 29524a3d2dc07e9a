"""The command line. Every module of this folder is a subcommand, every package is something they share.

A subcommand's docstring is its help, its `arguments(parser)` says what it takes, its `run(options)` does it and gives
the exit status: 0 all is well, 1 there are findings, 2 it could not be done. Only the one that is asked for is
imported, and what is heavy only in its `run`.
"""

import os
import sys
from collections.abc import Sequence

INTERRUPTED = 130  # what shells say of a program that Ctrl-C ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    if list(given) in (["lsp"], ["lsp", "--stdio"]):
        # An editor waits for the first answer: what reads a command line is not even imported.
        from chatbt.lsp.start import serve_editor

        serve_editor()
    from chatbt.cli.options.dispatch import dispatch

    try:
        status = dispatch(given)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter must not complain while it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
