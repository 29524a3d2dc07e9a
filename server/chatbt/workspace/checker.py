"""The incremental checker: the findings of one open text, brought up to date edit by edit.

Findings are a function of the text and the profile alone. An edit costs its chunks, and the chunks that had asked for a
meaning that it changed.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from chatbt.analysis.compile import compile_fault
from chatbt.analysis.module import Module, View
from chatbt.analysis.summary import summarise
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
    """What is known of a chunk, never changed once its patterns have run.

    `key` names it in the module, `owner` is the key of its class's header, or 0. `suggestions` is None until asked for.
    """

    key: int
    owner: int
    walked: Walked
    view: View
    suppressions: tuple[Suppression, ...]
    fault: Fault | None
    reports: list[Report] = field(default_factory=list)
    suggestions: list[Report] | None = None


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the garbage collector from going over a tree again and again while it grows; all of it is kept."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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

    def suggestions(self, chunk: Chunk) -> list[Report]:
        """What the patterns find that run on demand."""
        state = self._states[chunk]
        if state.suggestions is None:
            if state.view.module is not self._module:  # shared with the checker that this one was forked from
                state = self._states[chunk] = self._walk(chunk, state.owner, state.key)
                state.reports = run(state.walked, self.profile.table)
            state.suggestions = run(state.walked, self.profile.suggestions, state.reports)
        return state.suggestions

    def _build(self) -> None:
        with no_collection():
            self._units = all_units(self.document.lines)
            self._module = Module()
            self._states = {}
            for unit in self._units:
                for chunk in unit.chunks:
                    owner = self._states[chunk.owner].key if chunk.owner is not None else 0
                    state = self._states[chunk] = self._walk(chunk, owner, next(_numbers))
                    self._module.add(state.key, summarise(state.walked), owner)
            for state in self._states.values():
                self._run(state)

    def fork(self) -> "Checker":
        """An independent checker of the same text. What is known of the chunks is shared: it never changes."""
        other = object.__new__(Checker)
        other.document, other.profile = self.document, self.profile
        other._module = self._module.copy()
        copies: dict[Chunk, Chunk] = {}
        other._units = [unit.copy(copies) for unit in self._units]
        other._states = {copies[chunk]: state for chunk, state in self._states.items()}
        return other

    def take_over(self) -> None:
        """Own the chunks that are shared with the checker that this one was forked from, which is of no use then."""
        for state in self._states.values():
            state.view.module = self._module

    def _exchange(self, gone: Iterable[Chunk], come: list[Chunk]) -> None:
        """Analyse what came; analyse again what depended on what went or came."""
        old = [self._states.pop(chunk) for chunk in gone]
        known = {(id(state.walked.parsed), state.owner): state for state in old}
        fresh: dict[Chunk, State] = {}
        for chunk in come:
            owner = self._states[chunk.owner].key if chunk.owner is not None else 0
            state = known.pop((id(chunk.parsed), owner), None)
            if state is None:
                state = fresh[chunk] = self._walk(chunk, owner, next(_numbers))
            self._states[chunk] = state
        changed: set[tuple[object, ...]] = set()
        kept = {state.key for state in self._states.values()} if old else set()
        for state in old:
            if state.key not in kept:
                changed |= self._module.replace(state.key, None)
        for state in fresh.values():
            changed |= self._module.replace(state.key, summarise(state.walked), state.owner)
        if changed:
            for chunk, state in self._states.items():
                if chunk not in fresh and self._has_new_answers(state, changed):
                    fresh[chunk] = self._walk(chunk, state.owner, state.key)
        for chunk, state in fresh.items():
            self._run(state)
            self._states[chunk] = state

    def _run(self, state: State) -> None:
        state.view.asked.clear()  # what the walk asked had no answer yet
        state.reports = run(state.walked, self.profile.table)

    def _has_new_answers(self, state: State, changed: set[tuple[object, ...]]) -> bool:
        asked = state.view.asked
        return not changed.isdisjoint(asked) and any(
            self._module.answer(key, state.key) != answer for key, answer in asked.items() if key in changed
        )

    def _walk(self, chunk: Chunk, owner: int, key: int) -> State:
        view = View(self._module, key, key if chunk.parsed.role == "header" else owner)
        walked = walk(chunk.parsed, self.profile.file, self.profile.interest, view)
        fault = chunk.parsed.fault or compile_fault(walked)
        return State(key, owner, walked, view, suppressions(chunk.parsed.text), fault)
