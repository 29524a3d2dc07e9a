"""What a speaker says: the model's words once they are checked, and cards where there are none."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import TypeVar

from chatbt.engine.client import Client
from chatbt.engine.errors import EngineError
from chatbt.orchestrator.speaker import Piece, Rewrite, Speaker
from chatbt.rewriting.apply import apply
from chatbt.source.document import Range
from tests.orchestrator.server import Script, saying
from tests.orchestrator.subjects import ADD, FOREIGN, GOOD, checker_of, subject_in

T = TypeVar("T")
FIRST = Range.of(1, 0, 1, 0)


@asynccontextmanager
async def speaking(script: Script | None) -> AsyncIterator[Speaker]:
    """A speaker with a server, or with no engine at all."""
    client = script.client() if script is not None else None

    async def reach() -> Client:
        if client is None:
            raise EngineError("no engine is running")
        return client

    speaker = Speaker(reach)
    yield speaker
    speaker.close()
    if client is not None:
        await client.close()


async def collected(pieces: AsyncGenerator[T, None]) -> list[T]:
    return [piece async for piece in pieces]


def all_of(script: Script | None, said: Callable[[Speaker], AsyncGenerator[T, None]]) -> list[T]:
    async def told() -> list[T]:
        async with speaking(script) as speaker:
            return await collected(said(speaker))

    return asyncio.run(told())


def last_of(script: Script | None, said: Callable[[Speaker], AsyncGenerator[Piece, None]]) -> Piece:
    return all_of(script, said)[-1]


def test_an_explanation_grows_and_comes_with_its_figures() -> None:
    with saying(GOOD) as script:
        pieces = all_of(script, lambda speaker: speaker.explain(subject_in(ADD, "CC001")))
    assert [piece.final for piece in pieces].count(True) == 1
    assert GOOD.startswith(pieces[0].text)
    assert pieces[-1] == Piece(GOOD, True, "model", "", {"completion_tokens": 7, "attempts": 1})


def test_what_fails_the_checks_is_written_once_more_with_chance() -> None:
    with saying(FOREIGN, GOOD) as script:
        last, counted, _ = counted_of(script)
    assert (last.text, last.source) == (GOOD, "model")
    assert [one["temperature"] for one in script.asked] == [0.0, 0.7]
    assert counted == {("explanation", "regenerated"): 1}


def test_what_fails_twice_is_left_out_and_the_card_says_so() -> None:
    with saying(FOREIGN) as script:
        last, counted, failed = counted_of(script)
    assert (last.source, counted) == ("card", {("explanation", "card"): 1})
    assert "`basket_of_fruit`" in last.note and "basket_of_fruit" not in last.text
    assert "Mutable default argument" in last.text
    assert len(script.asked) == 2
    assert failed["names"] == 2


def counted_of(script: Script) -> tuple[Piece, Counter[tuple[str, str]], Counter[str]]:
    """An explanation, and how it was counted."""

    async def told() -> tuple[Piece, Counter[tuple[str, str]], Counter[str]]:
        async with speaking(script) as speaker:
            pieces = await collected(speaker.explain(subject_in(ADD, "CC001")))
            return pieces[-1], speaker.outcomes.counted, speaker.outcomes.failed

    return asyncio.run(told())


def test_a_text_without_an_end_fails() -> None:
    with saying(GOOD, finish="length") as script:
        last = last_of(script, lambda speaker: speaker.explain(subject_in(ADD, "CC001")))
    assert last.source == "card" and "cut off" in last.note


def test_without_an_engine_the_card_stands_there_with_a_sentence() -> None:
    last = last_of(None, lambda speaker: speaker.explain(subject_in(ADD, "CC001")))
    assert last.source == "card" and last.final
    assert last.note == "No model speaks here: no engine is running."
    assert last.text.startswith("Every call that leaves out `bucket` shares this list.")


def test_an_answer_that_breaks_off_gives_way_to_the_card() -> None:
    with saying(GOOD, breaks=True) as script:
        *grown, last = all_of(script, lambda speaker: speaker.explain(subject_in(ADD, "CC001")))
    assert grown and grown[0].source == "model"
    assert last.source == "card" and "closed the connection in the middle" in last.note


def test_an_explanation_is_kept_for_the_same_code_only() -> None:
    async def told() -> None:
        subject = subject_in(ADD, "CC001")
        async with speaking(script) as speaker:
            assert speaker.ready(subject) is None
            await collected(speaker.explain(subject))
            found = speaker.ready(subject_in("import os\n\n\n" + ADD, "CC001"))
            assert found is not None and found.text == GOOD
            assert speaker.ready(subject_in(ADD.replace("append", "add"), "CC001")) is None
            await collected(speaker.explain(subject))

    with saying(GOOD) as script:
        asyncio.run(told())
    assert len(script.asked) == 1


def test_two_who_ask_at_once_share_an_explanation() -> None:
    async def both() -> list[list[Piece]]:
        subject = subject_in(ADD, "CC001")
        async with speaking(script) as speaker:
            return await asyncio.gather(*(collected(speaker.explain(subject)) for _ in range(2)))

    with saying(GOOD) as script:
        one, other = asyncio.run(both())
    assert one[-1] == other[-1]
    assert len(script.asked) == 1


def test_what_grows_shows_its_finished_sentences_and_goes_when_nobody_follows() -> None:
    async def told() -> None:
        subject = subject_in(ADD, "CC001")
        async with speaking(script) as speaker:
            async with aclosing(speaker.explain(subject)) as pieces:
                await anext(pieces)
                found = speaker.ready(subject)
                assert found is not None and not found.final
                assert found.text == "Python makes the list once. …"
            await asyncio.sleep(0)
            assert speaker.ready(subject) is None

    pause = threading.Event()
    with saying(
        "Python makes the list once. And " + "all calls share the list that `bucket` is.", pause=pause
    ) as script:
        asyncio.run(told())
        pause.set()


def test_a_question_for_nobody_is_said_to_be_so_and_no_model_is_asked() -> None:
    with saying(GOOD) as script:
        last = last_of(script, lambda speaker: speaker.answer("how do I centre a div in CSS?", None, None))
    assert last.text.startswith("No specialist of ChatBT can answer this:")
    assert script.asked == []


def test_the_bundled_pair_answers_on_a_finding_in_the_words_that_it_knows() -> None:
    with saying("Never without a look: the default of `bucket` is made once.") as script:
        last = last_of(
            script, lambda speaker: speaker.answer("would it be safe to apply that fix?", checker_of(ADD), FIRST)
        )
    assert last.source == "model"
    (message,) = script.asked[0]["messages"]
    assert message["content"].endswith("```\nIs the fix safe?")


def test_the_bundled_pair_answers_from_the_page_where_there_is_no_finding() -> None:
    with saying(GOOD) as script:
        last = last_of(script, lambda speaker: speaker.answer("how do I split a list into chunks?", None, None))
    assert last.source == "card" and "`SL006`" in last.text and "findings only" in last.note
    assert script.asked == []


def test_another_model_is_asked_with_the_pages_and_the_code() -> None:
    with saying("Use `itertools.batched`.", model="coder-7b") as script:
        last = last_of(script, lambda speaker: speaker.answer("how do I split a list into chunks?", None, None))
    assert last.text == "Use `itertools.batched`."
    system, user = script.asked[0]["messages"]
    assert system["role"] == "system" and "SL006" in system["content"]
    assert user["content"].endswith("The question: how do I split a list into chunks?")


def test_a_conversation_goes_on_from_what_it_was_about() -> None:
    async def told() -> list[Piece]:
        checker = checker_of(ADD)
        async with speaking(script) as speaker:
            await collected(speaker.answer("why is my list shared by all calls?", checker, FIRST, conversation="one"))
            return await collected(speaker.answer("and why?", None, None, conversation="one"))

    with saying(GOOD, model="coder-7b") as script:
        last = asyncio.run(told())[-1]
    assert last.text == GOOD
    turns = [one["role"] for one in script.asked[1]["messages"]]
    assert turns == ["system", "user", "assistant", "user"]


def test_a_review_lists_the_gravest_first_and_explains() -> None:
    text = 'greeting = f"hello"\n' + ADD + "assert (1, 'no')\n"
    with saying(GOOD) as script:
        last = last_of(script, lambda speaker: speaker.review(checker_of(text)))
    assert last.text.index("CC001") < last.text.index("CC012")
    assert "findings: " in last.text
    assert GOOD in last.text and "CC012" in last.text


def test_a_file_without_findings_is_reviewed_without_a_model() -> None:
    last = last_of(None, lambda speaker: speaker.review(checker_of("x = 1\n")))
    assert (last.text, last.note) == ("Nothing was found.", "")


def rewritten(text: str, wish: str, *said: str, model: str = "coder-7b") -> tuple[Rewrite, str, Script]:
    """What comes of a wish for the function in line 1, and the text after it."""
    checker = checker_of(text)
    with saying(*(said or ("",)), model=model) as script:
        *_, last = all_of(script, lambda speaker: speaker.rewrite(checker, FIRST, wish))
    assert isinstance(last, Rewrite)
    return last, apply(checker.document, last.edits).text, script


TRIES = 'def load(path):\n    # the whole file\n    return open(path, encoding="utf-8").read()\n\n\nx = load("a")\n'
BETTER = """\
Here it is:
```python
def load(path):
    # the whole file
    with open(path, encoding="utf-8") as file:
        return file.read()
```
"""


def test_a_model_rewrites_a_function_and_it_climbs_the_ladder() -> None:
    made, after, _ = rewritten(TRIES, "handle what the system may refuse", BETTER)
    assert (made.source, made.refused) == ("model", "")
    assert made.climbed[-1] == "nothing new is imported but the standard library"
    assert after == BETTER.removeprefix("Here it is:\n```python\n").removesuffix("```\n") + '\n\nx = load("a")\n'


def test_a_rewrite_is_refused_with_the_rung_and_the_reason() -> None:
    for change, reason in (
        ((("def load(path)", "def load(path, mode)"),), "the signature of `load` would change"),
        ((("    # the whole file\n", ""),), "the comment `# the whole file` would be lost"),
        ((("    with", "    import requests\n    with"),), "`requests` would be imported"),
        ((("def load", "def other"),), "`load` would be gone"),
    ):
        text = BETTER
        for old, new in change:
            text = text.replace(old, new)
        made, after, _ = rewritten(TRIES, "handle what the system may refuse", text)
        assert reason in made.refused and after == TRIES, made


def test_an_answer_that_is_no_code_is_refused() -> None:
    made, after, script = rewritten(TRIES, "handle what the system may refuse", "I would rather not do that!")
    assert made.edits == () and "no Python code" in made.refused and after == TRIES
    assert len(script.asked) == 2


LOOP = "def names(items):\n    found = []\n    for item in items:\n        found.append(item.name)\n    return found\n"


def test_the_bundled_pair_makes_the_fixes_that_there_are() -> None:
    made, after, script = rewritten(LOOP, "make this more Pythonic", model="bundled")
    assert (made.source, made.refused) == ("fixes", "")
    assert made.applied and "append" not in after
    assert script.asked == []


def test_the_bundled_pair_says_that_it_cannot_rewrite_freely() -> None:
    made, _, script = rewritten("def f(a):\n    return a + 1\n", "add logging everywhere", model="bundled")
    assert made.edits == () and "cannot rewrite freely" in made.refused
    assert script.asked == []


def test_code_that_does_not_parse_is_not_rewritten() -> None:
    made, _, _ = rewritten("def f(:\n    pass\n", "make this more Pythonic", model="bundled")
    assert "does not parse" in made.refused
