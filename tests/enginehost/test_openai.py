"""OpenAI's own client against the engine."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import openai
import pytest

from chatbt.engine.client import Address

pytestmark = pytest.mark.slow


@pytest.fixture
def client(engine: Address) -> Iterator[openai.OpenAI]:
    """A client that reaches the engine by its socket."""
    with (
        httpx2.Client(transport=httpx2.HTTPTransport(uds=engine.socket)) as http,
        openai.OpenAI(base_url=f"{engine.url}/v1", api_key=engine.key, http_client=http, max_retries=0) as made,
    ):
        yield made


def test_it_lists_the_model(client: openai.OpenAI, engine: Address) -> None:
    assert len(client.models.list().data) == 1


def test_it_completes_a_text(client: openai.OpenAI) -> None:
    whole = client.completions.create(model="any", prompt="import os", max_tokens=6)
    assert whole.choices[0].finish_reason == "length"
    assert whole.usage is not None
    assert whole.usage.completion_tokens == 6


def test_it_chats_in_one_piece_and_in_many_with_the_same_text(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="any", messages=[{"role": "user", "content": "x = 1"}], max_tokens=24)
    pieces = list(
        client.chat.completions.create(
            model="any", messages=[{"role": "user", "content": "x = 1"}], max_tokens=24, stream=True
        )
    )
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
    assert text == whole.choices[0].message.content
    assert pieces[-1].usage is not None
    assert pieces[-1].usage.completion_tokens == 24
    assert (pieces[-1].model_extra or {})["chatbt"]["rounds"] > 0


def test_it_is_told_of_what_is_wrong_as_it_expects(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="the prompt is empty"):
        client.completions.create(model="any", prompt="")
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="wrong").models.list()
