"""The whole bench: loads, measures, and tells."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

import torch
import transformers
from transformers.utils import logging

from chatbt.dsde.bench.batches import batches
from chatbt.dsde.bench.engines import COPIES, PLAIN, Pair
from chatbt.dsde.bench.figures import best
from chatbt.dsde.bench.low import low, sizes
from chatbt.dsde.bench.options import Options
from chatbt.dsde.bench.plot import svg
from chatbt.dsde.bench.prompts import IDENTIFIERS, prompts
from chatbt.dsde.bench.runners import ASSISTED, TRANSFORMERS
from chatbt.dsde.bench.singles import singles
from chatbt.dsde.models.config import read_config


def run(options: Options) -> dict[str, Any]:
    """The report: plain data, and `Spread`s."""
    quiet: Any = logging
    quiet.set_verbosity_error()
    quiet.disable_progress_bar()
    torch.set_num_threads(options.threads)
    context = read_config(options.target)[0].context
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.target, local_files_only=True)
    longest = min(context, 2048) - options.tokens - 1
    asked = [
        prompt for group in options.sets for prompt in prompts(group, options.prompts, tokenizer, longest, options.seed)
    ]
    strange = prompts(IDENTIFIERS, options.prompts, tokenizer, longest, options.seed)
    room = max(len(prompt.tokens) for prompt in (*asked, *strange)) + options.tokens + 1
    pair = Pair(options.target, options.draft, options.device, options.dtype, room, options.clock)
    report: dict[str, Any] = {
        "machine": machine(options),
        "options": {name: str(value) if isinstance(value, Path) else value for name, value in asdict(options).items()},
        "models": {
            name: sizes(folder) for name, folder in (("target", options.target), ("draft", options.draft)) if folder
        },
        "prompt tokens": {
            group: [len(prompt.tokens) for prompt in asked if prompt.group == group] for group in options.sets
        },
    }
    if "singles" in options.tables:
        report["singles"] = singles(options, pair, asked)
    if "low" in options.tables:
        report["low"] = low(options, pair, asked[:: max(1, len(options.sets) // 2)], strange)
    if "batches" in options.tables:
        report["batches"] = batches(options, pair, asked)
    return report


def machine(options: Options) -> dict[str, Any]:
    """What the figures are of."""
    cuda = torch.cuda.get_device_name() if options.device.startswith("cuda") else ""
    return {
        "processor": cuda or _processor(),
        "cores": os.cpu_count(),
        "threads": options.threads,
        "clock": options.clock,
        "dtype": options.dtype,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def bars(report: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """What the plot shows: tokens a second at batch 1."""
    shown: dict[str, dict[str, float]] = {}
    for group, rows in report["singles"]["sets"].items():
        lengths = {name: row["seconds"] for name, row in rows.items() if name.startswith("fixed") and "," not in name}
        names = {
            TRANSFORMERS: TRANSFORMERS,
            ASSISTED: ASSISTED,
            PLAIN: "ours, plain",
            COPIES: "ours, copies only",
            **({best(lengths): "ours, best fixed length"} if lengths else {}),
            "dsde": "ours, DSDE",
        }
        shown[group] = {
            label: rows[name]["tokens"] / median(rows[name]["seconds"]) for name, label in names.items() if name in rows
        }
    return shown


def write(report: Mapping[str, Any], as_json: Path | None, as_plot: Path | None) -> None:
    """The report's files."""
    if as_json is not None:
        as_json.write_text(json.dumps(report, indent=1, default=asdict) + "\n", encoding="utf-8")
    if as_plot is not None and "singles" in report:
        as_plot.write_text(svg(bars(report), "Tokens a second, one prompt at a time"), encoding="utf-8")
