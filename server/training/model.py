"""The two models' shapes, and a lean Llama that trains fast on a CPU and is saved as transformers' LlamaForCausalLM."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.tokenizer import CONTEXT, SIZE

if TYPE_CHECKING:
    from transformers import LlamaConfig

THETA = 10_000.0
EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a Llama with tied embeddings, whose key and value heads are as many as its query heads."""

    hidden: int
    layers: int
    mlp: int
    heads: int
    vocabulary: int = SIZE

    @property
    def head(self) -> int:
        """How wide a head is."""
        return self.hidden // self.heads


TARGET = Shape(hidden=320, layers=6, mlp=896, heads=5)
DRAFT = Shape(hidden=128, layers=2, mlp=384, heads=2)
SHAPES = {"target": TARGET, "draft": DRAFT}


class Block(nn.Module):
    """Attention and MLP, each behind a norm."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.head = shape.heads, shape.head
        self.first_norm = nn.Parameter(torch.ones(shape.hidden))
        self.second_norm = nn.Parameter(torch.ones(shape.hidden))
        self.qkv = nn.Parameter(torch.empty(3 * shape.hidden, shape.hidden))
        self.out = nn.Parameter(torch.empty(shape.hidden, shape.hidden))
        self.gate_up = nn.Parameter(torch.empty(2 * shape.mlp, shape.hidden))
        self.down = nn.Parameter(torch.empty(shape.hidden, shape.mlp))

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor, mask: Tensor) -> Tensor:
        batch, length, hidden = x.shape  # x: [B, L, H]
        qkv = functional.linear(normed(x, self.first_norm), self.qkv).view(batch, length, 3, self.heads, self.head)
        query, key, value = qkv.unbind(2)  # [B, L, heads, head]
        query, key = turned(query, cosine, sine), turned(key, cosine, sine)
        mixed = functional.scaled_dot_product_attention(
            query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2), attn_mask=mask
        )
        x = x + functional.linear(mixed.transpose(1, 2).reshape(batch, length, hidden), self.out)
        gate, up = functional.linear(normed(x, self.second_norm), self.gate_up).chunk(2, dim=-1)
        return x + functional.linear(functional.silu(gate) * up, self.down)


class Lean(nn.Module):
    """A Llama for training: packed rows, positions that start anew with each text, no caches.

    `working` is the type of what flows through it.
    """

    working = torch.bfloat16

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.empty(shape.vocabulary, shape.hidden))
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.Parameter(torch.ones(shape.hidden))

    def hidden(self, tokens: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
        """The last hidden states, normed; `mask` says for [B, 1, L, L] what may be looked at."""
        cosine, sine = (one.to(self.working) for one in rotation(positions, self.shape.head))
        x = functional.embedding(tokens, self.embedding).to(self.working)
        for block in self.blocks:
            x = block(x, cosine, sine, mask)
        return normed(x, self.norm)

    def forward(self, tokens: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
        return functional.linear(self.hidden(tokens, positions, mask), self.embedding)


def normed(x: Tensor, weight: Tensor) -> Tensor:
    """Root mean square norm, reckoned in float32."""
    wide = x.float()
    return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + EPSILON) * weight).to(x.dtype)


def rotation(positions: Tensor, head: int) -> tuple[Tensor, Tensor]:
    """Cosine and sine of the angles that positions are turned by: [B, L, 1, head]."""
    frequencies = THETA ** (-torch.arange(0, head, 2, dtype=torch.float32) / head)
    angles = positions.float()[..., None, None] * frequencies
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()


def turned(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Vectors turned by their positions, as transformers' Llama turns them."""
    left, right = x.chunk(2, dim=-1)
    return x * cosine + torch.cat([-right, left], dim=-1) * sine


def packed_mask(text: Tensor, branch: Tensor) -> Tensor:
    """What each place may look at, [B, 1, L, L]: what stands before it in its text's prefix and in its own branch."""
    length = text.shape[1]
    same = text[:, :, None] == text[:, None, :]
    known = (branch[:, None, :] == 0) | (branch[:, :, None] == branch[:, None, :])
    return (same & known & torch.ones(length, length, dtype=torch.bool).tril())[:, None]


def as_llama(weights: Mapping[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """The weights by transformers' names."""
    found = {"model.embed_tokens.weight": weights["embedding"], "model.norm.weight": weights["norm"]}
    for number in range(shape.layers):
        old, new = f"blocks.{number}.", f"model.layers.{number}."
        query, key, value = weights[f"{old}qkv"].chunk(3)
        gate, up = weights[f"{old}gate_up"].chunk(2)
        found |= {
            f"{new}self_attn.q_proj.weight": query,
            f"{new}self_attn.k_proj.weight": key,
            f"{new}self_attn.v_proj.weight": value,
            f"{new}self_attn.o_proj.weight": weights[f"{old}out"],
            f"{new}mlp.gate_proj.weight": gate,
            f"{new}mlp.up_proj.weight": up,
            f"{new}mlp.down_proj.weight": weights[f"{old}down"],
            f"{new}input_layernorm.weight": weights[f"{old}first_norm"],
            f"{new}post_attention_layernorm.weight": weights[f"{old}second_norm"],
        }
    return found


def llama_config(shape: Shape) -> "LlamaConfig":
    """The shape as transformers has it."""
    from transformers import LlamaConfig

    return LlamaConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.mlp,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        head_dim=shape.head,
        max_position_embeddings=CONTEXT,
        rms_norm_eps=EPSILON,
        rope_parameters={"rope_type": "default", "rope_theta": THETA},
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=0,
    )
