"""The engine: two models on one device, and requests that are decoded together."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from collections.abc import Sequence as Items
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import torch

from chatbt.dsde.costs import Costs
from chatbt.dsde.decoder import Decoder
from chatbt.dsde.drafters.base import Drafter
from chatbt.dsde.drafters.combined import CombinedDrafter
from chatbt.dsde.drafters.model import ModelDrafter
from chatbt.dsde.drafters.ngram import NgramDrafter
from chatbt.dsde.errors import LoadError, RequestError
from chatbt.dsde.models.model import Model
from chatbt.dsde.params import Result, SamplingParams, Stats
from chatbt.dsde.policies import policies
from chatbt.dsde.prefixes import Prefixes
from chatbt.dsde.runner import Runner
from chatbt.dsde.scheduler import Scheduler
from chatbt.dsde.sequence import Sequence
from chatbt.dsde.warmup import warm_up

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


@dataclass(frozen=True, slots=True)
class Event:
    """News of a request: text that has been added, and at the end the result."""

    id: int
    text: str
    result: Result | None = None


class Engine:
    """Decodes requests with a target model, faster by drafts that it verifies. Not safe for several threads, but for
    `cancel`; `step` is the only clock."""

    def __init__(self, scheduler: Scheduler, tokenizer: Any, context: int) -> None:
        self._scheduler = scheduler
        self.tokenizer = tokenizer
        self.context = context
        """Tokens of prompt and answer together."""
        self._backend = tokenizer.backend_tokenizer
        self._ids = count(1)
        self._live: dict[int, Sequence] = {}
        self._aside: list[Event] = []

    @classmethod
    def from_pretrained(
        cls,
        target: str | os.PathLike[str],
        draft: str | os.PathLike[str] | None = None,
        *,
        device: str = "cpu",
        dtype: str = "float32",
        draft_dtype: str | None = None,
        policy: str = "dsde",
        longest: int = 8,
        ngram: bool = True,
        slots: int = 16,
        context: int | None = None,
        prefixes: int = 16,
        warm_up: bool = True,
        progress: Callable[[float], None] = lambda _done: None,
    ) -> Engine:
        """Load the models in two folders (Hugging Face's format, safetensors only).

        Without a `draft` only copies from the text are drafted (`ngram`), or nothing. `longest` bounds the speculation
        length, `slots` the sequences decoded together, `context` prompt and answer (the model's own by default, at
        most 4096); `prefixes` prompts are kept for those that begin alike. Without `draft` and `ngram` decoding is
        plain. `warm_up`: see the method. `progress` is told the part of the work that is done. Raises `LoadError`.
        """
        for name in (dtype, draft_dtype or dtype):
            if name not in DTYPES:
                raise LoadError(f"dtype {name!r} is not known; known are {', '.join(DTYPES)}")
        _check(longest, slots, policy)
        place = torch.device(device)
        tokenizer = read_tokenizer(Path(target))
        progress(0.1)
        model = Model.load(Path(target), place, DTYPES[dtype])
        progress(0.5)
        small = None
        if draft is not None:
            small = Model.load(Path(draft), place, DTYPES[draft_dtype or dtype])
            if read_tokenizer(Path(draft)).get_vocab() != tokenizer.get_vocab():
                raise LoadError(f"{draft} and {target} have different tokenizers: choose two models of one family")
        progress(0.6)
        engine = cls.of_models(
            model,
            small,
            tokenizer,
            policy=policy,
            longest=longest,
            ngram=ngram,
            slots=slots,
            context=context,
            prefixes=prefixes,
            warm_up=warm_up,
        )
        progress(1.0)
        return engine

    @classmethod
    def of_models(
        cls,
        target: Model,
        draft: Model | None,
        tokenizer: Any,
        *,
        policy: str = "dsde",
        longest: int = 8,
        ngram: bool = True,
        slots: int = 16,
        context: int | None = None,
        prefixes: int = 16,
        warm_up: bool = True,
    ) -> Engine:
        """The same of models that are in memory, on one device and with one tokenizer."""
        _check(longest, slots, policy)
        context = min(context or 4096, target.config.context)
        copied = 2 * longest if ngram else 0
        # Tokens of the widest round, as it is computed; behind a full text there is room for them.
        widest = -(-(max(longest, copied) + 1) // 8) * 8
        span = -(-(context + widest) // 64) * 64
        runner = Runner(target, slots, span, widest)
        # Copies cost nothing to make: without a draft model there is no length to choose.
        name, most = (policy, longest) if draft is not None else ("fixed", copied)
        chooser = policies()[name](slots, target.device, most)
        costs = Costs()
        copies = NgramDrafter(copied)
        drafter: Drafter = copies
        if draft is not None:
            by_model = ModelDrafter(Runner(draft, slots, span, longest + 2), chooser, target.config.vocab)
            drafter = CombinedDrafter(by_model, copies, costs) if ngram else by_model
        decoder = Decoder(runner, drafter, chooser, costs)
        engine = cls(Scheduler(decoder, Prefixes(runner.cache, prefixes)), tokenizer, context)
        if warm_up:
            engine.warm_up()
        return engine

    def warm_up(self) -> None:
        """Do once, before the first request, what would make it slow: on a GPU every step is recorded in every shape;
        everywhere steps are timed, which tells how long a draft may be. Raises `LoadError` where memory runs out."""
        try:
            warm_up(self._scheduler.decoder, self._backend)
        except torch.OutOfMemoryError as error:
            raise LoadError(f"out of memory ({error}): fewer slots or a smaller context would fit") from None

    @property
    def models(self) -> tuple[Model, Model | None]:
        """The target and the draft, for another engine: `of_models`. Two engines must not decode with them in turn."""
        decoder = self._scheduler.decoder
        by_model = decoder.drafter.model if isinstance(decoder.drafter, CombinedDrafter) else decoder.drafter
        return decoder.target.model, by_model.runner.model if isinstance(by_model, ModelDrafter) else None

    @property
    def live(self) -> list[Stats]:
        """The figures so far of what is being decoded. Any thread may look at them."""
        return [sequence.stats for sequence in list(self._scheduler.decoder.sequences)]

    def submit(
        self,
        prompt: str | Items[int],
        params: SamplingParams | None = None,
        *,
        owner: str = "",
        priority: int = 0,
        timeout: float | None = None,
    ) -> int:
        """Queue a prompt (text, or token ids); the request's id. Smaller priorities come first; `timeout` in seconds.

        Raises `RequestError` for an empty prompt, an unknown token, or a prompt that leaves no room for an answer.
        """
        sequence = self._sequence(prompt, params or SamplingParams(), owner, priority, timeout)
        self._add(sequence)
        return sequence.id

    def _sequence(
        self, prompt: str | Items[int], params: SamplingParams, owner: str, priority: int, timeout: float | None
    ) -> Sequence:
        tokens = self._backend.encode(prompt).ids if isinstance(prompt, str) else list(prompt)
        vocab = self._scheduler.decoder.target.model.config.vocab
        if not tokens:
            raise RequestError("the prompt is empty")
        if not all(0 <= token < vocab for token in tokens):
            raise RequestError(f"the prompt has a token id outside the model's {vocab}")
        if len(tokens) >= self.context:
            raise RequestError(f"the prompt has {len(tokens)} tokens; the context of {self.context} leaves no answer")
        room = min(params.max_tokens, self.context - len(tokens))
        ends = frozenset() if params.ignore_eos else self._ends()
        deadline = None if timeout is None else time.perf_counter() + timeout
        return Sequence(
            next(self._ids), len(tokens), tokens, params, room, ends, self._backend, owner, priority, deadline
        )

    def _add(self, sequence: Sequence) -> None:
        self._live[sequence.id] = sequence
        self._scheduler.add(sequence)

    def cancel(self, request: int) -> None:
        """End a request at the next round; one that is not known, or has ended, is left alone."""
        if (sequence := self._live.get(request)) is not None:
            sequence.cancelled = True

    def step(self) -> list[Event]:
        """Decode one round, and read a piece of a waiting prompt; what has happened."""
        aside, self._aside = self._aside, []
        return aside + self._step()

    @torch.inference_mode()
    def _step(self) -> list[Event]:
        emitted, ended = self._scheduler.step()
        events = [Event(each.sequence.id, each.sequence.extend(each.tokens)) for each in emitted]
        for each in emitted:
            if each.sequence.finish is not None:
                self._scheduler.remove(each.sequence)
                ended.append(each.sequence)
        for sequence in ended:
            del self._live[sequence.id]
            events.append(Event(sequence.id, "", sequence.result()))
        return events

    @property
    def idle(self) -> bool:
        """Whether no request waits or runs, and there is no news that has not been told."""
        return self._scheduler.idle and not self._aside

    def generate(
        self, prompts: Iterable[str | Items[int]], params: SamplingParams | Items[SamplingParams] | None = None
    ) -> list[Result]:
        """The results of all prompts, in their order. Of other requests the next `step` tells what happened meanwhile.

        Raises `RequestError` as `submit` does, and then decodes nothing.
        """
        prompts = list(prompts)
        each = [params or SamplingParams()] * len(prompts) if not isinstance(params, Items) else list(params)
        sequences = [self._sequence(prompt, own, "", 0, None) for prompt, own in zip(prompts, each, strict=True)]
        for sequence in sequences:
            self._add(sequence)
        results: dict[int, Result | None] = {sequence.id: None for sequence in sequences}
        while None in results.values():
            for event in self._step():
                if event.id not in results:
                    self._aside.append(event)
                elif event.result is not None:
                    results[event.id] = event.result
        return [result for result in results.values() if result is not None]

    def _ends(self) -> frozenset[int]:
        own = self.tokenizer.eos_token_id
        return self._scheduler.decoder.target.model.config.eos | (frozenset() if own is None else {own})


def _check(longest: int, slots: int, policy: str) -> None:
    for name, value in (("longest", longest), ("slots", slots)):
        if value < 1:
            raise LoadError(f"{name} is {value}; it must be at least 1")
    if policy not in policies():
        raise LoadError(f"policy {policy!r} is not known; known are {', '.join(policies())}")


def read_tokenizer(folder: Path) -> Any:
    """transformers' tokenizer of the model in `folder`. Raises `LoadError`."""
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        raise LoadError(f"{folder} has no tokenizer that can be read: {error}") from error
    if not tokenizer.is_fast:
        raise LoadError(f"{folder} has no tokenizer.json, which is needed")
    return tokenizer
