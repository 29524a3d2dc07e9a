"""Models of two shapes that compute one function, and a dial for how often they agree."""

from __future__ import annotations

import pytest
import torch

from chatbt.dsde.bench.synthetic import SHAPES, Core, agreement, calibrated, model, theirs
from chatbt.dsde.models.placing import Placement

PLACE = Placement(torch.device("cpu"), torch.float32)
CORE = Core(2048, 64, 1)
DRAFT, TARGET = SHAPES["small draft"], SHAPES["small target"]
PROMPT = 8


@pytest.fixture(scope="module")
def texts() -> list[list[int]]:
    """What transformers' model of the large shape writes behind random tokens."""
    prompts = torch.randint(0, CORE.vocab, (4, PROMPT), generator=torch.Generator().manual_seed(2))
    written: list[list[int]] = (
        theirs(TARGET, CORE, PLACE)
        .generate(prompts, attention_mask=torch.ones_like(prompts), max_new_tokens=40, do_sample=False, pad_token_id=0)
        .tolist()
    )
    return written


def test_our_model_of_the_shape_is_that_of_transformers(texts: list[list[int]]) -> None:
    assert agreement(model(TARGET, CORE, 0.0, PLACE), texts, PROMPT)[0] == 1


def test_another_shape_without_noise_always_agrees(texts: list[list[int]]) -> None:
    assert agreement(model(DRAFT, CORE, 0.0, PLACE), texts, PROMPT)[0] == 1


def test_noise_can_be_chosen_for_an_agreement(texts: list[list[int]]) -> None:
    noise = calibrated(DRAFT, CORE, 0.7, texts, PROMPT, PLACE)
    share, sure = agreement(model(DRAFT, CORE, noise, PLACE), texts, PROMPT)
    assert share == pytest.approx(0.7, abs=0.03)
    assert 0.4 < sure < 0.95


def test_texts_do_not_run_in_circles(texts: list[list[int]]) -> None:
    assert all(len({*text[PROMPT:]}) > 20 for text in texts)


def test_the_large_shapes_are_as_large_as_the_public_models() -> None:
    read = {name: SHAPES[name].read_in_a_step for name in ("0.5B", "1.5B", "7B")}
    assert read == pytest.approx({"0.5B": 0.494e9, "1.5B": 1.544e9, "7B": 7.07e9}, rel=0.01)
