"""First weights that can copy: a head that looks one place back, and heads that look for what followed before.

Small models find this circuit (Olsson et al., 2022, "In-context learning and induction heads") only after millions of
tokens, and to explain code is above all to copy its names. So it is there at the start, and training goes on from it.

The residual stream begins with three parts that know nothing of each other: dimension 0, the same for all tokens; a
space S for the token before; the rest, where the embeddings are. Layer 0's first head attends to place i - 1, whatever
stands there, by the high frequencies of its rotary positions, and writes that token into S. Layer 1's first heads
compare the token at i with what stands in S, by low frequencies, which hardly know places, and so attend to what
followed the same token before; they add its embedding to the stream, which makes it the likeliest next token.

The first hundred steps would destroy all that, for the rates are high and nothing else is of use yet. So it is held
(`Held`) until the rates fall: these heads stay as they are, and no embedding comes into S.
"""

import math

import torch
from torch import Tensor

from training.model import THETA, Block, Lean

_DEVIATION = 0.05
"""Of the embeddings."""
_SAME = 6.0
"""Dimension 0 of the embeddings, in deviations."""
_GAP = 6.0
"""By how much the place before is preferred to its neighbours, in logits."""
_HIGH = 14
"""How many of the highest frequencies tell places apart."""
_COMPARED = 12
"""How many of the lowest frequencies compare tokens."""
_MATCH = 2.0
"""How strongly, as the scale of the queries and keys."""
_COPY = 0.2
"""How strongly what is found is added."""


class Held:
    """What is held of a model that has just begun; `restore` puts it back after a step."""

    def __init__(self, model: Lean, before: Tensor) -> None:
        head, hidden = model.shape.head, model.shape.hidden
        self._before = before
        self._embedding = model.embedding
        self._parts: list[tuple[Tensor, Tensor]] = []
        for layer, heads in enumerate((1, min(3, model.shape.heads))[: model.shape.layers]):
            qkv, out = _attention(model, layer)
            views = [qkv.data[part * hidden : part * hidden + heads * head] for part in range(3)]
            self._parts += [(view, view.clone()) for view in (*views, out.data[:, : heads * head])]

    @torch.no_grad()
    def restore(self) -> None:
        """Put back what a step has changed."""
        for view, saved in self._parts:
            view.copy_(saved)
        self._embedding.sub_((self._embedding @ self._before.T) @ self._before)
        self._embedding[:, 0] = _SAME * _DEVIATION


@torch.no_grad()
def begin(model: Lean, seed: int) -> Held:
    """Give a model its first weights."""
    shape, generator = model.shape, torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1:
            parameter.fill_(1.0)
        elif name.endswith((".out", ".down")):
            parameter.zero_()
        else:
            parameter.normal_(std=0.5 / math.sqrt(shape.hidden), generator=generator)
    basis = torch.zeros(shape.hidden - 1, shape.hidden)
    square = torch.randn(shape.hidden - 1, shape.hidden - 1, generator=generator)
    basis[:, 1:] = torch.linalg.qr(square).Q
    width = min(shape.head, shape.hidden // 4)
    before, rest = basis[:width], basis[width:]  # S, and where the embeddings are
    seen = rest[:width]  # what of a token is written into S
    spread = torch.randn(shape.vocabulary, len(rest), generator=generator) * _DEVIATION
    model.embedding.copy_(spread @ rest)
    model.embedding[:, 0] = _SAME * _DEVIATION
    _look_back(model, before, seen)
    if shape.layers > 1:
        _look_for_the_same(model, before, seen, rest, generator)
    return Held(model, before)


def first_head(model: Lean) -> Tensor:
    """The queries' weights of the head that looks back."""
    return _attention(model, 0)[0].data[: model.shape.head]


def _attention(model: Lean, layer: int) -> tuple[Tensor, Tensor]:
    block = model.blocks[layer]
    assert isinstance(block, Block)
    return block.qkv, block.out


def _look_back(model: Lean, before: Tensor, seen: Tensor) -> None:
    head, hidden = model.shape.head, model.shape.hidden
    qkv, out = _attention(model, 0)
    frequencies = THETA ** (-torch.arange(0, head, 2, dtype=torch.float32) / head)
    high = frequencies[: min(_HIGH, len(frequencies))]
    same = _SAME / math.sqrt(1 + _SAME**2 / hidden)  # dimension 0 behind the norm
    # The query is turned by i, the key by j and by 1 more: the logit is greatest where j = i - 1.
    size = math.sqrt(_GAP * math.sqrt(head) / float((1 - high.cos()).sum())) / same
    query, key, value = torch.zeros(head, hidden), torch.zeros(head, hidden), torch.zeros(head, hidden)
    query[: len(high), 0] = size
    key[: len(high), 0] = size * high.cos()
    key[head // 2 : head // 2 + len(high), 0] = size * high.sin()
    value[: len(seen)] = seen
    for part, matrix in enumerate((query, key, value)):
        qkv[part * hidden : part * hidden + head] = matrix
    out[:, : len(before)] = before.T * _DEVIATION


def _look_for_the_same(model: Lean, before: Tensor, seen: Tensor, rest: Tensor, generator: torch.Generator) -> None:
    head, hidden = model.shape.head, model.shape.hidden
    qkv, out = _attention(model, 1)
    heads = min(3, model.shape.heads)
    width = min(head, len(rest) // heads)
    low = torch.arange(head // 2 - min(_COMPARED, head // 4, len(seen) // 2), head // 2)
    places = torch.cat([low, low + head // 2])
    for number in range(heads):
        chosen = torch.linalg.qr(torch.randn(len(seen), len(places), generator=generator)).Q.T
        query, key, value = torch.zeros(head, hidden), torch.zeros(head, hidden), torch.zeros(head, hidden)
        query[places] = chosen @ seen * _MATCH
        key[places] = chosen @ before * _MATCH
        own = rest[number * width : (number + 1) * width]
        value[:width] = own
        first = number * head
        for part, matrix in enumerate((query, key, value)):
            qkv[part * hidden + first : part * hidden + first + head] = matrix
        out[:, first : first + width] = own.T * _COPY
