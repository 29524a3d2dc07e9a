"""The last say on a fix: what holds for every one, whoever wrote it (G5)."""

from collections import Counter

from chatbt.analysis.places import comments_within
from chatbt.analysis.walk import Walked
from chatbt.rewriting.fix import Fix


def settle(fix: Fix, walked: Walked) -> Fix | None:
    """The fix, or None if an edit drops a comment that no edit's text carries: the ladder would refuse it."""
    carried = "".join(edit.text for edit in fix.edits)
    touched = Counter(one.text for edit in fix.edits for one in comments_within(edit.stretch, walked))
    lost = any(carried.count(comment) < count for comment, count in touched.items())
    return None if lost else fix
