"""What can answer a prompt, each behind the same small interface."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch

from chatbt.dsde.engine import DTYPES, Engine
from chatbt.dsde.params import SamplingParams, Stats

TRANSFORMERS, ASSISTED = "transformers", "transformers assisted"


@dataclass(frozen=True, slots=True)
class Answers:
    """The tokens of each answer without an end token, and the engine's own figures, if it is ours."""

    tokens: list[tuple[int, ...]]
    stats: list[Stats] = field(default_factory=list)


class Runner(Protocol):
    """Answers prompts, several together if it can."""

    name: str

    def answer(self, prompts: Sequence[Sequence[int]], longest: int, temperature: float) -> Answers:
        """At most `longest` tokens each. Above temperature 0 an end token does not end an answer: all are as long."""


class Own:
    """Our engine with a policy and drafters."""

    def __init__(self, name: str, engine: Engine) -> None:
        self.name = name
        self.engine = engine

    def answer(self, prompts: Sequence[Sequence[int]], longest: int, temperature: float) -> Answers:
        params = SamplingParams(max_tokens=longest, temperature=temperature, ignore_eos=temperature > 0)
        results = self.engine.generate(prompts, params)
        for result in results:
            if result.error:
                raise RuntimeError(f"{self.name}: {result.error}")
        return Answers([result.token_ids for result in results], [result.stats for result in results])


class Transformers:
    """`generate` of transformers, greedy, with a draft as its assistant or without."""

    def __init__(self, name: str, target: Any, draft: Any = None) -> None:
        self.name = name
        self.target = target
        self.draft = draft
        self._fresh = None if draft is None else copy.deepcopy(draft.generation_config)

    def answer(self, prompts: Sequence[Sequence[int]], longest: int, temperature: float) -> Answers:
        return Answers([self._one(prompt, longest) for prompt in prompts])

    def _one(self, prompt: Sequence[int], longest: int) -> tuple[int, ...]:
        given = torch.tensor([list(prompt)], device=self.target.device)
        assistant = {}
        if self.draft is not None:
            # What it has learned of one answer it would keep for the next: the length of drafts and the threshold.
            self.draft.generation_config = copy.deepcopy(self._fresh)
            assistant = {"assistant_model": self.draft}
        with torch.inference_mode():
            made = self.target.generate(
                given,
                attention_mask=torch.ones_like(given),
                max_new_tokens=longest,
                do_sample=False,
                **assistant,
            )
        tokens: list[int] = made[0, len(prompt) :].tolist()
        ends = self.ends
        return tuple(tokens[: next((at for at, token in enumerate(tokens) if token in ends), len(tokens))])

    @property
    def ends(self) -> set[int]:
        """The model's end tokens."""
        own = self.target.generation_config.eos_token_id
        return {*own} if isinstance(own, list) else {own}

    def gap(self, prompt: Sequence[int], one: int, other: int) -> float:
        """How much likelier `one` is than `other` behind `prompt`, in logits."""
        with torch.inference_mode():
            logits = self.target(torch.tensor([list(prompt)], device=self.target.device)).logits[0, -1]
        return float(logits[one] - logits[other])


def load_transformers(folder: Path, device: str, dtype: str) -> Any:
    """A model of transformers, for greedy decoding."""
    from transformers import AutoModelForCausalLM

    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=DTYPES[dtype], local_files_only=True)
    return model.to(device).eval()
