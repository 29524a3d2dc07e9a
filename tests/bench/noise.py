"""What the rules say about ten popular packages: findings per 1,000 lines, and samples to read.

    python -m tests.bench.noise [--all] [--packages click rich] [--sample 20 FILE] [--rule CC001 …] [--seed 1]
        [--json PATH]

The packages' wheels are downloaded, at the versions named below, into the user's cache directory, and `chatbt
check` runs over their sources with its default rules (a wheel carries no configuration), with `--all` the
suggestions too. `--sample N FILE` writes up to N findings of each rule, drawn with the seed, each with the code
around it, into a text file: a verdict is for the reader to write behind `verdict:`.
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


def check(tree: Path, *, everything: bool = False) -> list[Json]:
    """Every finding, as `chatbt check --output-format json` reports it."""
    command = [*tools.OURS, "check", "--no-cache", "--exit-zero", "--output-format", "json", str(tree)]
    command += ["--all"] if everything else []
    with tools.empty_world() as (root, environment):
        done = subprocess.run(command, check=False, cwd=root, env=environment, capture_output=True)
    if done.returncode:
        raise SystemExit(f"chatbt check {tree.name} ended with {done.returncode}:\n{done.stderr.decode()[-2000:]}")
    findings: list[Json] = orjson.loads(done.stdout)
    return findings


def lines_of(tree: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in tree.rglob("*.py"))


def sample(findings: list[Json], count: int, seed: int) -> list[Json]:
    """Up to `count` findings of each rule, by rule and place; the same seed draws the same ones."""
    by_rule: dict[str, list[Json]] = defaultdict(list)
    for finding in sorted(findings, key=place):
        by_rule[rule_of(finding)].append(finding)
    chosen = []
    for rule in sorted(by_rule):
        of_rule = by_rule[rule]
        chosen += sorted(random.Random(f"{seed} {rule}").sample(of_rule, min(count, len(of_rule))), key=place)
    return chosen


def rule_of(finding: Json) -> str:
    """The rule's id; a syntax error has none."""
    return finding["code"] or "syntax error"


def place(finding: Json) -> tuple[str, int, int]:
    return finding["filename"], finding["location"]["row"], finding["location"]["column"]


def shown(finding: Json) -> str:
    """A finding with the code around it; `>` marks the lines it covers."""
    path = Path(finding["filename"])
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    first, last = finding["location"]["row"], finding["end_location"]["row"]
    fix = (finding.get("fix") or {}).get("applicability", "no fix")
    head = f"{finding['code']} {path}:{first}:{finding['location']['column']} ({fix})\n  {finding['message']}\n"
    numbers = range(max(1, first - BEFORE), min(len(lines), max(last, first) + AFTER) + 1)
    body = "\n".join(f"{'>' if first <= n <= last else ' '} {n:5} {lines[n - 1]}" for n in numbers)
    return f"{head}{body}\nverdict:\n"


def tables(counts: dict[str, Counter[str]], lines: dict[str, int]) -> str:
    """Findings of each package, and of each rule over all packages."""
    total = sum(lines.values())
    by_rule = sum(counts.values(), Counter[str]())
    packages = [
        [
            f"{name} {PACKAGES[name]}",
            f"{lines[name]:,}",
            f"{found.total():,}",
            per_thousand(found.total(), lines[name]),
        ]
        for name, found in counts.items()
    ]
    rules = [
        [rule, f"{count:,}", per_thousand(count, total), str(sum(rule in found for found in counts.values()))]
        for rule, count in sorted(by_rule.items())
    ]
    rules.append(["all", f"{by_rule.total():,}", per_thousand(by_rule.total(), total), str(len(counts))])
    return "\n\n".join(
        (
            report.table(["package", "lines", "findings", "per 1,000 lines"], packages),
            report.table(["rule", "findings", "per 1,000 lines", "packages"], rules),
        )
    )


def per_thousand(count: int, lines: int) -> str:
    return f"{count * 1000 / lines:.3f}"


def main() -> None:
    options = report.parser(__doc__)
    options.add_argument("--all", action="store_true", help="suggestions too")
    options.add_argument("--packages", nargs="+", choices=PACKAGES, default=list(PACKAGES))
    options.add_argument("--sample", nargs=2, metavar=("N", "FILE"))
    options.add_argument("--rule", nargs="+", help="only these rules are sampled")
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    found = {name: check(unpacked(name), everything=arguments.all) for name in arguments.packages}
    lines = {name: lines_of(unpacked(name)) for name in found}
    counts = {name: Counter(rule_of(finding) for finding in of) for name, of in found.items()}
    report.show(report.heading(f"Findings in {len(lines)} packages, {sum(lines.values()):,} lines"))
    report.show(tables(counts, lines) + "\n")
    if arguments.sample:
        count, path = int(arguments.sample[0]), Path(arguments.sample[1])
        wanted = [f for of in found.values() for f in of if not arguments.rule or rule_of(f) in arguments.rule]
        chosen = sample(wanted, count, arguments.seed)
        path.write_text("\n".join(map(shown, chosen)), encoding="utf-8")
        report.show(f"{len(chosen)} findings to read in {path}")
    report.show(f"recorded in {report.record('noise', arguments, {'lines': lines, 'findings': counts})}")


if __name__ == "__main__":
    main()
