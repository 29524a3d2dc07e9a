"""Where weights lie, in which precision, and the product that is fastest there.

On a CPU the stream between the products, and the caches, are float32 whatever the weights are: small kernels in
bfloat16 are slower there. Weights that half precision holds exactly are packed for fbgemm, whose products read half the
bytes, accumulate in float32, and give each row the same bits whatever stands beside it: so a verified token is the
token that plain decoding gives.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional


class Product(Protocol):
    """x [..., in] -> [..., out], in the precision of `x`."""

    def __call__(self, x: Tensor) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class Linear:
    """x @ weight.T + bias, in the weight's own precision."""

    weight: Tensor
    bias: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        return functional.linear(x.to(self.weight.dtype), self.weight, self.bias).to(x.dtype)


@dataclass(frozen=True, slots=True)
class Transposed:
    """The same for float32 on a CPU, from the transposed weight [in, out]."""

    weight: Tensor
    bias: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        out: Tensor = torch.mm(x.flatten(0, -2), self.weight).view(*x.shape[:-1], -1)
        return out if self.bias is None else out + self.bias


@dataclass(frozen=True, slots=True)
class Packed:
    """The same from a weight packed in half precision, float32 in and out."""

    weight: Tensor
    bias: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        out: Tensor = torch.fbgemm_linear_fp16_weight_fp32_activation(x, self.weight, self.bias)
        return out


@dataclass(frozen=True, slots=True)
class Norm:
    """x / rms(x) * weight over the last axis (Zhang and Sennrich, Root Mean Square Layer Normalization, 2019)."""

    weight: Tensor
    eps: float

    def __call__(self, x: Tensor) -> Tensor:
        return functional.rms_norm(x, self.weight.shape, self.weight, self.eps)


class SmallNorm:
    """The same in fewer kernels for a CPU: weight * sqrt(n) * x / sqrt(|x|^2 + n eps)."""

    __slots__ = ("_scale", "_slack")

    def __init__(self, weight: Tensor, eps: float) -> None:
        self._scale = weight * len(weight) ** 0.5
        self._slack = torch.tensor((len(weight) * eps) ** 0.5)

    def __call__(self, x: Tensor) -> Tensor:
        length = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
        normed: Tensor = x / torch.hypot(length, self._slack) * self._scale
        return normed


@dataclass(frozen=True, slots=True)
class Placement:
    """A device and the precision of the weights on it."""

    device: torch.device
    dtype: torch.dtype

    @property
    def stream(self) -> torch.dtype:
        """The precision between the products, and of the caches."""
        return torch.float32 if self.device.type == "cpu" else self.dtype

    def exact(self, tensor: Tensor) -> Tensor:
        """A tensor outside the products, in float32."""
        return tensor.to(self.device, torch.float32)

    def table(self, weight: Tensor) -> Tensor:
        """Embeddings, in the stream's precision after rounding to the weights'."""
        return weight.to(self.dtype).to(self.device, self.stream)

    def norm(self, weight: Tensor, eps: float) -> Norm | SmallNorm:
        """The norm with this weight."""
        if self.device.type == "cpu":
            return SmallNorm(weight.to(self.dtype).float(), eps)
        return Norm(weight.to(self.device, self.stream), eps)

    def product(self, weight: Tensor, bias: Tensor | None = None) -> Product:
        """The product with this weight [out, in] and bias [out]."""
        weight = weight.to(self.dtype)
        bias = None if bias is None else bias.to(self.dtype)
        if self.device.type != "cpu":
            return Linear(weight.to(self.device), None if bias is None else bias.to(self.device))
        bias = None if bias is None else bias.float()
        half = weight.half()
        # Only float32 promises every bit: the others have rounded more than half precision's smallest numbers lose.
        if half.isfinite().all() and (self.dtype != torch.float32 or bool((half.float() == weight).all())):
            packed = _packed(half.float())
            if packed is not None:
                return Packed(packed, torch.zeros(len(weight)) if bias is None else bias)
        return Transposed(weight.float().t().contiguous(), bias)


def _packed(weight: Tensor) -> Tensor | None:
    """The weight as fbgemm wants it, None on a processor (or a torch) without it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch announces that these functions may go; then the others are used
            packed: Tensor = torch.fbgemm_pack_gemm_matrix_fp16(weight)
            torch.fbgemm_linear_fp16_weight_fp32_activation(weight[:1], packed, torch.zeros(len(weight)))
    except (AttributeError, RuntimeError):
        return None
    return packed
