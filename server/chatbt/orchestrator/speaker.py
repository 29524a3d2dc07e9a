"""Explanations, answers, reviews and rewrites: what a window or a command asks of the models."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from chatbt.engine.client import Client
from chatbt.engine.errors import EngineError
from chatbt.engine.shapes import Message, Outcome
from chatbt.orchestrator import rewrites
from chatbt.orchestrator.bearing import Bearing, bearing, further
from chatbt.orchestrator.card import card_text, page_text
from chatbt.orchestrator.checks import speakable
from chatbt.orchestrator.conversations import Conversations
from chatbt.orchestrator.explanations import Explanations, Growing, key_of, so_far
from chatbt.orchestrator.grounding.ground import Ground, Subject, ground_of
from chatbt.orchestrator.outcomes import Outcomes
from chatbt.orchestrator.reaching import Reached, reached
from chatbt.orchestrator.reviewing import by_importance, in_short, listed
from chatbt.orchestrator.rewrites import Rewrite
from chatbt.orchestrator.routing import NONE, route
from chatbt.orchestrator.saying import Piece, Wish, say, without_model
from chatbt.orchestrator.styles import Topic, style_of
from chatbt.orchestrator.styles.bundled import Bundled
from chatbt.orchestrator.styles.full import Full
from chatbt.source.document import Range
from chatbt.specialists.pattern import Pattern
from chatbt.workspace.checker import Checker

__all__ = ["Piece", "Rewrite", "Speaker", "Subject"]

BEHIND = 10
"""The priority of what nobody waits for."""
_LONGEST_ANSWER, _LONGEST_CODE = 400, 900
_PYTHON = (3, 12)
"""What code is for that stands in no file."""
_EXPLAINED = 3
"""Findings of a review that a small model explains."""


class Speaker:
    """What one window or one command says. Owns its explanations and its conversations."""

    def __init__(self, client: Callable[[], Awaitable[Client]]) -> None:
        """`client` reaches the engine, and may start it; it raises `EngineError` where it cannot."""
        self._client = client
        self._model = ""
        self._explanations = Explanations()
        self._conversations = Conversations()
        self.outcomes = Outcomes()

    def close(self) -> None:
        """End all that is being written."""
        self._explanations.close()

    # ---- explanations

    def ready(self, subject: Subject) -> Piece | None:
        """What there is of an explanation now: the whole, or the sentences that are finished. Never waits."""
        if not self._model or subject.pattern is None:
            return None
        found = self._explanations.get(key_of(subject, self._model))
        return so_far(found.piece) if found is not None and found.piece is not None else None

    async def explain(self, subject: Subject, *, priority: int = 0) -> AsyncGenerator[Piece, None]:
        """The explanation of a finding as it grows. Two who ask for the same share it; the whole is kept for `ready`.

        What nobody waits for is asked for with a `priority` of `BEHIND`.
        """
        if subject.pattern is None:
            yield Piece(card_text(subject), True, "card", "What does not parse is not explained by a model.")
            return
        try:
            engine = await self._reached()
        except EngineError as error:
            yield Piece(card_text(subject), True, "card", without_model(error))
            return
        async with aclosing(self._growing(engine, subject, priority).follow()) as pieces:
            async for piece in pieces:
                yield piece

    def _growing(self, engine: Reached, subject: Subject, priority: int) -> Growing:
        def written() -> AsyncIterator[Piece]:
            ground = ground_of(subject.checker, subject.problem)
            style = style_of(engine.model)
            wish = _wish(style.explain(ground), "explanation", [ground], [], lambda: card_text(subject))
            wish = replace(wish, priority=priority, names_of=style.names(ground), briefly=_briefly.explain(ground))
            return say(engine.client, wish, self.outcomes)

        return self._explanations.grow(key_of(subject, engine.model), written)

    async def _reached(self) -> Reached:
        """The engine and its model. Raises `EngineError` where there is none."""
        found = await reached(await self._client())
        self._model = found.model
        return found

    # ---- answers

    async def answer(
        self, question: str, checker: Checker | None, place: Range | None, *, conversation: str | None = None
    ) -> AsyncGenerator[Piece, None]:
        """The answer to a question, about a place in the text of `checker` if there is one.

        Questions of one `conversation` may go on from each other.
        """
        talk = self._conversations.get(conversation)
        found = route(question, checker, place)
        about = bearing(found, checker, place) if found.specialist != NONE else talk.follows(question)
        if about is None:
            nobody = f"No specialist of ChatBT can answer this: {found.reason}."
            yield Piece(nobody, True, "card")
            return
        last = None
        async with aclosing(self._answered(question, about, checker, place, talk.messages)) as pieces:
            async for piece in pieces:
                last = piece
                yield piece
        if last is not None and last.final:
            talk.add(question, last.text, about)

    async def _answered(
        self, question: str, about: Bearing, checker: Checker | None, place: Range | None, history: list[Message]
    ) -> AsyncGenerator[Piece, None]:
        def known() -> str:
            first = about.subjects[0] if about.subjects else None
            own = first is not None and first.pattern is about.cards[0]
            text = card_text(first) if first is not None and own else page_text(about.cards[0])
            return _joined(text, further(about, text))

        try:
            engine = await self._reached()
        except EngineError as error:
            yield Piece(known(), True, "card", without_model(error))
            return
        style = style_of(engine.model)
        grounds = [ground_of(one.checker, one.problem) for one in about.subjects]
        if not style.free and (not grounds or grounds[0].problem.id != about.cards[0].id):
            note = "The bundled pair speaks of findings only: this is what the pattern's page says."
            yield Piece(known(), True, "card", note)
            return
        code = checker.document.slice(place) if checker is not None and place is not None else ""
        target = checker.profile.file.target if checker is not None else _PYTHON
        topic = Topic(question, grounds, about.cards, code, target, history)
        wish = _wish(
            style.ask(topic), "answer", grounds, about.cards, known, question, code, *(one.content for one in history)
        )
        if grounds:
            wish = replace(wish, names_of=style.names(grounds[0]), briefly=_briefly.ask(topic))
        wish = replace(wish, max_tokens=_LONGEST_ANSWER)
        async with aclosing(say(engine.client, wish, self.outcomes)) as pieces:
            async for piece in pieces:
                if piece.final and piece.source == "model" and not style.free:
                    piece = replace(piece, text=_joined(piece.text, further(about, piece.text)))
                yield piece

    # ---- reviews

    async def review(self, checker: Checker) -> AsyncGenerator[Piece, None]:
        """The findings of a file by importance, then prose."""
        found = by_importance(checker)
        head = listed(found)
        plain = _joined(head, in_short(found))
        patterned = [one for one in found if one.pattern is not None]
        if not patterned:
            yield Piece(plain, True, "card")
            return
        yield Piece(head)
        try:
            engine = await self._reached()
        except EngineError as error:
            yield Piece(plain, True, "card", without_model(error))
            return
        style = style_of(engine.model)
        if not isinstance(style, Full):
            async with aclosing(self._explained(engine, patterned[:_EXPLAINED], plain)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        grounds = [ground_of(one.checker, one.problem) for one in patterned[:10]]
        cards = list(dict.fromkeys(one.pattern for one in patterned if one.pattern))
        wish = _wish(style.review(head, cards), "review", grounds, cards, lambda: in_short(found), head)
        async with aclosing(say(engine.client, replace(wish, max_tokens=_LONGEST_ANSWER), self.outcomes)) as pieces:
            async for piece in pieces:
                yield replace(piece, text=_joined(head, piece.text))

    async def _explained(self, engine: Reached, subjects: list[Subject], text: str) -> AsyncGenerator[Piece, None]:
        """The text and below it explanations of some findings, one after the other."""
        notes, figures, spoken = [], None, False
        for subject in subjects:
            line = f"**Line {subject.problem.stretch.start.line}** (`{subject.problem.id}`): "
            last = None
            async with aclosing(self._growing(engine, subject, 0).follow()) as pieces:
                async for last in pieces:
                    if not last.final:
                        yield Piece(_joined(text, line + last.text))
            if last is None:
                continue
            figures = last.figures or figures
            if last.source == "model":
                text, spoken = _joined(text, line + last.text), True
            else:
                notes.append(last.note)
        yield Piece(text, True, "model" if spoken else "card", "" if spoken else next(iter(notes), ""), figures)

    # ---- rewrites

    async def rewrite(self, checker: Checker, place: Range, wish: str) -> AsyncGenerator[Piece | Rewrite, None]:
        """Code as it is written for a wish, and last what came of it."""
        stretch = rewrites.stretch_of(checker, place)
        if any(
            chunk.start < stretch.last and stretch.first <= chunk.stop and state.fault is not None
            for chunk, state in checker.chunks()
        ):
            yield Rewrite(refused="The code does not parse: mend that first.")
            return
        fixed = rewrites.own_fixes(checker, stretch, wish)
        try:
            engine = await self._reached()
        except EngineError as error:
            yield rewrites.own(checker, fixed, without_model(error))
            return
        style = style_of(engine.model)
        if not isinstance(style, Full):
            cannot = "The bundled pair cannot rewrite freely: `chatbt model pull` gets a model that can."
            yield rewrites.own(checker, fixed, "" if fixed is not None else cannot)
            return
        document = fixed.checker.document if fixed is not None else checker.document
        stretch = rewrites.moved(stretch, checker.document, document)
        code = stretch.code(document)
        messages = style.rewrite(code, wish, checker.profile.file.target, [])
        if messages is None:
            yield rewrites.own(
                checker, fixed, f"The code is too long for the model: {stretch.last - stretch.first} lines."
            )
            return
        asked = _wish(messages, "rewrite", [], [], str, code, wish)
        asked = replace(asked, max_tokens=_LONGEST_CODE, check=rewrites.rewrite_failures, is_settled=False)
        async with aclosing(say(engine.client, asked, self.outcomes)) as pieces:
            async for piece in pieces:
                if not piece.final:
                    yield piece
                elif piece.source == "card":
                    yield rewrites.own(checker, fixed, piece.note)
                else:
                    new = rewrites.replaced(document, stretch, rewrites.written(piece.text))
                    made = replace(rewrites.climbed(checker, new, fixed), figures=piece.figures)
                    outcome = (
                        Outcome("rewrite", "refused", ("ladder",)) if made.refused else Outcome("rewrite", "shown")
                    )
                    await self.outcomes.note(engine.client, outcome)
                    yield made


_briefly = Bundled(renamed=False)


def _wish(
    messages: list[Message], purpose: str, grounds: list[Ground], cards: Sequence[Pattern], instead: Callable[[], str],
    *known: str,
) -> Wish:  # fmt: skip
    names, spoken = speakable(grounds, cards, *known)
    return Wish(messages, purpose, names, spoken, instead)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
