"""`/api/chat`: the grounded answer, and its figures, from a real engine with a tiny model."""

from __future__ import annotations

import json

import httpx2
import pytest

from chatbt.engine.client import Address

pytestmark = pytest.mark.slow

CODE = "def add(item, bucket=[]):\n    bucket.append(item)\n    return bucket\n"


def asked(engine: Address, **body: object) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {engine.key}"}
    with httpx2.Client(transport=httpx2.HTTPTransport(uds=engine.socket), base_url=engine.url, timeout=60) as http:
        return http.post("/api/chat", json=body, headers=headers)


def test_nonsense_of_a_model_is_never_shown_as_an_answer(engine: Address) -> None:
    answer = asked(engine, question="why is my list shared by all calls?", code=CODE, line=1).json()
    assert answer["source"] == "card" and "Mutable default argument" in answer["text"]
    assert answer["note"].startswith("The model's text was left out")
    assert answer["figures"]["attempts"] == 2 and answer["figures"]["rounds"] > 0


def test_an_answer_is_streamed_to_its_last_piece(engine: Address) -> None:
    answer = asked(engine, question="why is my list shared by all calls?", code=CODE, line=1, stream=True)
    *pieces, done = [line.removeprefix("data: ") for line in answer.text.splitlines() if line]
    assert done == "[DONE]"
    assert [json.loads(one)["final"] for one in pieces].count(True) == 1 and json.loads(pieces[-1])["final"]


def test_what_nobody_knows_is_said_without_the_model(engine: Address) -> None:
    answer = asked(engine, question="how do I centre a div in CSS?").json()
    assert answer["text"].startswith("No specialist") and answer["figures"] is None


@pytest.mark.parametrize("body", [{"question": " "}, {"question": "x" * 5000}, {"question": "why?", "line": 3}])
def test_what_makes_no_sense_is_refused(engine: Address, body: dict[str, object]) -> None:
    assert asked(engine, **body).status_code == 400
