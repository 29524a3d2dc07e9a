"""What people who write Python ask, too, and none of the specialists can answer.

Each line of a topic stands beside the patterns in the index. A question that one of them fits better than any pattern
is told so.
"""

from chatbt.orchestrator.elsewhere.around import TOPICS as AROUND
from chatbt.orchestrator.elsewhere.python import TOPICS as PYTHON

TOPICS = AROUND | PYTHON
