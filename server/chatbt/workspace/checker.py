"""The incremental checker: the findings of one open text, brought up to date edit by edit.

Findings are a function of the text and the profile alone. An edit costs its chunks, and the chunks that had asked for a
meaning that it changed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from chatbt.analysis.compile import compile_fault
from chatbt.analysis.module import Module, View, summarise
from chatbt.analysis.suppression import Suppression, suppressions
from chatbt.analysis.walk import Walked, walk
from chatbt.source.chunks import Chunk, Fault, Unit
from chatbt.source.document import Document, Range
from chatbt.source.incremental import update
from chatbt.source.whole import all_units
from chatbt.specialists.run import Report, run
from chatbt.workspace.profile import Profile

_numbers = count(1)


@dataclass(slots=True, eq=False)
class State:
    """What is known of a chunk. `key` names it in the module, `owner` is the key of its class's header, or 0."""

    key: int
    owner: int
    walked: Walked
    view: View
    suppressions: tuple[Suppression, ...]
    fault: Fault | None
    reports: list[Report] = field(default_factory=list)
    future: bool = False


class Checker:
    """The findings of one text, kept up to date."""

    def __init__(self, document: Document, profile: Profile) -> None:
        self.document = document
        self.profile = profile
        self._units: list[Unit] = []
        self._module = Module()
        self._states: dict[Chunk, State] = {}
        self._build()

    def edit(self, stretch: Range, text: str, version: int | None = None) -> None:
        """Replace a stretch of the text."""
        self.document, splice = self.document.replaced(stretch, text, version)
        change = update(self._units, self.document.lines, splice)
        self._exchange(change.gone, change.come)

    def reset(self, document: Document) -> None:
        """Take another text."""
        self.document = document
        self._build()

    def configure(self, profile: Profile) -> None:
        """Look for other things in the same text."""
        self.profile = profile
        self._build()

    def chunks(self) -> Iterator[tuple[Chunk, State]]:
        """The chunks in order, with what is known of them."""
        states = self._states
        for unit in self._units:
            for chunk in unit.chunks:
                yield chunk, states[chunk]

    def chunk_at(self, line: int) -> tuple[Chunk, State] | None:
        """The chunk that line `line` (1-based) is in."""
        return next(((chunk, state) for chunk, state in self.chunks() if chunk.start < line <= chunk.stop), None)

    def _build(self) -> None:
        self._units = all_units(self.document.lines)
        self._module = Module()
        self._states = {}
        self._exchange([], [chunk for unit in self._units for chunk in unit.chunks])

    def _exchange(self, gone: Iterable[Chunk], come: list[Chunk]) -> None:
        """Analyse what came; analyse again what depended on what went or came."""
        changed: set[tuple[object, ...]] = set()
        kept: dict[int, State] = {}
        for chunk in gone:
            state = self._states.pop(chunk)
            kept[id(chunk.parsed)] = state
        fresh: list[State] = []
        moved: set[int] = set()
        for chunk in come:
            owner = self._states[chunk.owner].key if chunk.owner is not None else 0
            old = kept.get(id(chunk.parsed))
            if old is not None and old.owner == owner and old.key not in moved:
                moved.add(old.key)
                self._states[chunk] = old
            else:
                self._states[chunk] = state = self._walk(chunk, owner)
                fresh.append(state)
        for state in kept.values():
            if state.key not in moved:
                changed |= self._module.replace(state.key, None)
        for state in fresh:
            changed |= self._module.replace(state.key, summarise(state.walked), state.owner)
        for state in fresh:
            state.reports = run(state.walked, self.profile.table)
        if changed and len(fresh) < len(self._states):
            self._again({state.key for state in fresh}, changed)

    def _again(self, fresh: set[int], changed: set[tuple[object, ...]]) -> None:
        """Run the patterns again in chunks with an answer that is not what it was."""
        for state in self._states.values():
            if state.key in fresh or changed.isdisjoint(state.view.asked):
                continue
            asked = state.view.asked
            if any(state.view.answer(key) != answer for key, answer in asked.items() if key in changed):
                asked.clear()
                state.reports = run(state.walked, self.profile.table)

    def _walk(self, chunk: Chunk, owner: int) -> State:
        key = next(_numbers)
        header = chunk.parsed.role == "header"
        view = View(self._module, key, key if header else owner)
        walked = walk(chunk.parsed, self.profile.file, self.profile.table.interest, view)
        fault = chunk.parsed.fault or compile_fault(walked)
        return State(key, owner, walked, view, suppressions(chunk.parsed.text), fault)
