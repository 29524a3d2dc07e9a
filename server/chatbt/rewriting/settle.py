"""The last say on a fix's class: what holds for every fix, whoever wrote it (G5)."""

from dataclasses import replace

from chatbt.analysis.places import comments_within
from chatbt.analysis.walk import Walked
from chatbt.rewriting.fix import Fix


def settle(fix: Fix, walked: Walked) -> Fix:
    """The fix, in class review if an edit drops a comment that no edit's text carries."""
    if not fix.safe:
        return fix
    carried = "".join(edit.text for edit in fix.edits)
    for edit in fix.edits:
        if any(comment.text not in carried for comment in comments_within(edit.stretch, walked)):
            return replace(fix, safe=False)
    return fix
