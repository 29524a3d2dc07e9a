"""Training, restartable at any step: warm up, stay, decay; Muon for the matrices, AdamW for the rest.

A run is a folder with the newest checkpoint: weights, their moving average, optimizers, the step. Which batch is next
follows from the step alone. The moving average is what is evaluated and exported: it is a usable model at any time.
"""

import logging
import math
import signal
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.copying import begin
from training.data import ROW, Batch, Packed, Tokens
from training.model import SHAPES, Lean, Shape, packed_mask

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run goes. `heard` is the weight of tokens that the user says; `decay` the part of the steps at the end
    in which the rate falls to nothing."""

    steps: int
    batch: int = 8
    rate: float = 3e-3
    matrix_rate: float = 6e-3
    muon: bool = True
    warmup: int = 60
    decay: float = 0.25
    heard: float = 0.3
    seed: int = 1
    average: float = 0.99

    def factor(self, step: int, finish_from: int | None = None) -> float:
        """The rate's factor at a step."""
        length = max(round(self.steps * self.decay), 1)
        start = self.steps - length if finish_from is None else finish_from
        rising = min((step + 1) / self.warmup, 1.0)
        falling = 1.0 if step < start else max(1 - math.sqrt((step - start + 1) / length), 0.0)
        return rising * falling


def optimizers(model: Lean, plan: Plan) -> list[torch.optim.Optimizer]:
    """Of the matrices in the blocks, and of the embedding and the norms."""
    matrices = [one for name, one in model.named_parameters() if one.dim() == 2 and name != "embedding"]
    others = [one for name, one in model.named_parameters() if one.dim() != 2 or name == "embedding"]
    if not plan.muon:
        return [torch.optim.AdamW([*matrices, *others], lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.05, fused=True)]
    return [
        torch.optim.Muon(matrices, lr=plan.matrix_rate, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]


Loss = Callable[..., tuple[Tensor, Tensor]]


def loss_of(
    model: Lean, tokens: Tensor, positions: Tensor, mask: Tensor, wanted: Tensor, weights: Tensor
) -> tuple[Tensor, Tensor]:
    """The weighted mean loss, and the loss of each token: [B * L]."""
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(tokens, positions, mask)
    losses = functional.cross_entropy(logits.flatten(0, 1).float(), wanted.flatten(), reduction="none")
    return (losses * weights.flatten()).sum() / weights.sum(), losses.detach()


def distilling(
    model: Lean, tokens: Tensor, positions: Tensor, mask: Tensor, wanted: Tensor, weights: Tensor, teacher: Tensor
) -> tuple[Tensor, Tensor]:
    """As `loss_of`, where what is wanted is the teacher's distribution, [B, L, V], given as logits."""
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(tokens, positions, mask)
    own = functional.log_softmax(logits.flatten(0, 1).float(), -1)
    its = functional.log_softmax(teacher.flatten(0, 1).float(), -1)
    losses = (its.exp() * (its - own)).sum(-1)
    plain = -own.gather(1, wanted.flatten()[:, None])[:, 0].detach()
    return (losses * weights.flatten()).sum() / weights.sum(), plain


def tensors(batch: Batch, heard: float) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Tokens, positions, mask, the next tokens, their weights, and which of them the model says."""
    arrays = (batch.tokens, batch.positions, batch.text, batch.branch, batch.said)
    tokens, positions, text, branch, said = (torch.from_numpy(one) for one in arrays)
    follows = (text == text.roll(-1, 1)) & (branch == branch.roll(-1, 1)) & (text > 0)
    follows[:, -1] = False
    next_said = said.roll(-1, 1) & follows
    weights = torch.where(next_said, 1.0, heard) * follows
    return tokens, positions, packed_mask(text, branch), tokens.roll(-1, 1), weights, next_said


@dataclass
class Run:
    """A run in its folder, from its newest checkpoint on."""

    folder: Path
    shape: Shape
    plan: Plan
    compiled: bool = True
    threads: int = 2
    teacher: Lean | None = None

    def __post_init__(self) -> None:
        torch.set_num_threads(self.threads)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.model = Lean(self.shape)
        self._held = begin(self.model, self.plan.seed)
        self.optimizers = optimizers(self.model, self.plan)
        self.average = {name: one.detach().clone() for name, one in self.model.named_parameters()}
        self.step = 0
        self.finish_from: int | None = None
        if self.file.is_file():
            self._resume()

    @property
    def file(self) -> Path:
        """The newest checkpoint."""
        return self.folder / "checkpoint.pt"

    def save(self) -> None:
        """Write a checkpoint in the place of the last one."""
        state = {
            "shape": asdict(self.shape),
            "plan": asdict(self.plan),
            "step": self.step,
            "finish_from": self.finish_from,
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizers": [one.state_dict() for one in self.optimizers],
        }
        new = self.file.with_suffix(".new")
        torch.save(state, new)
        new.replace(self.file)

    def _resume(self) -> None:
        state = torch.load(self.file, weights_only=True)
        self.model.load_state_dict(state["model"])
        for optimizer, own in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(own)
        self.average, self.step, self.finish_from = state["average"], state["step"], state["finish_from"]
        log.info("going on from step %d", self.step)

    @property
    def last(self) -> int:
        """The step that the run ends before."""
        if self.finish_from is None:
            return self.plan.steps
        return self.finish_from + max(round(self.plan.steps * self.plan.decay), 1)

    def go(self, data: Packed, *, until: int | None = None, every: float = 180.0) -> None:
        """Train to the end, or to the step `until`; a checkpoint is written every so many seconds.

        SIGTERM ends it after the step, with a checkpoint. A file named "finish" in the folder has the rate fall from
        now on.
        """
        stopped: list[bool] = []
        before = signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        try:
            self._go(data, until, every, stopped)
        finally:
            signal.signal(signal.SIGTERM, before)

    def _go(self, data: Packed, until: int | None, every: float, stopped: list[bool]) -> None:
        compute = self._loss()
        saved, shown = time.monotonic(), time.monotonic()
        seen, said_loss, heard_loss = 0, list[float](), list[float]()
        while not stopped and self.step < min(self.last, until or self.last):
            if self.finish_from is None and (self.folder / "finish").exists():
                self.finish_from = self.step
            tokens, positions, mask, wanted, weights, said = tensors(data[self.step], self.plan.heard)
            loss, losses = compute(self.model, tokens, positions, mask, wanted, weights)
            if not torch.isfinite(loss):
                raise FloatingPointError(f"the loss of step {self.step} is {loss.item()}")
            loss.backward()
            self._update()
            seen += int((weights > 0).sum())
            spoken = said.flatten()
            said_loss.append(float(losses[spoken].mean()))
            heard_loss.append(float(losses[~spoken & (weights.flatten() > 0)].mean()))
            self.step += 1
            now = time.monotonic()
            if self.step % 10 == 0:
                log.info(
                    "step %d of %d: said %.3f, heard %.3f, %.0f tokens/s, rate factor %.2f",
                    self.step, self.last, np.mean(said_loss), np.mean(heard_loss), seen / (now - shown),
                    self.plan.factor(self.step - 1, self.finish_from),
                )  # fmt: skip
                seen, shown, said_loss, heard_loss = 0, now, [], []
            if now - saved > every:
                self.save()
                saved = now
        self.save()

    @property
    def _falls(self) -> bool:
        """Whether the rates fall already."""
        return self.step >= self.last - max(round(self.plan.steps * self.plan.decay), 1)

    def _loss(self) -> Loss:
        teacher = self.teacher
        if teacher is None:
            return torch.compile(loss_of) if self.compiled else loss_of
        ask = torch.compile(teacher) if self.compiled else teacher
        learn: Loss = torch.compile(distilling) if self.compiled else distilling

        def compute(
            model: Lean, tokens: Tensor, positions: Tensor, mask: Tensor, *more: Tensor
        ) -> tuple[Tensor, Tensor]:
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                logits = ask(tokens, positions, mask)
            return learn(model, tokens, positions, mask, *more, logits)

        return compute

    def _update(self) -> None:
        factor = self.plan.factor(self.step, self.finish_from)
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group.setdefault("initial_lr", group["lr"])
                group["lr"] = group["initial_lr"] * factor
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        if not self._falls:
            self._held.restore()
        weight = min(self.plan.average, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for name, one in self.model.named_parameters():
                self.average[name].lerp_(one, 1 - weight)


def load_average(file: Path) -> tuple[dict[str, Tensor], Shape, dict[str, Any]]:
    """The averaged weights of a checkpoint, their shape, and what else is told of the run."""
    state = torch.load(file, weights_only=True)
    told = {"step": state["step"], "seen": state["step"] * state["plan"]["batch"] * ROW, "plan": state["plan"]}
    return state["average"], Shape(**state["shape"]), told


def teacher_of(checkpoint: Path, working: torch.dtype = torch.bfloat16) -> Lean:
    """The model of a checkpoint, for another to learn from."""
    weights, shape, _ = load_average(checkpoint)
    model = Lean(shape)
    model.load_state_dict(weights)
    model.working = working
    return model.requires_grad_(False)


def start(
    which: str,
    folder: Path,
    data: Path,
    plan: Plan,
    *,
    threads: int = 2,
    compiled: bool = True,
    teacher: Path | None = None,
) -> Run:
    """Train one of the two models from where its folder stands; `teacher` is the checkpoint that it learns from."""
    own = teacher_of(teacher) if teacher is not None else None
    run = Run(folder, SHAPES[which], plan, compiled, threads, own)
    packed = Packed(Tokens.load(data), batch=plan.batch, seed=plan.seed)
    log.info("%d batches an epoch, %d parameters", packed.per_epoch, sum(one.numel() for one in run.model.parameters()))
    run.go(packed)
    return run
