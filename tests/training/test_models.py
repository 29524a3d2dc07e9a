"""The tokenizer, the packing, the lean Llama and its training, on models that are tiny."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from chatbt.orchestrator.prompts import SPECIAL, conversation, explain
from training import copying, data, instances, tokenizer
from training.compose import Text, library_code, tree
from training.export import export
from training.model import DRAFT, TARGET, Lean, Shape, as_llama, llama_config, packed_mask
from training.names import library_files
from training.train import Plan, Run, teacher_of, tensors

_BASES = [instances.Base("CC001", "def add(item, bucket=[]):\n    bucket.append(item)\n    return bucket\n", "example")]
_TINY = Shape(hidden=64, layers=2, mlp=96, heads=2, vocabulary=600)


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    """Trees of instances, and library code."""
    random = Random(1)
    made = [tree(one, random) for one in instances.by_mutation(_BASES, 30, seed=1, held_out=False)]
    return [*made, *list(library_code(library_files()[:3], random))[:10]]


@pytest.fixture(scope="module")
def trained(texts: list[Text]) -> Tokenizer:
    """A small tokenizer."""
    return tokenizer.train(map(data.as_string, texts), size=600)


@pytest.fixture(scope="module")
def tokens(texts: list[Text], trained: Tokenizer) -> data.Tokens:
    """The texts, encoded."""
    return data.encode(texts, trained)


def test_no_byte_is_lost(trained: Tokenizer) -> None:
    for text in (
        "x = 'ä🙂'\n\t\r\n  \n",
        "def f( a ):\n        return 1234567\n\n\n",
        "".join(map(chr, range(32, 400))),
    ):
        assert trained.decode(trained.encode(text).ids, skip_special_tokens=False) == text


def test_digits_are_tokens_of_their_own(trained: Tokenizer) -> None:
    assert [one.strip("Ġ") for one in trained.encode("123456").tokens] == list("123456")


def test_the_chat_template_makes_the_prompt(trained: Tokenizer) -> None:
    dressed = tokenizer.dressed(trained)
    (one,) = instances.by_mutation(_BASES, 1, seed=1, held_out=False)
    messages = [{"role": "user", "content": explain(one.asked)}]
    assert dressed.apply_chat_template(messages, tokenize=False, add_generation_prompt=True) == conversation(
        explain(one.asked)
    )
    messages += [{"role": "assistant", "content": "So."}, {"role": "user", "content": "Why?"}]
    assert dressed.apply_chat_template(messages, tokenize=False, add_generation_prompt=True) == conversation(
        explain(one.asked), "So.", "Why?"
    )


def test_special_tokens_come_first_and_end_is_the_padding(trained: Tokenizer) -> None:
    assert [trained.token_to_id(one) for one in SPECIAL] == [0, 1, 2, 3]
    assert tokenizer.dressed(trained).eos_token_id == tokenizer.dressed(trained).pad_token_id == 0


def test_a_branch_is_the_same_tokens_as_the_whole_prompt(texts: list[Text], trained: Tokenizer) -> None:
    prefix, branches = data.strings(texts[0])
    for branch in branches:
        apart = trained.encode(prefix).ids + trained.encode(branch).ids
        assert apart == trained.encode(prefix + branch).ids


def test_what_the_model_says_is_the_answers(texts: list[Text], trained: Tokenizer) -> None:
    encoded = data.encode(texts[:1], trained, longest=4096)
    said = trained.decode(encoded.tokens[encoded.said].tolist(), skip_special_tokens=False)
    assert said == "".join(f"{answer}<|end|>" for branch in texts[0].branches for answer in branch[1::2])


def test_every_text_is_in_one_row_of_an_epoch(tokens: data.Tokens) -> None:
    lengths = np.diff(tokens.starts).tolist()
    packed = data.rows(lengths, range(len(lengths)))
    assert sorted(one for row in packed for one in row) == list(range(len(lengths)))
    assert all(sum(lengths[one] for one in row) <= data.ROW for row in packed)


def test_library_code_fills_what_is_left_of_a_row(tokens: data.Tokens) -> None:
    packed = data.Packed(tokens, batch=1, seed=1)
    rooms = [int((packed[number].text == 0).sum()) for number in range(packed.per_epoch)]
    assert sum(rooms) < 0.1 * data.ROW * len(rooms)


def test_a_batch_is_the_same_whenever_it_is_asked_for(tokens: data.Tokens) -> None:
    one, other = data.Packed(tokens, batch=2, seed=1), data.Packed(tokens, batch=2, seed=1)
    last = other[3 * other.per_epoch]
    assert all((one[number].tokens == other[number].tokens).all() for number in (2, 0, 1))
    assert (one[3 * one.per_epoch].tokens == last.tokens).all()


def test_branches_go_on_from_the_prefix_in_their_places() -> None:
    branch = np.array([0, 0, 1, 1, 1, 2, 2], dtype=np.uint8)
    assert data.places(branch).tolist() == [0, 1, 2, 3, 4, 2, 3]


def test_a_branch_is_read_as_if_it_stood_alone(tokens: data.Tokens) -> None:
    model = _model()
    batch = data.Packed(tokens, batch=1, seed=1)[0]
    arguments = tensors(batch, 0.3)
    together = model(*arguments[:3])[0]
    for text in (1, int(batch.text.max())):
        for branch in range(1, int(batch.branch[batch.text == text].max()) + 1):
            own = np.flatnonzero((batch.text[0] == text) & np.isin(batch.branch[0], (0, branch)))
            places, one = torch.arange(len(own))[None], torch.ones(1, len(own), dtype=torch.long)
            alone = model(torch.from_numpy(batch.tokens[:, own]), places, packed_mask(one, one))[0]
            torch.testing.assert_close(together[own], alone, atol=1e-4, rtol=1e-4)


def test_the_next_token_is_never_that_of_another_text_or_branch(tokens: data.Tokens) -> None:
    batch = data.Packed(tokens, batch=2, seed=1)[0]
    _, _, _, wanted, weights, said = tensors(batch, 0.3)
    text, branch = torch.from_numpy(batch.text), torch.from_numpy(batch.branch)
    counted = weights[:, :-1] > 0
    assert (text[:, 1:] == text[:, :-1])[counted].all() and (branch[:, 1:] == branch[:, :-1])[counted].all()
    assert (wanted[:, :-1] == torch.from_numpy(batch.tokens)[:, 1:]).all()
    assert set(weights[said].tolist()) == {1.0}


def _model(shape: Shape = _TINY) -> Lean:
    model = Lean(shape)
    copying.begin(model, 1)
    model.working = torch.float32
    return model


def test_the_lean_model_is_transformers_llama() -> None:
    from transformers import LlamaForCausalLM

    model = _model()
    for parameter in model.parameters():
        parameter.data += 0.05 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1))
    theirs = LlamaForCausalLM(llama_config(_TINY))
    theirs.load_state_dict(as_llama(model.state_dict(), _TINY), strict=False)
    theirs.tie_weights()
    tokens = torch.randint(0, 600, (2, 40), generator=torch.Generator().manual_seed(2))
    one = torch.ones_like(tokens)
    with torch.no_grad():
        ours = model(tokens, torch.arange(40)[None], packed_mask(one, one))
        torch.testing.assert_close(ours, theirs(tokens).logits, atol=2e-4, rtol=2e-4)


@pytest.mark.parametrize(("shape", "least"), [(TARGET, 0.6), (DRAFT, 0.4)], ids=["target", "draft"])
def test_the_first_weights_copy(shape: Shape, least: float) -> None:
    model = _model(shape)
    generator = torch.Generator().manual_seed(1)
    name, other = (torch.randint(4, shape.vocabulary, (2, 60), generator=generator) for _ in range(2))
    tokens = torch.cat([name, other, name], 1)
    one = torch.ones_like(tokens)
    with torch.no_grad():
        logits = model(tokens, torch.arange(180)[None], packed_mask(one, one))
    assert (logits[:, 121:-1].argmax(-1) == tokens[:, 122:]).float().mean() > least


def test_what_copies_is_held_until_the_rates_fall(tokens: data.Tokens, tmp_path: Path) -> None:
    packed = data.Packed(tokens, batch=1, seed=1)
    run = Run(tmp_path, _TINY, Plan(steps=4, batch=1, warmup=1, decay=0.5), compiled=False, threads=1)
    first = copying.first_head(run.model).clone()
    run.go(packed, until=2)
    assert torch.equal(copying.first_head(run.model), first)
    run.go(packed)
    assert not torch.equal(copying.first_head(run.model), first)


def test_a_run_goes_on_as_if_it_had_not_been_stopped(tokens: data.Tokens, tmp_path: Path) -> None:
    plan = Plan(steps=6, batch=2, warmup=2)
    packed = data.Packed(tokens, batch=2, seed=1)
    whole = Run(tmp_path / "whole", _TINY, plan, compiled=False, threads=1)
    whole.go(packed)
    Run(tmp_path / "parts", _TINY, plan, compiled=False, threads=1).go(packed, until=3)
    again = Run(tmp_path / "parts", _TINY, plan, compiled=False, threads=1)
    assert again.step == 3
    again.go(packed)
    for name, one in whole.model.state_dict().items():
        assert torch.equal(one, again.model.state_dict()[name]), name
    assert all(torch.equal(one, again.average[name]) for name, one in whole.average.items())


def test_a_run_that_is_told_to_finish_lets_its_rate_fall(tokens: data.Tokens, tmp_path: Path) -> None:
    run = Run(tmp_path, _TINY, Plan(steps=400, batch=1, decay=0.01), compiled=False, threads=1)
    (tmp_path / "finish").touch()
    run.go(data.Packed(tokens, batch=1, seed=1))
    assert run.step == 4 and run.plan.factor(3, run.finish_from) == 0


def test_training_learns_and_a_draft_learns_from_it(tokens: data.Tokens, tmp_path: Path) -> None:
    packed = data.Packed(tokens, batch=2, seed=1)
    run = Run(tmp_path / "target", _TINY, Plan(steps=12, batch=2, warmup=2), compiled=False, threads=1)
    before = _loss(run.model, packed[0])
    run.go(packed)
    assert _loss(run.model, packed[0]) < before
    small = Shape(hidden=32, layers=2, mlp=48, heads=1, vocabulary=600)
    teacher = teacher_of(run.file)
    draft = Run(tmp_path / "draft", small, Plan(steps=12, batch=2, warmup=2), False, 1, teacher)
    before = _loss(draft.model, packed[0])
    draft.go(packed)
    assert _loss(draft.model, packed[0]) < before


def _loss(model: Lean, batch: data.Batch) -> float:
    tokens, positions, mask, wanted, weights, _ = tensors(batch, 0.3)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        logits = model(tokens, positions, mask).float().flatten(0, 1)
    losses = functional.cross_entropy(logits, wanted.flatten(), reduction="none")
    return float((losses * weights.flatten()).sum() / weights.sum())


def test_an_exported_model_is_one_that_transformers_generates_with(
    tokens: data.Tokens, trained: Tokenizer, tmp_path: Path
) -> None:
    from training.evaluate import explain_all, report

    run = Run(tmp_path / "run", _TINY, Plan(steps=2, batch=1), compiled=False, threads=1)
    run.go(data.Packed(tokens, batch=1, seed=1))
    trained.save(str(tmp_path / "tokenizer.json"))
    told = export(run.file, tmp_path / "tokenizer.json", tmp_path / "out")
    assert told["parameters"] == sum(one.numel() for one in run.model.parameters())
    assert {one.name for one in (tmp_path / "out").iterdir()} >= {
        "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
    }  # fmt: skip
    made = list(instances.by_mutation(_BASES, 3, seed=9, held_out=True))
    said = explain_all(tmp_path / "out", made, renamed=True)
    assert [one.instance for one in said] == made
    assert "about the right pattern" in report(said)
