"""What the rules say about ten popular packages: findings per 1,000 lines, and samples to read.

    python -m tests.bench.noise [--packages click rich] [--sample 20 FILE] [--rule CC001 …] [--seed 1] [--json
        PATH]

The packages' wheels are downloaded, at the versions named below, into the user's cache directory, and `chatbt
check` runs over their sources with its default rules (a wheel carries no configuration). `--sample N FILE`
writes up to N findings of each rule, drawn with the seed, each with the code around it, into a text file: a
verdict is for the reader to write behind `verdict:`.
"""

from __future__ import annotations

import random
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import orjson

from tests.bench import report, tools
from tests.bench.lspclient import Json

PACKAGES = {
    "celery": "5.7.0",
    "click": "8.5.1",
    "django": "5.2.19",
    "flask": "3.1.3",
    "httpx": "0.28.1",
    "networkx": "3.6.1",
    "requests": "2.34.2",
    "rich": "15.0.0",
    "scrapy": "2.19.0",
    "sphinx": "9.0.4",
}
BEFORE, AFTER = 6, 10


def unpacked(name: str) -> Path:
    """The package's sources, downloaded once."""
    target = tools.cache_directory("packages") / f"{name}-{PACKAGES[name]}"
    if not target.exists():
        wheels = tools.cache_directory("wheels")
        wanted = f"{name}=={PACKAGES[name]}"
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ]
        command += ["--only-binary", ":all:", "--python-version", "3.11", "--dest", str(wheels), wanted]
        subprocess.run(command, check=True)
        wheel = next(wheels.glob(f"{name}-{PACKAGES[name]}-*.whl"))
        partial = target.with_name(f"{target.name}.partial")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(partial)
        partial.rename(target)
    return target


def check(tree: Path) -> list[Json]:
    """Every finding, as `chatbt check --output-format json` reports it."""
    command = [*tools.OURS, "check", "--no-cache", "--exit-zero", "--output-format", "json", str(tree)]
    with tools.empty_world() as (root, environment):
        done = subprocess.run(command, check=False, cwd=root, env=environment, capture_output=True)
    if done.returncode:
        raise SystemExit(
            f"chatbt check {tree.name} ended with {done.returncode}:\n{done.stderr.decode()[-2000:]}"
        )
    findings: list[Json] = orjson.loads(done.stdout)
    return findings


def lines_of(tree: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in tree.rglob("*.py"))


def sample(findings: list[Json], count: int, seed: int) -> list[Json]:
    """Up to `count` findings of each rule, by rule and place; the same seed draws the same ones."""
    by_rule: dict[str, list[Json]] = defaultdict(list)
    for finding in sorted(findings, key=place):
        by_rule[finding["code"] or "syntax error"].append(finding)
    chosen = []
    for rule in sorted(by_rule):
        of_rule = by_rule[rule]
        chosen += sorted(random.Random(f"{seed} {rule}").sample(of_rule, min(count, len(of_rule))), key=place)
    return chosen


def place(finding: Json) -> tuple[str, int, int]:
    return finding["filename"], finding["location"]["row"], finding["location"]["column"]


def shown(finding: Json) -> str:
    """A finding with the code around it; `>` marks the lines it covers."""
    path = Path(finding["filename"])
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    first, last = finding["location"]["row"], finding["end_location"]["row"]
    fix = (finding.get("fix") or {}).get("applicability", "no fix")
    head = (
        f"{finding['code']} {path}:{first}:{finding['location']['column']} ({fix})\n  {finding['message']}\n"
    )
    numbers = range(max(1, first - BEFORE), min(len(lines), max(last, first) + AFTER) + 1)
    body = "\n".join(f"{'>' if first <= n <= last else ' '} {n:5} {lines[n - 1]}" for n in numbers)
    return f"{head}{body}\nverdict:\n"


def main() -> None:
    options = report.parser(__doc__)
    options.add_argument("--packages", nargs="+", choices=PACKAGES, default=list(PACKAGES))
    options.add_argument("--sample", nargs=2, metavar=("N", "FILE"))
    options.add_argument("--rule", nargs="+", help="only these rules are sampled")
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    findings: list[Json] = []
    counts: dict[str, Counter[str]] = {}
    lines: dict[str, int] = {}
    for name in arguments.packages:
        tree = unpacked(name)
        found = check(tree)
        findings += found
        lines[name] = lines_of(tree)
        counts[name] = Counter(finding["code"] or "syntax error" for finding in found)
    total = sum(lines.values())
    by_rule = sum(counts.values(), Counter[str]())
    report.show(report.heading(f"Findings per 1,000 lines, {len(lines)} packages, {total:,} lines"))
    report.show(
        report.table(
            ["package", "lines", "findings", "per 1,000 lines"],
            [
                [
                    f"{name} {PACKAGES[name]}",
                    f"{lines[name]:,}",
                    f"{counts[name].total():,}",
                    f"{counts[name].total() * 1000 / lines[name]:.2f}",
                ]
                for name in lines
            ],
        )
        + "\n"
    )
    report.show(
        report.table(
            ["rule", "findings", "per 1,000 lines", "packages"],
            [
                [
                    rule,
                    f"{count:,}",
                    f"{count * 1000 / total:.3f}",
                    str(sum(rule in of for of in counts.values())),
                ]
                for rule, count in [*sorted(by_rule.items()), ("all", by_rule.total())]
            ],
        )
        + "\n"
    )
    if arguments.sample:
        count, path = int(arguments.sample[0]), Path(arguments.sample[1])
        wanted = [f for f in findings if arguments.rule is None or f["code"] in arguments.rule]
        chosen = sample(wanted, count, arguments.seed)
        path.write_text("\n".join(map(shown, chosen)), encoding="utf-8")
        report.show(f"{len(chosen)} findings to read in {path}")
    report.show(f"recorded in {report.record('noise', arguments, {'lines': lines, 'findings': counts})}")


if __name__ == "__main__":
    main()
