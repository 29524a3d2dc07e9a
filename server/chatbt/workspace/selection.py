"""Which rules lists of selectors leave on. The one algorithm for our own rules and for ruff's codes.

ruff's semantics (docs.astral.sh/ruff/settings, `lint.select`, `extend`): within one file the more specific
selector wins and `ignore` wins a tie; a file that selects starts anew, one that does not refines what it
extends.
"""

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple


class Selection(NamedTuple):
    """The selectors of one configuration file, of the client, or of the command line."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def selected(
    selections: Iterable[Selection],
    default: Collection[str],
    enables: Callable[[str], Collection[str]],
    disables: Callable[[str], Collection[str]],
    rank: Callable[[str], int],
) -> frozenset[str]:
    """The ids that are on, after all selections from the base to the nearest.

    `enables` and `disables` give the ids that a selector stands for (a preview rule may be one that it turns
    off but not on); `rank` is higher for the more specific selector.
    """
    on = set(default)
    carried: tuple[str, ...] = ()
    for selection in selections:
        ignore = selection.ignore + carried
        carried = ()
        verdicts: dict[str, bool] = {}
        select = (selection.select or ()) + selection.extend_select
        # A stable sort: at the same rank what disables comes after what enables, and so wins.
        for selector, enable in sorted(
            [(selector, True) for selector in select] + [(selector, False) for selector in ignore],
            key=lambda pair: rank(pair[0]),
        ):
            verdicts.update(dict.fromkeys(enables(selector) if enable else disables(selector), enable))
        if selection.select is not None:
            on.clear()
            if not selection.select:
                carried = ignore
        on.update(rule for rule, enable in verdicts.items() if enable)
        on.difference_update(rule for rule, enable in verdicts.items() if not enable)
    return frozenset(on)
