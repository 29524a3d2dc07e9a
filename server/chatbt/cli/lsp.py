"""Serve an editor.

Speaks the Language Server Protocol: on standard input and output, or, with --tcp or --ws, to every client that
connects.
"""

from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--stdio", action="store_true", help="on standard input and output (the default)")
    way.add_argument("--tcp", metavar="HOST:PORT", help="listen for TCP connections; without a host on 127.0.0.1")
    way.add_argument("--ws", metavar="HOST:PORT", help="listen for WebSocket connections; without a host on 127.0.0.1")
    parser.add_argument("--log-file", metavar="FILE", help="write the log to this file instead of standard error")
    parser.add_argument(
        "--log-level",
        default="warning",
        choices=("debug", "info", "warning", "error"),
        help="what is logged, from this on (default: warning)",
    )


def run(options: Namespace) -> int:
    from chatbt.cli.options.refusal import RefusalError
    from chatbt.lsp.start import address, configure_log, serve_editor, serve_sockets

    try:
        configure_log(options.log_file, options.log_level)
        if options.tcp or options.ws:
            address(options.tcp or options.ws)
    except (OSError, ValueError) as error:
        raise RefusalError(str(error)) from error
    if not (options.tcp or options.ws):
        serve_editor(options.log_file, options.log_level)
    serve_sockets(options.tcp, options.ws)
    return 0
