"""The round: draft, verify, accept, learn; one step for every live row, and one copy to the host."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import torch
from torch import Tensor

from chatbt.dsde.choosing import admitted
from chatbt.dsde.clock import Clock
from chatbt.dsde.costs import Costs
from chatbt.dsde.drafters.base import Draft, Drafter, Rows, nothing
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.runner import Runner
from chatbt.dsde.sampling import Processors
from chatbt.dsde.sequence import Sequence
from chatbt.dsde.signals import Signals, divergence
from chatbt.dsde.slots import placed

LOG = logging.getLogger("chatbt.dsde")
PATIENCE = 3
"""Rounds in succession whose draft may fail before drafting is switched off."""
COLDEST = 1e-6
"""Temperatures below it are it: logits must stay finite when they are divided."""
WORST = 18.42
"""The divergence of a draft that is not a number: the most that `divergence` can say."""


@dataclass(frozen=True, slots=True)
class Emitted:
    """What a round gave one sequence: its new tokens, as the models see them (an end token may be among them)."""

    sequence: Sequence
    tokens: list[int]


class Decoder:
    """The live rows, their state on the device, and the round over them. Rows 0 to B - 1 are live, always."""

    def __init__(self, target: Runner, drafter: Drafter, policy: Policy, costs: Costs) -> None:
        self.target, self.drafter, self.policy, self.costs = target, drafter, policy, costs
        slots, device = target.slots, target.model.device
        self.device = device
        self.signals = Signals(slots, device, policy.decay)
        self.clock = Clock(device)
        self.sequences: list[Sequence] = []
        self.limits = [0] * slots
        self.failures = 0
        """Rounds in succession whose draft has failed."""
        self.torn = False
        """Whether the last round broke off half-way through its changes: the caches of its rows are worth nothing."""
        self.newest = torch.zeros(slots, 2, dtype=torch.int64, device=device)
        self.seeds = torch.zeros(slots, dtype=torch.int64, device=device)
        self.seeded = torch.zeros(slots, dtype=torch.bool, device=device)
        self.floats = torch.zeros(slots, 4, device=device)  # temperature, top-p, min-p, penalty
        self.top_k = torch.zeros(slots, dtype=torch.int64, device=device)
        self.seen = torch.zeros(0, 0, dtype=torch.bool, device=device)

    def join(self, sequence: Sequence) -> None:
        """The sequence, whose prompt but for the last token is in the caches of the next free row, goes live there."""
        row, params = len(self.sequences), sequence.params
        self.sequences.append(sequence)
        self.signals.clear(row)
        self.policy.clear(row)
        self.newest[row] = placed((sequence.tokens * 2)[-2:], self.device)
        self.seeds[row] = sequence.seed
        self.seeded[row] = params.seed is not None
        temperature = max(params.temperature, COLDEST) if params.temperature else 0.0
        self.floats[row] = placed([temperature, params.top_p, params.min_p, params.repetition_penalty], self.device)
        self.top_k[row] = params.top_k
        if params.repetition_penalty != 1:
            if not len(self.seen):
                self.seen = torch.zeros(
                    self.target.slots, self.target.model.config.vocab, dtype=torch.bool, device=self.device
                )
            self.seen[row] = False
            self.seen[row, placed(sequence.tokens, self.device)] = True
        # The others' policies have had their say about the last round.
        self.signals.drafted[:row] = self.signals.accepted[:row] = 0
        self.limits[row] = int(self.policy.limit(self.signals, self.costs, row + 1)[row])

    def read(self, sequence: Sequence, row: int, end: int) -> None:
        """Let the drafter take in the first `end` tokens of a sequence that is on its way into `row`."""
        if self.failures < PATIENCE:
            try:
                self.drafter.read(sequence, row, end)
            except Exception as error:
                self._draft_failed(error)
                self.forget_draft(sequence, row)

    def leave(self, row: int) -> None:
        """The row's sequence is gone; the last one takes its place."""
        last = len(self.sequences) - 1
        moved = self.sequences.pop()
        if row != last:
            self.sequences[row] = moved
            self.target.cache.move(last, row, len(moved.tokens))
            self.drafter.move(last, row, len(moved.tokens))
            self.signals.move(last, row)
            self.policy.move(last, row)
            self.limits[row] = self.limits[last]
            for part in (self.newest, self.seeds, self.seeded, self.floats, self.top_k, self.seen):
                if len(part):
                    part[row] = part[last]
        self.signals.clear(last)
        self.policy.clear(last)

    def round(self) -> list[Emitted]:
        """Draft, verify, accept, learn. B rows, K the longest draft of this round."""
        self.clock.start()
        batch = self.target.batch(len(self.sequences))
        rows = self._rows(batch)
        proposed = self._drafted(rows, self._limits(batch))
        draft = proposed or nothing(rows, [0] * batch)  # tokens [B, K]
        self.clock.mark()
        fed = torch.cat([rows.newest[:, 1:], self._harmless(rows, draft)], 1)
        needed = max(len(sequence.tokens) for sequence in self.sequences) + draft.tokens.shape[1]
        logits = self.target.run(self._padded(fed), offset=0, needed=needed)[:, : fed.shape[1]]  # [B, K+1, V]
        self.clock.mark()
        counts, following = admitted(rows, draft, logits)
        broken = _broken(logits, counts)
        counts, following = torch.where(broken, 0, counts), torch.where(broken, rows.newest[:, 1], following)
        self.clock.mark()
        figures = self._learn(draft, logits, counts)
        limits = self.policy.limit(self.signals, self.costs, batch)
        self.clock.mark()
        whole = torch.cat(
            [draft.tokens, *(part[:, None] for part in (following, broken, counts, draft.limits, limits))], 1
        )
        live = len(self.sequences)
        self.torn = True
        # Rows that are only computed to fill up the batch stay as they are: a prompt may be on its way into one.
        self.target.cache.commit(slice(0, live), torch.where(broken, 0, counts + 1)[:live])
        self._remember(draft, counts, following)
        told = torch.cat([whole.double(), figures.double()], 1)[:live].tolist()  # the one copy to the host
        if proposed is not None:
            self._tell_drafter(rows, proposed, counts, [int(row[-6]) for row in told])
        emitted = self._emitted(told, draft.tokens.shape[1])
        self._account(told, draft, self.clock.read())
        self.torn = False
        return emitted

    def _drafted(self, rows: Rows, limits: list[int]) -> Draft | None:
        """The drafter's proposal, None where it fails."""
        if self.failures < PATIENCE:
            try:
                draft = self.drafter.propose(rows, limits)
            except Exception as error:
                self._draft_failed(error)
            else:
                return draft
        return None

    def _tell_drafter(self, rows: Rows, draft: Draft, counts: Tensor, told: list[int]) -> None:
        try:
            self.drafter.accepted(rows, draft, counts, told)
            if draft.logits is not None:
                self.failures = 0
        except Exception as error:
            self._draft_failed(error)

    def _draft_failed(self, error: Exception) -> None:
        """Count and log it; what the draft has read may be half-way anywhere, so it reads anew."""
        self.failures += 1
        if self.failures == 1:
            LOG.warning("a draft failed; the answer goes on without it", exc_info=error)
        elif self.failures == PATIENCE:
            LOG.warning("drafts failed %d times in succession; drafting is switched off", PATIENCE)
        for row, sequence in enumerate(self.sequences):
            self.forget_draft(sequence, row)

    def forget_draft(self, sequence: Sequence, row: int) -> None:
        """Let the drafter read the sequence from its beginning, when it next drafts for it."""
        self.drafter.clear(row)
        sequence.drafted = 0

    def _rows(self, batch: int) -> Rows:
        floats = self.floats[:batch]
        params = [sequence.params for sequence in self.sequences]
        plain = all(each.top_k == 0 and each.top_p == 1 and each.min_p == 0 for each in params)
        penalised = any(each.repetition_penalty != 1 for each in params)
        return Rows(
            sequences=self.sequences,
            newest=self.newest[:batch],
            lengths=self.target.cache.lengths[:batch] + 1,
            seeds=self.seeds[:batch],
            seeded=self.seeded[:batch],
            processors=Processors(
                floats[:, 0], self.top_k[:batch], floats[:, 1], floats[:, 2], floats[:, 3], plain, penalised
            ),
            greedy=all(each.temperature == 0 for each in params),
            seen=self.seen[:batch] if penalised else None,
        )

    def _limits(self, batch: int) -> list[int]:
        """What the policy said, cut to what a row may still emit; a text of one token has nothing to draft from."""
        limits = [0] * batch
        for row, sequence in enumerate(self.sequences):
            room = sequence.room - sequence.generated - 1
            limits[row] = max(0, min(self.limits[row], room)) if len(sequence.tokens) > 1 and not sequence.wary else 0
        return limits

    def _padded(self, fed: Tensor) -> Tensor:
        missing = self.target.width(fed.shape[1]) - fed.shape[1]
        return torch.cat([fed, fed.new_zeros(len(fed), missing)], 1) if missing else fed

    def _learn(self, draft: Draft, logits: Tensor, counts: Tensor) -> Tensor:
        """Take the verified places into the signals; [B, 3]: mean KLD, WVIR, decaying acceptance of each row."""
        batch = len(counts)
        if any(draft.modelled):
            tried = placed(draft.modelled, self.device)
            divergences = logits[:, :0, 0]
            if draft.logits is not None:
                steps = draft.logits.shape[1]
                divergences = divergence(logits[:, :steps], draft.logits).nan_to_num(WORST)
            drafted, accepted = (torch.where(tried, part, 0) for part in (draft.limits, counts))
            self.signals.observe(divergences, drafted, accepted)
        else:
            self.signals.rest(batch)
        return self.signals.first(batch).figures

    def _remember(self, draft: Draft, counts: Tensor, following: Tensor) -> None:
        """Newest tokens, and those that were seen where a penalty needs them."""
        batch = len(counts)
        text = torch.cat([self.newest[:batch, 1:], draft.tokens], 1)
        before = text.gather(1, counts[:, None])
        if len(self.seen):
            places = torch.arange(draft.tokens.shape[1], device=self.device)
            stay = torch.where(places < counts[:, None], draft.tokens, following[:, None])
            self.seen[:batch].scatter_(1, torch.cat([stay, following[:, None]], 1), True)
        self.newest[:batch] = torch.cat([before, following[:, None]], 1)

    def _emitted(self, told: list[list[float]], width: int) -> list[Emitted]:
        emitted = []
        for at, (sequence, row) in enumerate(zip(self.sequences, told, strict=True)):
            count, broken = int(row[-6]), bool(row[-7])
            tokens = [int(token) for token in (*row[:count], row[width])]
            if broken:
                tokens = []
                # A NaN spoils what it is masked for too: it must not stay behind the text, nor in the slot.
                if width and not sequence.wary:
                    sequence.wary = True
                    self.forget_draft(sequence, at)
                    self.target.cache.wipe(at, len(sequence.tokens) - 1)
                else:
                    sequence.end("error", "the model's numbers overflowed (NaN): another precision may help")
                    self.target.cache.wipe(at, 0)
            emitted.append(Emitted(sequence, tokens))
        return emitted

    def _harmless(self, rows: Rows, draft: Draft) -> Tensor:
        """The draft's tokens; a row that must not be drafted for reads its newest token in their place."""
        if not any(sequence.wary for sequence in self.sequences):
            return draft.tokens
        places = torch.arange(draft.tokens.shape[1], device=self.device)
        return torch.where(places < draft.limits[:, None], draft.tokens, rows.newest[:, 1:])

    def _account(self, told: list[list[float]], draft: Draft, times: tuple[float, float, float]) -> None:
        """Costs, next limits and each sequence's own figures."""
        batch, width = draft.tokens.shape
        self.costs.record(batch, draft.steps, width + 1, times, tried=any(draft.modelled))
        plain = self.costs.plain(batch) * self.costs.pace
        for row, sequence in enumerate(self.sequences):
            *_, count, limit, following, mean, ratio, _ = told[row]
            self.limits[row] = int(following)
            if draft.modelled[row]:
                sequence.progress += 0.1 * (count + 1 - sequence.progress)
            sequence.stats.record(int(limit), int(count), mean, ratio, draft.modelled[row], times, plain)


def _broken(logits: Tensor, counts: Tensor) -> Tensor:
    """[B]: whether a place of `logits` [B, K+1, V] that counts has a number that is none."""
    ill = ~logits.amax(-1).isfinite()  # a NaN is the largest of all
    return (ill & (torch.arange(ill.shape[1], device=ill.device) <= counts[:, None])).any(1)
