"""The steps of making the pair, one after the other: data, tokenizer, train, evaluate, export."""

import argparse
import logging
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "pair"
CASES = ROOT / "tests" / "specialists"


def main(arguments: list[str] | None = None) -> int:
    """Run one step."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where working files are kept")
    parser.add_argument("--seed", type=int, default=1)
    steps = parser.add_subparsers(dest="step", required=True)
    data = steps.add_parser("data", help="make instances of the patterns, and texts of them")
    data.add_argument("--each", type=int, default=150, help="instances of each pattern")
    data.add_argument("--held-out", type=int, default=10, help="held-out instances of each pattern")
    data.add_argument("--only-texts", action="store_true", help="take the instances that are there")
    steps.add_parser("tokenizer", help="train the tokenizer on the texts, and encode them")
    train = steps.add_parser("train", help="train a model, from its newest checkpoint on")
    train.add_argument("which", choices=("target", "draft"))
    train.add_argument("--steps", type=int, default=2000)
    train.add_argument("--batch", type=int, default=8, help="rows of 512 tokens")
    train.add_argument("--threads", type=int, default=2)
    train.add_argument("--adamw", action="store_true", help="AdamW for the matrices too")
    train.add_argument("--no-compile", action="store_true")
    train.add_argument("--run", default="", help="the run's name; else the model's")
    train.add_argument("--rate", type=float, default=3e-3)
    train.add_argument("--matrix-rate", type=float, default=6e-3)
    train.add_argument("--heard", type=float, default=0.3, help="the weight of what the user says")
    train.add_argument("--teacher", default="", help="the run to learn from, for a draft")
    evaluate = steps.add_parser("evaluate", help="judge what a model says of held-out instances")
    evaluate.add_argument("run", help="the run's name")
    evaluate.add_argument("--count", type=int, default=500)
    evaluate.add_argument("--draft", default="", help="a draft's run, whose agreement is measured")
    evaluate.add_argument("--threads", type=int, default=2)
    export = steps.add_parser("export", help="write the pair as transformers loads it")
    export.add_argument("folder", type=Path, help="where to: gets the folders target and draft")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stdout)
    os.nice(19 - os.nice(0))
    # Threads that wait must not spin: other work shares the cores. Read when torch is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    chosen.cache.mkdir(parents=True, exist_ok=True)
    _STEPS[chosen.step](chosen)
    return 0


def _data(chosen: argparse.Namespace) -> None:
    from training import instances
    from training.data import read, texts_of, write
    from training.names import library_files

    file = chosen.cache / "instances.jsonl.gz"
    log = logging.getLogger("training")
    if not chosen.only_texts:
        made = instances.make(
            seed=chosen.seed, each=chosen.each, held_out=chosen.held_out, cases=CASES, files=instances.default_files()
        )
        log.info("%d instances", write(file, (one.as_dict() for one in made)))
    known = [instances.Instance.of(one) for one in read(file)]
    texts = texts_of([one for one in known if not one.held_out], library_files(), seed=chosen.seed)
    written = write(
        chosen.cache / "texts.jsonl.gz", ({"prefix": one.prefix, "branches": one.branches} for one in texts)
    )
    log.info("%d texts", written)


def _tokenizer(chosen: argparse.Namespace) -> None:
    from training import tokenizer
    from training.compose import Text
    from training.data import as_string, encode, read

    log = logging.getLogger("training")
    texts = [Text(one["prefix"], tuple(map(tuple, one["branches"]))) for one in read(chosen.cache / "texts.jsonl.gz")]
    trained = tokenizer.train(as_string(one) for one in texts[:12_000])
    trained.save(str(chosen.cache / "tokenizer.json"))
    tokens = encode(texts, trained)
    tokens.save(chosen.cache / "tokens.npz")
    log.info("%d texts, %d tokens, %d said", len(tokens.starts) - 1, len(tokens.tokens), tokens.said.sum())


def _train(chosen: argparse.Namespace) -> None:
    from training.train import Plan, start

    plan = Plan(
        steps=chosen.steps, batch=chosen.batch, muon=not chosen.adamw, rate=chosen.rate, seed=chosen.seed,
        matrix_rate=chosen.matrix_rate, heard=chosen.heard,
    )  # fmt: skip
    start(
        chosen.which, chosen.cache / (chosen.run or chosen.which), chosen.cache / "tokens.npz", plan,
        threads=chosen.threads, compiled=not chosen.no_compile,
        teacher=chosen.cache / chosen.teacher / "checkpoint.pt" if chosen.teacher else None,
    )  # fmt: skip


def _evaluate(chosen: argparse.Namespace) -> None:
    import torch

    from training.data import read
    from training.evaluate import agreement, explain_all, report, to_read
    from training.evaluate import chosen as pick
    from training.export import export
    from training.instances import Instance

    torch.set_num_threads(chosen.threads)
    log = logging.getLogger("training")
    folders = {}
    for run in filter(None, (chosen.run, chosen.draft)):
        folders[run] = chosen.cache / run / "exported"
        told = export(chosen.cache / run / "checkpoint.pt", chosen.cache / "tokenizer.json", folders[run])
        log.info("%s: %s", run, told)
    instances = [Instance.of(one) for one in read(chosen.cache / "instances.jsonl.gz")]
    asked = pick(instances, chosen.count, chosen.seed)
    plain = explain_all(folders[chosen.run], asked, renamed=False)
    said = explain_all(folders[chosen.run], asked, renamed=True)
    (chosen.cache / chosen.run / "said.txt").write_text(to_read(said), encoding="utf-8")
    figures = f"Asked under pseudonyms, as ChatBT asks:\n{report(said)}\n\nUnder the code's own names:\n{report(plain)}"
    if chosen.draft:
        share, count = agreement(folders[chosen.run], folders[chosen.draft], said)
        figures += f"\nthe draft's likeliest token is the target's: {share:.1%} of {count}"
    (chosen.cache / chosen.run / "report.txt").write_text(figures + "\n", encoding="utf-8")
    sys.stdout.write(figures + "\n")


def _export(chosen: argparse.Namespace) -> None:
    from training.data import Tokens, read
    from training.export import export, write_card

    told = {}
    for which in ("target", "draft"):
        checkpoint = chosen.cache / which / "checkpoint.pt"
        told[which] = export(checkpoint, chosen.cache / "tokenizer.json", chosen.folder / which)
    tokens = Tokens.load(chosen.cache / "tokens.npz")
    data = {
        "instances": sum(not one["held_out"] for one in read(chosen.cache / "instances.jsonl.gz")),
        "tokens": len(tokens.tokens),
        "said": int(tokens.said.sum()),
    }
    write_card(chosen.folder, told, (chosen.cache / "target" / "report.txt").read_text(encoding="utf-8"), data)


_STEPS = {"data": _data, "tokenizer": _tokenizer, "train": _train, "evaluate": _evaluate, "export": _export}

if __name__ == "__main__":
    sys.exit(main())
