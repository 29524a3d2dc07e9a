"""Who is decoded when, and that nobody is lost, mixed up or starved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chatbt.dsde import Engine, Event, Result, SamplingParams
from tests.dsde.decoding import at_random, decoder_of, ended, force, prompts, run, same, scheduler_of, steps, tokens
from tests.dsde.tiny import Pair, Tiny

ASKED = [*prompts(6, seed=2), [7, 8, 9, 10] * 10, [*([7, 8, 9, 10] * 10), 11, 12], [*range(1, 290)]]
LONGEST = 12
GREEDY = SamplingParams(max_tokens=LONGEST, ignore_eos=True)
LONG = SamplingParams(max_tokens=200, ignore_eos=True)


@pytest.fixture(scope="module")
def expected(pair: Pair) -> list[tuple[int, ...]]:
    """Plain answers to `ASKED`."""
    return tokens(Engine.from_pretrained(pair.target, ngram=False, prefixes=0).generate(ASKED, GREEDY))


def live(engine: Engine) -> list[int]:
    """The requests that have a row in the rounds."""
    return [sequence.id for sequence in decoder_of(engine).sequences]


class Traffic(RuleBasedStateMachine):
    """Requests that come, are cancelled and run out of time, in any order."""

    target: Path
    engine: Engine
    expected: list[tuple[int, ...]]

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[int, tuple[int, int]] = {}
        self.texts: Counter[int] = Counter()
        self.told: dict[int, str] = {}
        self.cancelled: set[int] = set()
        self.late: set[int] = set()
        self.results: dict[int, Result] = {}

    @initialize(seed=st.integers(0, 1000))
    def begin(self, seed: int) -> None:
        assert self.engine.idle
        force(self.engine, at_random(seed))

    @rule(
        prompt=st.integers(0, len(ASKED) - 1),
        limit=st.integers(1, LONGEST),
        owner=st.sampled_from("abc"),
        priority=st.integers(0, 2),
        late=st.booleans(),
    )
    def submit(self, prompt: int, limit: int, owner: str, priority: int, late: bool) -> None:
        late = late and limit % 4 == 0
        request = self.engine.submit(
            ASKED[prompt],
            SamplingParams(max_tokens=limit, ignore_eos=True),
            owner=owner,
            priority=priority,
            timeout=0.0 if late else None,
        )
        self.asked[request] = prompt, limit
        self.late.update([request] if late else [])

    @precondition(lambda self: self.asked.keys() - self.results.keys())
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        request = data.draw(st.sampled_from(sorted(self.asked.keys() - self.results.keys())))
        self.engine.cancel(request)
        self.cancelled.add(request)

    @rule(count=st.integers(1, 6))
    def step(self, count: int) -> None:
        for _ in range(count):
            due = (self.cancelled | self.late) - self.results.keys()
            self.note(self.engine.step())
            assert not due - self.results.keys(), "what was cancelled or late goes on"

    def note(self, events: list[Event]) -> None:
        for event in events:
            assert event.id in self.asked
            assert event.id not in self.results, "news of a request that has ended"
            self.told[event.id] = self.told.get(event.id, "") + event.text
            if event.result is not None:
                self.results[event.id] = event.result
                self.judge(event.id, event.result)

    def judge(self, request: int, result: Result) -> None:
        prompt, limit = self.asked[request]
        whole = self.expected[prompt][:limit]
        if request in self.cancelled or request in self.late:
            assert result.finish in {"cancelled", "deadline"}
            whole = whole[: len(result.token_ids)]
        else:
            assert result.finish == "length"
        assert same(self.target, [ASKED[prompt]], [whole], [result.token_ids])
        assert self.told[request] == result.text
        assert 0 <= result.stats.cached_tokens < len(ASKED[prompt])

    @invariant()
    def rows_are_as_many_as_there_are_slots(self) -> None:
        if self.asked:
            scheduler = scheduler_of(self.engine)
            taken = len(scheduler.decoder.sequences) + (scheduler.filling is not None)
            assert taken <= scheduler.decoder.target.slots

    def teardown(self) -> None:
        for _ in range(2000):
            if self.engine.idle:
                break
            self.step(1)
        assert self.engine.idle
        assert self.results.keys() == self.asked.keys()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["llama", "qwen3_5_text"])
def test_any_traffic_gives_each_request_its_own_answer_once(tiny: Tiny, kind: str) -> None:
    models = tiny.pair(kind)
    plain = Engine.from_pretrained(models.target, ngram=False, prefixes=0)

    class Here(Traffic):
        target = models.target
        engine = Engine.from_pretrained(models.target, models.draft, slots=3, longest=4, prefixes=3)
        expected = tokens(plain.generate(ASKED, GREEDY))

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_more_urgent_request_takes_the_row_of_a_less_urgent_one(pair: Pair, expected: list[tuple[int, ...]]) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, slots=1)
    patient = engine.submit(ASKED[1], GREEDY, priority=5)
    seen = {patient: steps(engine, 3)}
    urgent = engine.submit(ASKED[2], GREEDY, priority=1)
    first = steps(engine, 1)
    assert live(engine) == [urgent]
    assert {event.id for event in first} == {urgent}
    for request, events in {urgent: first, **run(engine)}.items():
        seen.setdefault(request, []).extend(events)
    result = ended(seen[patient])
    assert "".join(event.text for event in seen[patient]) == result.text
    assert same(pair.target, [ASKED[1]], [expected[1]], [result.token_ids])


def test_an_equally_urgent_request_takes_nobody_s_row(pair: Pair) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, slots=1)
    first = engine.submit(ASKED[1], LONG)
    steps(engine, 2)
    engine.submit(ASKED[2], GREEDY)
    steps(engine, 2)
    assert live(engine) == [first]


def test_a_more_urgent_request_does_not_wait_for_a_long_prompt_to_be_read(
    pair: Pair, expected: list[tuple[int, ...]]
) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, slots=1)
    patient = engine.submit(ASKED[-1], GREEDY, priority=5)
    steps(engine, 1)
    assert live(engine) == []
    urgent = engine.submit(ASKED[2], GREEDY, priority=1)
    steps(engine, 1)
    assert live(engine) == [urgent]
    result = ended(run(engine)[patient])
    assert same(pair.target, [ASKED[-1]], [expected[-1]], [result.token_ids])
    assert result.stats.cached_tokens == 0


def test_the_urgent_come_first_whatever_their_owner_has_had(pair: Pair) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, slots=1)
    engine.submit(ASKED[1], LONG, owner="a", priority=0)
    steps(engine, 10)
    urgent = engine.submit(ASKED[2], GREEDY, owner="a", priority=1)
    engine.submit(ASKED[3], GREEDY, owner="b", priority=2)
    scheduler_of(engine).decoder.sequences[0].cancelled = True
    steps(engine, 2)
    assert live(engine) == [urgent]


@pytest.mark.parametrize("slots", [1, 2, 3])
def test_two_owners_get_the_same_share_whoever_asks_for_more(pair: Pair, slots: int) -> None:
    engine = Engine.from_pretrained(pair.target, ngram=False, slots=slots)
    owners = {engine.submit(ASKED[1], GREEDY, owner="many"): "many" for _ in range(20)}
    owners |= {engine.submit(ASKED[2], GREEDY, owner="few"): "few" for _ in range(6)}
    had: Counter[str] = Counter()
    while "few" in {owners[sequence.id] for sequence in scheduler_of(engine)._all()}:
        assert abs(had["many"] - had["few"]) <= (slots + 1) * LONGEST
        for event in engine.step():
            had[owners[event.id]] += len(event.result.token_ids) if event.result else 0


def test_an_owner_who_comes_back_does_not_catch_up(pair: Pair) -> None:
    engine = Engine.from_pretrained(pair.target, ngram=False, slots=1)
    first = [engine.submit(ASKED[1], GREEDY, owner="here") for _ in range(12)]
    for _ in range(60):
        engine.step()
    back = [engine.submit(ASKED[2], GREEDY, owner="back") for _ in range(5)]
    order = [event.id for _ in range(200) for event in engine.step() if event.result]
    among = [request in back for request in order if request in {*first, *back}]
    assert among[:4].count(True) <= 3, "the one who was there waits until the other has had as much"


@pytest.mark.parametrize("kind", ["llama", "qwen3_5_text"])
def test_a_prompt_that_begins_like_another_is_read_from_where_they_part(tiny: Tiny, kind: str) -> None:
    pair = tiny.pair(kind)
    plain = Engine.from_pretrained(pair.target, ngram=False, prefixes=0)
    engine = Engine.from_pretrained(pair.target, pair.draft)
    first, longer, other = [7, 8, 9, 10] * 10, [*([7, 8, 9, 10] * 10), 11, 12], [*([7, 8, 9, 10] * 5), 99, 98]
    wholly = kind == "qwen3_5_text"  # a recurrent state is of the whole prompt or of none
    for prompt, cached in ((first, 0), (first, 39), (longer, 39), (other, 0 if wholly else 20), (longer, 41)):
        (result,) = engine.generate([prompt], GREEDY)
        assert result.stats.cached_tokens == cached
        assert same(pair.target, [prompt], tokens(plain.generate([prompt], GREEDY)), [result.token_ids])


def test_a_prompt_that_is_cancelled_half_read_leaves_the_others_alone(
    pair: Pair, expected: list[tuple[int, ...]]
) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft)
    ids = [engine.submit(prompt, GREEDY) for prompt in ASKED[:2]]
    seen: dict[int, list[Event]] = {request: [] for request in ids}
    for event in steps(engine, 2):
        seen[event.id].append(event)
    long = engine.submit(ASKED[-1], GREEDY)
    for event in steps(engine, 1):
        seen[event.id].append(event)
    assert scheduler_of(engine).filling is not None
    engine.cancel(long)
    for request, events in run(engine).items():
        seen.setdefault(request, []).extend(events)
    assert (ended(seen[long]).finish, ended(seen[long]).token_ids) == ("cancelled", ())
    assert same(pair.target, ASKED[:2], expected[:2], [ended(seen[request]).token_ids for request in ids])


def starved(engine: Engine, fits: Callable[[int], bool], method: str) -> None:
    """Let the target's runner have memory only for as many rows (tokens of a prompt) as `fits` says."""
    runner: Any = decoder_of(engine).target
    whole = getattr(runner, method)

    def narrow(given: Any, *rest: Any, **settings: Any) -> Any:
        if not fits(len(given)):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return whole(given, *rest, **settings)

    setattr(runner, method, narrow)


def test_where_memory_runs_out_in_a_round_the_least_urgent_gives_up(
    pair: Pair, expected: list[tuple[int, ...]]
) -> None:
    engine = force(Engine.from_pretrained(pair.target, pair.draft), at_random(1))
    starved(engine, lambda rows: rows <= 2, "run")
    ids = [engine.submit(prompt, GREEDY, priority=at == 1) for at, prompt in enumerate(ASKED[:3])]
    seen = run(engine)
    results = [ended(seen[request]) for request in ids]
    assert [result.finish for result in results] == ["length", "error", "length"]
    assert results[1].error == "out of memory (CUDA out of memory): a shorter prompt or fewer slots would fit"
    assert "".join(event.text for event in seen[ids[1]]) == results[1].text
    assert same(
        pair.target, [ASKED[0], ASKED[2]], [expected[0], expected[2]], [results[0].token_ids, results[2].token_ids]
    )


def test_before_anybody_gives_up_the_kept_prompts_go(pair: Pair, expected: list[tuple[int, ...]]) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft)
    engine.generate([ASKED[-2]], GREEDY)
    once = iter([False])
    starved(engine, lambda _: next(once, True), "run")
    (result,) = engine.generate([ASKED[2]], GREEDY)
    assert same(pair.target, [ASKED[2]], [expected[2]], [result.token_ids])
    assert engine.generate([ASKED[-2]], GREEDY)[0].stats.cached_tokens == 0


def test_where_memory_runs_out_for_a_prompt_it_ends_alone(pair: Pair, expected: list[tuple[int, ...]]) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft)
    starved(engine, lambda size: size < 200, "read")
    results = engine.generate([ASKED[0], ASKED[-1], ASKED[2]], GREEDY)
    assert [result.finish for result in results] == ["length", "error", "length"]
    assert same(
        pair.target, [ASKED[0], ASKED[2]], [expected[0], expected[2]], [results[0].token_ids, results[2].token_ids]
    )


def test_where_memory_runs_out_for_an_urgent_prompt_a_less_urgent_row_gives_up(
    pair: Pair, expected: list[tuple[int, ...]]
) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, prefixes=0)
    patient = engine.submit(ASKED[1], LONG, priority=3)
    seen = {patient: steps(engine, 2)}
    starved(engine, lambda _: not live(engine), "read")
    urgent = engine.submit(ASKED[2], GREEDY, priority=0)
    for request, events in run(engine).items():
        seen.setdefault(request, []).extend(events)
    assert ended(seen[patient]).finish == "error"
    assert same(pair.target, [ASKED[2]], [expected[2]], [ended(seen[urgent]).token_ids])


@pytest.mark.parametrize("kind", ["llama", "qwen3_5_text"])
@pytest.mark.parametrize("place", ["commit", "_remember", "_emitted"])
def test_where_memory_runs_out_half_way_through_the_changes_rows_are_read_anew(
    tiny: Tiny, kind: str, place: str
) -> None:
    pair = tiny.pair(kind)
    asked = ASKED[:4]
    expected = tokens(Engine.from_pretrained(pair.target, ngram=False).generate(asked, GREEDY))
    engine = force(Engine.from_pretrained(pair.target, pair.draft), at_random(2))
    decoder = decoder_of(engine)
    owner: Any = decoder.target.cache if place == "commit" else decoder
    whole, calls = getattr(owner, place), iter(range(10**6))

    def torn(*given: Any) -> Any:
        result = whole(*given)
        if next(calls) == 5:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return result

    setattr(owner, place, torn)
    scheduler_of(engine).prefixes.store([*range(1, 40)], 0)  # the memory that is given back
    results = engine.generate(asked, GREEDY)
    assert {result.finish for result in results} == {"length"}
    assert same(pair.target, asked, expected, tokens(results))


def test_memory_that_runs_out_while_a_prompt_is_kept_harms_nobody(pair: Pair, expected: list[tuple[int, ...]]) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft)

    def full(*_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    scheduler_of(engine).prefixes.store = full  # type: ignore[method-assign, assignment]
    assert same(pair.target, ASKED, expected, tokens(engine.generate(ASKED, GREEDY)))
