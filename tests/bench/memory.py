"""How much memory a process and those it started hold, from /proc."""

from __future__ import annotations

from pathlib import Path


def resident_mib(pid: int) -> float:
    """`VmRSS` summed over the process and its descendants, in MiB; a page they share counts once for each."""
    found = [pid]
    for parent in found:  # grows while it is walked: children, then theirs
        found += children(parent)
    return sum(map(resident_kib, found)) / 1024


def children(pid: int) -> list[int]:
    """The living processes that it started; none for a process that has ended."""
    try:
        return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in read(task / "children").split()]
    except OSError:
        return []


def resident_kib(pid: int) -> int:
    """0 for a process that has ended."""
    lines = read(Path(f"/proc/{pid}/status")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def read(path: Path) -> str:
    """The file's text, empty when its process or thread has just ended."""
    try:
        return path.read_text()
    except OSError:
        return ""
