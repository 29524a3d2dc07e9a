"""Which pair on which device: the best that fits, and what is tried after it."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from chatbt.engine.models.pairs import Pair
from chatbt.enginehost.choosing import Plan, Rejected, Wish, fewer, plans
from chatbt.enginehost.memory import CPU, Device, cache_numbers, free_memory, parameters, used_memory, wanted

GIB = 2**30
GPU = Device("cuda:0", 12 * GIB, "bfloat16")
OLD = Device("cuda:1", 12 * GIB, "float16")
HERE = Device(CPU, 64 * GIB)


def model(folder: Path, billions: float) -> Path:
    """A folder whose weights' head says so many parameters; there are none behind it."""
    folder.mkdir(parents=True)
    head = json.dumps({"w": {"dtype": "BF16", "shape": [int(billions * 1000), 1_000_000], "data_offsets": [0, 0]}})
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head.encode())
    shape = {"num_hidden_layers": 28, "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128}
    (folder / "config.json").write_text(json.dumps({**shape, "max_position_embeddings": 40960}))
    return folder


def pair(folder: Path, name: str, billions: float) -> Pair:
    """A target of so many billions of parameters, and a draft of a tenth."""
    return Pair(name, model(folder / name / "target", billions), model(folder / name / "draft", billions / 10))


def first(wish: Wish, devices: list[Device], fatal: str = "") -> Plan:
    """What is tried first."""
    return next(plan for plan in plans(wish, devices, fatal) if isinstance(plan, Plan))


def test_a_gpu_goes_before_the_cpu_in_the_half_precision_that_it_has(tmp_path: Path) -> None:
    wish = Wish((pair(tmp_path, "small", 0.6),))
    plan = first(wish, [GPU, HERE])
    assert (plan.device, plan.precision, plan.slots) == ("cuda:0", "bfloat16", 8)
    assert first(wish, [OLD, HERE]).precision == "float16"


def test_a_cpu_decodes_in_float32(tmp_path: Path) -> None:
    plan = first(Wish((pair(tmp_path, "small", 0.6),)), [HERE])
    assert (plan.device, plan.precision) == (CPU, "float32")


def test_what_the_user_says_holds(tmp_path: Path) -> None:
    wish = Wish((pair(tmp_path, "small", 0.6),), "cuda", "float32", 2)
    plan = first(wish, [GPU, HERE])
    assert (plan.device, plan.precision, plan.slots) == ("cuda:0", "float32", 2)
    assert first(Wish(wish.pairs, "cpu"), [GPU, HERE]).device == CPU


def test_a_device_that_is_not_there_is_said(tmp_path: Path) -> None:
    told = list(plans(Wish((pair(tmp_path, "small", 0.6),), "cuda:3"), [GPU, HERE]))
    assert told == [Rejected("there is no device cuda:3 here")]


def test_where_memory_is_short_there_are_fewer_slots(tmp_path: Path) -> None:
    small = pair(tmp_path, "small", 1.7)
    tight = Device("cuda:0", wanted([small.target, small.draft or small.target], "cuda:0", "bfloat16", 2), "bfloat16")
    assert first(Wish((small,)), [tight]).slots == 2


def test_a_pair_that_does_not_fit_gives_way_to_the_next_and_the_reason_says_so(tmp_path: Path) -> None:
    large, small = pair(tmp_path, "large", 8), pair(tmp_path, "small", 0.6)
    told = list(plans(Wish((large, small)), [GPU, Device(CPU, 2 * GIB)]))
    assert [isinstance(plan, Plan) for plan in told] == [False, False, True, False]
    assert isinstance(told[0], Rejected)
    assert "large needs" in told[0].why
    assert "cuda:0 has 12.0 GiB free" in told[0].why
    assert isinstance(told[2], Plan)
    assert told[2].pair == small


def test_a_plan_that_ended_the_last_engine_is_not_tried_again(tmp_path: Path) -> None:
    wish = Wish((pair(tmp_path, "small", 0.6),))
    fatal = first(wish, [GPU, HERE]).key
    told = list(plans(wish, [GPU, HERE], fatal))
    assert isinstance(told[0], Rejected)
    assert "killed" in told[0].why
    assert first(wish, [GPU, HERE], fatal).device == CPU


def test_after_running_out_of_memory_there_are_half_the_slots_and_at_last_none(tmp_path: Path) -> None:
    plan: Plan | None = first(Wish((pair(tmp_path, "small", 0.6),)), [GPU])
    seen = []
    while plan is not None:
        seen.append(plan.slots)
        plan = fewer(plan)
    assert seen == [8, 4, 2, 1]


def test_sizes_are_read_without_loading(tmp_path: Path) -> None:
    folder = model(tmp_path / "m", 1.0)
    assert parameters(folder) == 10**9
    assert cache_numbers(folder) == 2 * 28 * 8 * 128 * 4160


@pytest.mark.parametrize("damage", [b"", b"\xff" * 20, struct.pack("<Q", 4) + b"[[]]"])
def test_a_size_that_cannot_be_read_is_nothing(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(damage)
    (tmp_path / "config.json").write_bytes(damage)
    assert (parameters(tmp_path), cache_numbers(tmp_path)) == (0, 0)


def test_memory_is_known_here() -> None:
    assert 0 < used_memory() < 2**45
    assert free_memory() > 0
