"""What ruff's rule selectors stand for, as ruff 0.17.6 reads them."""

import re
from functools import cache

from chatbt.workspace import ruffrules

# Codes that ruff reads as others, from the warnings of `ruff check --isolated --select CODE`; not the oldest.
_REMAPPED = {
    "SIM111": "SIM110", "RUF004": "B026", "PIE802": "C419", "PLW0130": "B033", "RUF011": "B035",
    "TRY200": "B904", "PGH001": "S307", "PGH002": "G010", "PLR1701": "SIM101", "PLW0117": "PLW0177",
    "RUF025": "C420", "TRY302": "TRY203", "RUF035": "S704", "TCH": "TC", "TCH001": "TC001",
    "TCH002": "TC002", "TCH003": "TC003", "TCH004": "TC004", "TCH005": "TC005", "TCH006": "TC010",
    "TCH010": "TC010", "TRIO": "ASYNC1",
}  # fmt: skip

_CODE = re.compile(r"([A-Z]+)(\d*)")

CATEGORIES = frozenset(ruffrules.DEFAULT) | frozenset(ruffrules.STABLE) | frozenset(ruffrules.PREVIEW)
REMOVED = frozenset(ruffrules.REMOVED.split())


def _codes(*tables: dict[str, str]) -> frozenset[str]:
    return frozenset(code for table in tables for codes in table.values() for code in codes.split())


PREVIEW = _codes(ruffrules.PREVIEW)
STABLE_DEFAULT = _codes(ruffrules.DEFAULT)
ALL = _codes(ruffrules.DEFAULT, ruffrules.STABLE, ruffrules.PREVIEW)


@cache
def members(selector: str) -> frozenset[str] | None:
    """The codes that a selector stands for, in preview or not; None if it is none that this ruff knows.

    A name such as unused-import is not known here: a category, a code or its beginning is.
    """
    if selector == "ALL":
        return ALL
    if selector in CATEGORIES:
        tables = (ruffrules.DEFAULT, ruffrules.STABLE, ruffrules.PREVIEW)
        return frozenset(code for table in tables for code in table.get(selector, "").split())
    selector = _REMAPPED.get(selector, selector)
    code = _CODE.fullmatch(selector)
    if code is None:
        return None
    # B is flake8-bugbear (B006), not flake8-blind-except (BLE001); PL is all of pylint (PLC, PLE, PLR, PLW).
    found = frozenset(
        known for known in ALL if known.startswith(selector) and (selector == "PL" or _letters(known) == code[1])
    )
    if found or any(known.startswith(selector) and _letters(known) == code[1] for known in REMOVED):
        return found
    return None


def _letters(code: str) -> str:
    return code.rstrip("0123456789")


def rank(selector: str) -> int:
    """How specific a selector is: ALL, a category, then the longer the more."""
    if selector == "ALL":
        return 0
    return 1 if selector in CATEGORIES else 1 + len(_REMAPPED.get(selector, selector))


def default(*, preview: bool) -> frozenset[str]:
    """The codes that are on where nothing is selected."""
    if not preview:
        return STABLE_DEFAULT
    return frozenset().union(*(members(category) or () for category in ruffrules.DEFAULT_CATEGORIES))
