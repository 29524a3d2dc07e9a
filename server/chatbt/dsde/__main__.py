"""The command line of the engine as a library: `python -m chatbt.dsde bench`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m chatbt.dsde", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    _bench(commands.add_parser("bench", help="measure the engine beside transformers, and its policies"))
    from chatbt.dsde.bench import shapes

    shapes.arguments(commands.add_parser("bench-gpu", help="measure pairs in the shapes of real models"))
    chosen = parser.parse_args(arguments)
    return shapes.main(chosen) if chosen.command == "bench-gpu" else _measure(chosen, parser)


def _bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--target", type=Path, help="folder of the model (default: the bundled one)")
    parser.add_argument("--draft", type=Path, help="folder of its draft (default: the bundled one's)")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", default="float32", choices=("float32", "bfloat16", "float16"))
    parser.add_argument("--sets", nargs="+", help="explanations, completions, rewrites, questions (default: all)")
    parser.add_argument("--tables", nargs="+", choices=("singles", "low", "batches"), help="(default: all)")
    parser.add_argument("--policies", nargs="+", default=[], help="(default: all)")
    parser.add_argument("--tokens", type=int, default=96, help="of an answer, at most")
    parser.add_argument("--prompts", type=int, default=6, help="of each set, at most")
    parser.add_argument("--rounds", type=int, default=3, help="repeats")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--clock", default="wall", choices=("wall", "cpu"), help="cpu: processor time, where others want the processor"
    )
    parser.add_argument("--quick", action="store_true", help="little of everything: does it run?")
    parser.add_argument("--json", type=Path, help="write the report here")
    parser.add_argument("--plot", type=Path, help="write bars as SVG here")


def _measure(chosen: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    from chatbt.dsde.bench.options import Options
    from chatbt.dsde.bench.prompts import SETS
    from chatbt.dsde.bench.run import run, write
    from chatbt.dsde.bench.tables import lines
    from chatbt.dsde.bundled import bundled_pair
    from chatbt.dsde.errors import DsdeError

    target, draft = chosen.target, chosen.draft
    if target is None and (bundled := bundled_pair()) is not None:
        target, draft = bundled[0], draft or bundled[1]
    if target is None:
        parser.error("--target is needed: there is no bundled pair here")
    if unknown := set(chosen.sets or ()) - {*SETS}:
        parser.error(f"--sets: {', '.join(sorted(unknown))} is not known; known are {', '.join(SETS)}")
    options = Options(
        target,
        draft,
        device=chosen.device,
        dtype=chosen.dtype,
        sets=tuple(chosen.sets or SETS),
        tokens=chosen.tokens,
        prompts=chosen.prompts,
        rounds=chosen.rounds,
        threads=chosen.threads,
        seed=chosen.seed,
        clock=chosen.clock,
        policies=tuple(chosen.policies),
        tables=tuple(chosen.tables or ("singles", "low", "batches")),
    )
    try:
        report = run(options.quick() if chosen.quick else options)
    except DsdeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(lines(report)) + "\n")
    write(report, chosen.json, chosen.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
