"""What a model says of held-out instances, judged by program and written down to be read."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch

from chatbt.orchestrator import prompts
from training.instances import Instance
from training.judge import Verdict, judge

log = logging.getLogger(__name__)
LONGEST = 200
"""Tokens of an answer."""


@dataclass(frozen=True, slots=True)
class Said:
    """An explanation and its verdict."""

    instance: Instance
    text: str
    verdict: Verdict


def load(folder: Path) -> tuple[Any, Any]:
    """A model and its tokenizer, reckoning in float32."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    return model.eval(), tokenizer


def generate(model: Any, tokenizer: Any, asked: Sequence[str], *, batch: int = 20) -> Iterator[tuple[str, bool]]:
    """The greedy answer to each prompt, and whether it came to its end."""
    for first in range(0, len(asked), batch):
        chats = [prompts.conversation(one) for one in asked[first : first + batch]]
        given = tokenizer(chats, return_tensors="pt", padding=True, add_special_tokens=False)
        with torch.inference_mode():
            made = model.generate(
                input_ids=given["input_ids"],
                attention_mask=given["attention_mask"],
                max_new_tokens=LONGEST,
                do_sample=False,
                pad_token_id=tokenizer.pad_token_id,
                eos_token_id=tokenizer.eos_token_id,
            )
        for row in made[:, given["input_ids"].shape[1] :].tolist():
            ended = tokenizer.eos_token_id in row
            own = row[: row.index(tokenizer.eos_token_id)] if ended else row
            yield tokenizer.decode(own, skip_special_tokens=True), ended


def chosen(instances: Sequence[Instance], count: int, seed: int) -> list[Instance]:
    """As many held-out instances, unpicked."""
    held_out = [one for one in instances if one.held_out]
    return Random(seed).sample(held_out, min(count, len(held_out)))


def explain_all(folder: Path, instances: Sequence[Instance]) -> list[Said]:
    """What a model says of instances, longest prompts last, in the order of the instances."""
    model, tokenizer = load(folder)
    order = sorted(range(len(instances)), key=lambda number: len(instances[number].asked.code))
    texts = generate(model, tokenizer, [prompts.explain(instances[number].asked) for number in order])
    found = {
        number: Said(instances[number], text, judge(instances[number], text, ended=ended))
        for number, (text, ended) in zip(order, texts, strict=True)
    }
    return [found[number] for number in range(len(instances))]


def agreement(target: Path, draft: Path, said: Sequence[Said]) -> tuple[float, int]:
    """In what part of the places of the target's own answers the draft's likeliest token is the target's; of how many.

    That is the share of drafted tokens that greedy decoding accepts, each looked at by itself.
    """
    models = [load(folder)[0] for folder in (target, draft)]
    tokenizer = load(target)[1]
    same = count = 0
    for one in said:
        asked = tokenizer(prompts.conversation(prompts.explain(one.instance.asked)), return_tensors="pt")["input_ids"]
        answer = tokenizer(one.text + prompts.END, return_tensors="pt")["input_ids"]
        with torch.inference_mode():
            best = [
                model(torch.cat([asked, answer], 1)).logits[0, asked.shape[1] - 1 : -1].argmax(-1) for model in models
            ]
        same += int((best[0] == best[1]).sum())
        count += answer.shape[1]
    return same / max(count, 1), count


def report(said: Sequence[Said]) -> str:
    """The shares, and the failures by kind and by pattern."""
    count = len(said)

    def share(good: int) -> str:
        return f"{good} of {count} ({good / count:.1%})"

    kinds: Counter[str] = Counter()
    worst: Counter[str] = Counter()
    for one in said:
        if one.verdict.is_right:
            continue
        worst[one.instance.asked.pattern] += 1
        if one.verdict.foreign:
            kinds["names what stands nowhere"] += 1
        if one.verdict.taken_for:
            kinds["is about another pattern"] += 1
        if one.verdict.mixed:
            kinds["mixes in another pattern"] += 1
        kinds.update(one.verdict.faults)
    both = sum(one.verdict.names_are_right and one.verdict.pattern_is_right for one in said)
    lines = [
        f"names only what is there: {share(sum(one.verdict.names_are_right for one in said))}",
        f"about the right pattern: {share(sum(one.verdict.pattern_is_right for one in said))}",
        f"both: {share(both)}",
        f"both, and no other fault: {share(sum(one.verdict.is_right for one in said))}",
        f"each word of it written for the pattern: {share(sum(one.verdict.is_word_for_word for one in said))}",
        *(f"  {kind}: {number}" for kind, number in kinds.most_common()),
        f"  most often: {', '.join(f'{id_} {number}' for id_, number in worst.most_common(15))}",
    ]
    return "\n".join(lines)


def to_read(said: Sequence[Said]) -> str:
    """Explanations below what they are of."""
    pieces = []
    for number, one in enumerate(said, 1):
        verdict = one.verdict
        faults = [
            *(f"names `{name}`" for name in verdict.foreign),
            *([f"taken for {verdict.taken_for}"] if verdict.taken_for else []),
            *(f"mixed: {sentence}" for sentence in verdict.mixed),
            *verdict.faults,
            *([f"not as written: {verdict.rest}"] if verdict.rest else []),
        ]
        mark = f"!! {'; '.join(faults)}\n" if faults else ""
        pieces.append(
            f"=== {number}. {one.instance.source}\n{prompts.explain(one.instance.asked)}\n--> {one.text}\n{mark}"
        )
    return "\n".join(pieces)
