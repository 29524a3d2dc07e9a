"""What became of generated texts: counted here, and told to the engine, which has them in its figures."""

from collections import Counter

from chatbt.engine.client import Client
from chatbt.engine.shapes import Outcome


class Outcomes:
    """Counts by purpose and outcome, and by the check that refused."""

    def __init__(self) -> None:
        self.counted: Counter[tuple[str, str]] = Counter()
        self.failed: Counter[str] = Counter()

    async def note(self, client: Client, outcome: Outcome) -> None:
        """Count what became of a text."""
        self.counted[outcome.purpose, outcome.outcome] += 1
        self.failed.update(outcome.failed)
        await client.outcome(outcome)
