"""A pytest plugin that writes the outcome of each test, by its whole id, to the file that `TELL_OUTCOMES` names.

It is read by the tests of other packages, in an environment of theirs, and so knows nothing of this one. What pytest
itself can say of each test (`-rA`) takes it hours for many of them, and does not tell where an id ends.
"""

import json
import os
from pathlib import Path

import pytest

# Of what a test is told to be, the last one counts: it may pass and then fail to tidy up.
_KINDS = ("passed", "skipped", "xfailed", "xpassed", "failed", "error")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the file; the processes that run tests side by side have no terminal, and do not come here."""
    told = {report.nodeid: kind for kind in _KINDS for report in terminalreporter.stats.get(kind, ())}
    Path(os.environ["TELL_OUTCOMES"]).write_text(json.dumps(told), encoding="utf-8")
