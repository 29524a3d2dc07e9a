"""Models of real shapes with made-up weights, two of which agree as often as one wants.

A small core, a random language model of its own, lies in the first components of the stream of every shape: its heads
in the first heads, its inner units in the first ones. All other layers add next to nothing. So models of different
shapes compute the same function, at the price of their shape; noise on the embeddings of one makes it disagree.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from torch import Tensor

from chatbt.dsde.models.config import read_config
from chatbt.dsde.models.model import Model
from chatbt.dsde.models.placing import Placement
from chatbt.dsde.models.weights import Weights

HEAD, HEADS, INNER, DEPTH = 64, 2, 256, 2
"""The core's size of a head, its heads (of one key head), its inner units and its layers."""
SHARPNESS = 10.0
"""Standard deviation of the core's logits: the likeliest token has a probability of about a half."""
NOTHING = 1e-6
"""Scale of what the other layers add."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The public configuration of a Qwen2 model."""

    name: str
    hidden: int
    intermediate: int
    layers: int
    heads: int
    kv_heads: int
    vocab: int
    tied: bool

    def config(self) -> Any:
        """As transformers has it."""
        from transformers import Qwen2Config

        return Qwen2Config(
            vocab_size=self.vocab,
            hidden_size=self.hidden,
            intermediate_size=self.intermediate,
            num_hidden_layers=self.layers,
            num_attention_heads=self.heads,
            num_key_value_heads=self.kv_heads,
            tie_word_embeddings=self.tied,
            max_position_embeddings=32768,
            rope_parameters={"rope_type": "default", "rope_theta": 1e6},
            rms_norm_eps=1e-6,
            bos_token_id=None,
            eos_token_id=None,
        )

    @property
    def read_in_a_step(self) -> int:
        """Weights that every step reads: all but an embedding that is not the head as well."""
        head_dim = self.hidden // self.heads
        attention = self.hidden * head_dim * 2 * (self.heads + self.kv_heads)
        return self.layers * (attention + 3 * self.hidden * self.intermediate) + self.vocab * self.hidden


SHAPES = {
    shape.name: shape
    for shape in (
        Shape("0.5B", 896, 4864, 24, 14, 2, 151936, True),
        Shape("1.5B", 1536, 8960, 28, 12, 2, 151936, True),
        Shape("7B", 3584, 18944, 28, 28, 4, 152064, False),
        Shape("small draft", 192, 320, 3, 3, 1, 2048, True),
        Shape("small target", 512, 1536, 6, 4, 2, 2112, False),
    )
}
PAIRS = {"0.5B->1.5B": ("0.5B", "1.5B"), "0.5B->7B": ("0.5B", "7B"), "small": ("small draft", "small target")}


class Core:
    """The language model inside, for `vocab` tokens."""

    def __init__(self, vocab: int, width: int, seed: int) -> None:
        generator = torch.Generator().manual_seed(seed)

        def drawn(rows: int, columns: int, scale: float) -> Tensor:
            return torch.randn(rows, columns, generator=generator).mul_(scale / columns**0.5)

        self.vocab, self.width = vocab, width
        self.scale = SHARPNESS / width**0.5
        self.embedding = drawn(vocab, width, SHARPNESS)
        self.noise = drawn(vocab, width, SHARPNESS)
        self.layers = [
            {
                "q": drawn(HEADS * HEAD, width, 2.0),
                "k": drawn(HEAD, width, 1.0),
                "v": drawn(HEAD, width, 1.0),
                "o": drawn(width, HEADS * HEAD, 4 * self.scale),
                "gate": drawn(INNER, width, 1.5),
                "up": drawn(INNER, width, 1.5),
                "down": drawn(width, INNER, 8 * self.scale),
            }
            for _ in range(DEPTH)
        ]


def tensors(shape: Shape, core: Core, noise: float, place: Placement) -> dict[str, Tensor]:
    """Every tensor of a model of this shape on the place's device; `noise` 0 leaves the core as it is."""
    device, dtype = place.device, place.dtype
    filler = torch.randn(
        max(shape.intermediate, shape.hidden) * shape.hidden, device=device, generator=_generator(device)
    )
    hidden, inner, size = shape.hidden, shape.intermediate, shape.hidden // shape.heads
    queries, keys = shape.heads * size, shape.kv_heads * size
    made: dict[str, Tensor] = {}

    def put(name: str, rows: int, columns: int, scale: float) -> Tensor:
        made[name] = (filler[: rows * columns] * scale).view(rows, columns).to(dtype)
        return made[name]

    # The stream is nothing but the core: with this weight a norm gives the same in every shape.
    norm = torch.full((hidden,), (core.width / hidden) ** 0.5, device=device, dtype=dtype)
    for layer in range(shape.layers):
        name = f"model.layers.{layer}"
        for part in ("input_layernorm", "post_attention_layernorm"):
            made[f"{name}.{part}.weight"] = norm.clone()
        q, k, v = (
            put(f"{name}.self_attn.{part}_proj.weight", rows, hidden, 0.02)
            for part, rows in (("q", queries), ("k", keys), ("v", keys))
        )
        for part, rows in (("q", queries), ("k", keys), ("v", keys)):
            made[f"{name}.self_attn.{part}_proj.bias"] = torch.zeros(rows, device=device, dtype=dtype)
        o = put(f"{name}.self_attn.o_proj.weight", hidden, queries, NOTHING)
        gate, up = (put(f"{name}.mlp.{part}_proj.weight", inner, hidden, 0.02) for part in ("gate", "up"))
        down = put(f"{name}.mlp.down_proj.weight", hidden, inner, NOTHING)
        if layer < DEPTH:
            own = core.layers[layer]
            turned = _turned(size)
            for head in range(HEADS):
                part = own["q"][head * HEAD : (head + 1) * HEAD] * (size / HEAD) ** 0.5
                _lay(q, turned + head * size, part)
                o[: core.width, head * size : head * size + HEAD] = own["o"][:, head * HEAD : (head + 1) * HEAD]
            k[:size] = 0  # the rest of a larger head says nothing
            _lay(k, turned, own["k"])
            _lay(v, torch.arange(HEAD), own["v"])
            _lay(gate, torch.arange(INNER), own["gate"])
            _lay(up, torch.arange(INNER), own["up"])
            down[: core.width, :INNER] = own["down"]
    embedding = torch.zeros(shape.vocab, hidden, device=device, dtype=dtype)
    embedding[: core.vocab, : core.width] = core.embedding + noise * core.noise
    made["model.embed_tokens.weight"] = embedding
    made["model.norm.weight"] = norm
    if not shape.tied:
        made["lm_head.weight"] = embedding.clone()
    return made


def _turned(size: int) -> Tensor:
    """Where the components of a core's head lie in a head of `size`, so that they turn as fast as in one of its own."""
    step = size // HEAD
    half = torch.arange(HEAD // 2) * step
    return torch.cat([half, half + size // 2])


def _lay(weight: Tensor, rows: Tensor, part: Tensor) -> None:
    """Let these rows read the core's part of the stream, and nothing else."""
    rows = rows.to(weight.device)
    weight[rows] = 0
    weight[rows, : part.shape[1]] = part.to(weight.device, weight.dtype)


def _generator(device: torch.device) -> torch.Generator:
    return torch.Generator(device).manual_seed(0)


def model(shape: Shape, core: Core, noise: float, place: Placement) -> Model:
    """Our model of this shape. Nothing but its configuration is ever on disk, and that for a moment."""
    with tempfile.TemporaryDirectory() as folder:
        shape.config().save_pretrained(folder)
        config, theirs = read_config(Path(folder))
    return Model(config, theirs, Weights(tensors(shape, core, noise, place), Path(shape.name)), place)


def theirs(shape: Shape, core: Core, place: Placement) -> Any:
    """The same, without noise, as a model of transformers."""
    from transformers import Qwen2ForCausalLM

    before = torch.get_default_dtype()
    torch.set_default_dtype(place.dtype)
    try:
        with torch.device(place.device):
            made: Any = Qwen2ForCausalLM(shape.config())
    finally:
        torch.set_default_dtype(before)
    with torch.no_grad():
        parameters = dict(made.named_parameters())
        for name, tensor in tensors(shape, core, 0.0, place).items():
            parameters[name].copy_(tensor)
    return made.eval()


class Numbers:
    """A tokenizer for tokens that mean nothing."""

    eos_token_id = None

    def __init__(self, vocab: int) -> None:
        self.backend_tokenizer = Tokenizer(WordLevel({str(token): token for token in range(vocab)}, unk_token="0"))


@torch.inference_mode()
def agreement(draft: Model, texts: list[list[int]], prompt: int) -> tuple[float, float]:
    """How often the draft's likeliest token is the text's behind the prompts, and how likely it finds its own."""
    span = -(-max(map(len, texts)) // 64) * 64
    cache = draft.cache(1, span, 0)
    agreed: list[Tensor] = []
    sure: list[Tensor] = []
    for text in texts:
        cache.clear(0)
        tokens = torch.tensor([text], device=draft.device)
        logits = draft.forward(tokens, cache, slice(0, 1), offset=0, span=span)[0, prompt - 1 : -1]
        agreed.append(logits.argmax(-1) == tokens[0, prompt:])
        sure.append(torch.softmax(logits, -1).amax(-1))
    return float(torch.cat(agreed).float().mean()), float(torch.cat(sure).mean())


def calibrated(shape: Shape, core: Core, wanted: float, texts: list[list[int]], prompt: int, place: Placement) -> float:
    """The noise with which a draft of this shape agrees with the texts that often."""
    low, high = 0.0, 0.5
    for _ in range(9):
        middle = (low + high) / 2
        if agreement(model(shape, core, middle, place), texts, prompt)[0] > wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2
