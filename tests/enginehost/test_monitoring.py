"""The figures that a running engine tells, and finding how drafting is done best."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from itertools import product
from typing import Any

import pytest

from chatbt.cli import main
from chatbt.engine.client import Address, Client
from chatbt.engine.places import Places
from chatbt.engine.shapes import OUTCOMES, ChatRequest, Message, Outcome
from chatbt.orchestrator.speaker import Speaker
from tests.enginehost.test_server import sent, told
from tests.orchestrator.subjects import ADD, subject_in

pytestmark = pytest.mark.slow


def got(engine: Address, path: str) -> Any:
    """What a route tells."""
    return sent(engine, "GET", path).json()


def test_what_was_asked_is_counted_by_purpose(engine: Address) -> None:
    review = ChatRequest(messages=[Message("user", "x = 1")], max_tokens=8, purpose="review")
    asyncio.run(told(engine, review))
    figures = got(engine, "/api/metrics")
    assert figures["by_purpose"]["review"]["tokens"] >= 8
    assert {"purpose": "review", "finish": "length", "count": 1} in figures["since_start"]["requests"]
    assert figures["since_start"]["loads"] == 1
    assert figures["since_start"]["rounds"] > 0
    assert figures["trends"]["review"]["latest"]["requests"] >= 1
    assert figures["record"]["problem"] == ""


def test_a_purpose_that_is_not_known_is_another(engine: Address) -> None:
    asyncio.run(told(engine, ChatRequest(messages=[Message("user", "x")], max_tokens=2, purpose="x{y='z'}")))
    assert "x{y" not in sent(engine, "GET", "/metrics").text
    assert got(engine, "/api/metrics")["by_purpose"]["other"]["requests"] >= 1


def outcomes(engine: Address) -> Counter[tuple[str, str]]:
    """What became of texts, as the engine's figures tell it, by purpose and outcome."""
    told = got(engine, "/api/metrics")["outcomes"]
    return Counter({(each["purpose"], each["outcome"]): each["count"] for each in told})


async def came_to(engine: Address, wanted: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """The counts as soon as they are what is wanted, or what they are after some patience: they are written behind."""
    for _ in range(100):
        if (found := await asyncio.to_thread(outcomes, engine)) == wanted:
            break
        await asyncio.sleep(0.02)
    return found


def test_what_clients_say_became_of_texts_is_counted_by_purpose(engine: Address) -> None:
    """Three clients at once, each outcome of two purposes."""

    async def tell() -> Counter[tuple[str, str]]:
        clients = [Client(engine) for _ in range(3)]
        texts = [Outcome(*each, ("names", "cut-off")) for each in product(("explanation", "rewrite"), OUTCOMES)]
        await asyncio.gather(*(client.outcome(text) for client in clients for text in texts))
        for client in clients:
            await client.close()
        return await came_to(engine, before + Counter({(one.purpose, one.outcome): 3 for one in texts}))

    before, lines = outcomes(engine), exposed(engine)
    more = asyncio.run(tell()) - before
    assert len(more) == 2 * len(OUTCOMES) and set(more.values()) == {3}
    assert exposed(engine) - lines == more


def exposed(engine: Address) -> Counter[tuple[str, str]]:
    """The same since the engine's start, as Prometheus reads it."""
    form = re.compile(r'^chatbt_outcomes_total\{purpose="(\w+)",outcome="(\w+)"\} (\d+)', re.MULTILINE)
    return Counter(
        {(found[1], found[2]): int(found[3]) for found in form.finditer(sent(engine, "GET", "/metrics").text)}
    )


def test_a_window_tells_what_became_of_its_texts(engine: Address) -> None:
    async def explain() -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
        client = Client(engine)

        async def reached() -> Client:
            return client

        speaker = Speaker(reached)
        pieces = [piece async for piece in speaker.explain(subject_in(ADD, "CC001"))]
        assert pieces[-1].source == "card"  # a tiny model speaks nonsense
        found = await came_to(engine, before + speaker.outcomes.counted)
        speaker.close()
        await client.close()
        return found, speaker.outcomes.counted

    before = outcomes(engine)
    found, counted = asyncio.run(explain())
    assert found - before == counted == {("explanation", "card"): 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "answer", "outcome": "liked"},
        {"purpose": "answer", "outcome": "card", "failed": ["def f(): pass"]},
        {"purpose": "answer", "outcome": "card", "failed": ["names"] * 21},
    ],
)
def test_an_outcome_is_names_only(engine: Address, wrong: dict[str, Any]) -> None:
    assert sent(engine, "POST", "/api/outcomes", json=wrong).status_code == 400


def test_prometheus_gets_what_it_can_read(engine: Address) -> None:
    response = sent(engine, "GET", "/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in response.text.splitlines():
        name, _, value = line.rpartition(" ")
        assert line.startswith("# ") or (name.startswith("chatbt_") and float(value) >= 0)


def test_figures_come_again_and_again(engine: Address) -> None:
    async def listen() -> list[tuple[str, Any]]:
        client, seen = Client(engine), []
        try:
            async for event in client.figures(0.1):
                seen.append(event)
                if len(seen) == 3:
                    return seen
        finally:
            await client.close()
        return seen

    events = asyncio.run(listen())
    assert [kind for kind, _ in events] == ["figures"] * 3
    assert events[0][1]["state"] in {"ready", "busy"}
    assert {"speculation_length", "acceptance", "divergence", "stability"} <= events[0][1]["dsde"].keys()


@pytest.mark.parametrize("seconds", ["0", "-1", "many", "1e9"])
def test_how_often_is_bounded(engine: Address, seconds: str) -> None:
    assert sent(engine, "GET", f"/api/events?seconds={seconds}").status_code == 422


def test_drafting_is_told_while_it_goes_on(engine: Address) -> None:
    async def watched() -> dict[str, Any]:
        client, other = Client(engine), Client(engine)
        try:
            async for _ in client.chat(ChatRequest(messages=[Message("user", "for item in")], max_tokens=300)):
                live: dict[str, Any] = (await other.get("/api/dsde/performance"))["live"]
                if live["acceptance"] is not None and live["divergence"] is not None:
                    return live
        finally:
            await client.close()
            await other.close()
        raise AssertionError("nothing was drafted")

    live = asyncio.run(watched())
    assert live["rows"] == 1
    assert 0 <= live["acceptance"] <= 1
    assert sum(live["lengths"].values()) > 0


def test_a_goal_that_can_be_reached_is_and_is_taken_back(engine: Address) -> None:
    goal = {"goal": "acceptance", "target": 0.01, "seconds": 0.01}
    found = sent(engine, "POST", "/api/dsde/optimize", json=goal, timeout=60).json()
    assert found["reached"]
    assert "reaches an acceptance" in found["message"]
    assert found["tried"][0]["policy"] == "dsde"
    assert got(engine, "/api/dsde/optimize")["now"] == found["now"]
    back = sent(engine, "DELETE", "/api/dsde/optimize", timeout=60).json()
    assert back["now"] == back["usual"] == {"policy": "dsde", "longest": 8}
    assert asyncio.run(told(engine))[0]


def test_a_goal_that_cannot_be_reached_changes_nothing_and_says_so(engine: Address) -> None:
    goal = {"goal": "speedup", "target": 99.0, "seconds": 0.01}
    found = sent(engine, "POST", "/api/dsde/optimize", json=goal, timeout=60).json()
    assert not found["reached"]
    assert "nothing was changed" in found["message"]
    assert found["now"] == found["before"]


@pytest.mark.parametrize(
    "goal", [{"goal": "acceptance", "target": 1.5}, {"goal": "beauty", "target": 1}, {"goal": "speedup", "target": -1}]
)
def test_a_goal_that_is_none_is_refused(engine: Address, goal: dict[str, Any]) -> None:
    assert sent(engine, "POST", "/api/dsde/optimize", json=goal).status_code in {400, 422}


@pytest.fixture
def shell(home: Places, engine: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line of the user whose engine it is."""
    monkeypatch.setenv("CHATBT_RUNTIME_DIR", str(home.runtime))


def test_top_shows_the_figures_once(shell: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["engine", "top", "--once"]) == 0
    shown = capsys.readouterr().out
    assert "ChatBT engine" in shown
    assert "float32 on cpu" in shown
    assert "first token" in shown


@pytest.mark.parametrize("command", ["top", "status"])
def test_scripts_get_json(shell: None, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["engine", command, "--output-format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] in {"ready", "busy"}


def test_status_and_logs_say_how_it_is(shell: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["engine", "status"]) == 0
    assert "float32 on cpu, policy dsde" in capsys.readouterr().out
    assert main(["engine", "logs"]) == 0
    assert "is ready" in capsys.readouterr().out
    assert main(["engine", "logs", "--audit"]) == 0


@pytest.mark.parametrize("command", ["status", "top", "stop"])
def test_without_an_engine_it_is_said(command: str, places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["engine", command]) == (0 if command == "stop" else 1)
    assert "No engine is running." in capsys.readouterr().out


def test_what_starts_it_at_login_carries_the_options(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["engine", "systemd", "--slots", "2", "--tcp"]) == 0
    assert "-m chatbt.enginehost --slots 2 --tcp" in capsys.readouterr().out


def test_help_shows_every_action(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["engine", "--help"])
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("start", "stop", "status", "logs", "top", "tune", "systemd", "launchd"))


def test_status_says_why_none_can_start(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHATBT_ENGINE", "off")
    assert main(["engine", "status"]) == 1
    assert "No engine is running: it is switched off: the environment has CHATBT_ENGINE" in capsys.readouterr().out
    assert main(["engine", "status", "--output-format", "json"]) == 1
    assert "CHATBT_ENGINE" in json.loads(capsys.readouterr().out)["reason"]
