"""Python versions: which one the code is written for, as far as configuration and project say."""

import re

Version = tuple[int, int]

OLDEST: Version = (3, 8)
NEWEST: Version = (3, 14)

_TARGET = re.compile(r"py(\d)(\d{1,3})")
_CLAUSE = re.compile(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*v?(\d+(?:\.\d+)*)(\.\*)?[\w.+-]*\s*")


def as_target(version: Version) -> str:
    """The version as `target-version` spells it, e.g. py311."""
    return f"py{version[0]}{version[1]}"


def parse_target(text: str) -> Version | None:
    """The version that a spelling such as py311 names, known or not; None if it is no such spelling."""
    match = _TARGET.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def clamp(version: Version) -> Version:
    """The nearest version that can be a target."""
    return min(max(version, OLDEST), NEWEST)


Clause = tuple[str, tuple[int, ...], bool]


def clauses(specifiers: str) -> list[Clause] | None:
    """The clauses of a PEP 440 range as (operator, release, ends in `.*`); None if it is no such range."""
    found: list[Clause] = []
    for part in specifiers.split(","):
        if not part.strip():
            continue
        match = _CLAUSE.fullmatch(part)
        if match is None:
            return None
        found.append((match[1], tuple(int(number) for number in match[2].split(".")), match[3] is not None))
    return found


def admits(ranges: list[Clause], release: tuple[int, ...]) -> bool:
    """Whether a release (major, minor, micro) is in the range that these clauses give."""
    return all(_holds(clause, release) for clause in ranges)


def _holds(clause: Clause, release: tuple[int, ...]) -> bool:
    operator, bound, wildcard = clause
    full = (*bound, 0, 0, 0)[: len(release)]
    match operator:
        case ">=":
            return release >= full
        case ">":
            return release > full
        case "<=":
            return release <= full
        case "<":
            return release < full
        case "~=":
            return release >= full and release[: len(bound) - 1] == bound[:-1]
        case _:
            same = release[: len(bound)] == bound if wildcard else release == full
            return same is not (operator == "!=")


def lower_bound(requires_python: str) -> Version | None:
    """The oldest Python minor version that the range admits; None if it has no lower bound or is no range."""
    bounds: list[Version] = []
    left_out: set[Version] = set()
    for operator, release, wildcard in clauses(requires_python) or ():
        minor = (release[0], release[1] if len(release) > 1 else 0)
        if operator in (">=", ">", "==", "===", "~="):
            bounds.append(minor)
        elif operator == "!=" and wildcard and len(release) == 2:
            left_out.add(minor)
    if not bounds:
        return None
    oldest = max(bounds)
    while oldest in left_out:
        oldest = (oldest[0], oldest[1] + 1)
    return oldest
