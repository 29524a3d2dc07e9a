"""The ladder for code that a model has written: which rung it falls from."""

import pytest

from chatbt.rewriting.fix import Edit
from chatbt.source.document import Range
from chatbt.verification.generated import RUNGS
from chatbt.verification.ladder import Rung
from chatbt.workspace.trial import attempt_generated
from tests.orchestrator.subjects import checker_of

TEXT = """\
import os


class Shop:
    rate = 1

    def add(self, item, *, count=1):
        # one by one
        for _ in range(count):
            self._put(item)

    def _put(self, item):
        print(item)


def load(path):
    return os.path.exists(path)
"""


def fall(first: int, last: int, text: str) -> Rung | None:
    """The rung that lines `first` to `last` fall from with another text in their place."""
    edit = Edit(Range.of(first, 0, last + 1, 0), text)
    trial = attempt_generated(checker_of(TEXT), [edit])
    return trial.fall.rung if trial.fall else None


@pytest.mark.parametrize(
    ("first", "last", "text", "rung"),
    [
        (10, 10, "            self._put((item, 1))\n", None),
        (13, 13, "        self._show(item)\n\n    def _show(self, item):\n        print(item)\n", None),
        (17, 17, "    from pathlib import Path\n    return Path(path).exists()\n", None),
        (10, 10, "            self._put(item\n", Rung.PARSES),
        (8, 8, "", Rung.COMMENTS_KEPT),
        (
            17,
            17,
            "    try:\n        return os.path.exists(path)\n    except:\n        return False\n",
            Rung.NOTHING_NEW,
        ),
        (7, 7, "    def add(self, item, count=1):\n", Rung.SAME_FACE),
        (7, 7, "    @staticmethod\n    def add(self, item, *, count=1):\n", Rung.SAME_FACE),
        (12, 12, "    def _place(self, item):\n", Rung.SAME_FACE),
        (5, 5, "    rate = 1\n    more = 2\n", Rung.SAME_FACE),
        (17, 17, "    import numpy\n    return numpy.load(path)\n", Rung.ONLY_STANDARD),
        (17, 17, "    from . import other\n    return other.load(path)\n", Rung.ONLY_STANDARD),
    ],
)
def test_generated_code_falls_from_its_rung(first: int, last: int, text: str, rung: Rung | None) -> None:
    assert fall(first, last, text) is rung


def test_the_rungs_stand_in_the_order_in_which_they_are_climbed() -> None:
    assert (RUNGS[0], RUNGS[-1]) == (Rung.PARSES, Rung.ONLY_STANDARD)
