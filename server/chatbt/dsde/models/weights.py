"""Weights out of safetensors files, checked against what the model needs before anything is used."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from chatbt.dsde.errors import LoadError

_DTYPES = frozenset({torch.float64, torch.float32, torch.bfloat16, torch.float16})


class Weights:
    """The tensors of one model by name. A name is taken once; shapes are checked when it is taken."""

    def __init__(self, tensors: Mapping[str, Tensor], source: Path) -> None:
        self._tensors = dict(tensors)
        self._source = source

    def take(self, name: str, *shape: int) -> Tensor:
        """The tensor `name` of exactly this shape. Raises `LoadError` where it is missing or of another shape."""
        tensor = self._tensors.pop(name, None)
        if tensor is None:
            raise LoadError(f"{self._source}: the tensor {name!r} is missing: download the model again")
        if tuple(tensor.shape) != shape:
            raise LoadError(
                f"{self._source}: {name!r} is of shape {tuple(tensor.shape)}, the configuration says {shape}: "
                "the weights are another model's"
            )
        if tensor.dtype not in _DTYPES:
            raise LoadError(
                f"{self._source}: {name!r} holds {str(tensor.dtype).removeprefix('torch.')}, which is not supported: "
                "take the model's bfloat16 version"
            )
        if not tensor.isfinite().all():
            raise LoadError(
                f"{self._source}: {name!r} holds NaN or infinite values: the file is damaged; download the model again"
            )
        return tensor

    def take_if_there(self, name: str, *shape: int) -> Tensor | None:
        """The same, or None where there is no such tensor."""
        return self.take(name, *shape) if name in self._tensors else None

    def finish(self, kind: str) -> None:
        """Every layer has taken its tensors. Raises `LoadError` for one that is left: the model computes more."""
        for name in self._tensors:
            if name.startswith("model.layers.") and not name.endswith("rotary_emb.inv_freq"):
                raise LoadError(f"{self._source}: {name!r} is not part of a {kind} as it is known here")


def read_weights(folder: Path) -> Weights:
    """Every tensor of the safetensors files in `folder`, on the CPU.

    Raises `LoadError` for damaged or missing files. Pickled weights are never opened: they can run any code.
    """
    with ExitStack() as files:
        tensors: dict[str, Tensor] = {}
        for path in _files(folder):
            try:
                file: Any = files.enter_context(safe_open(path, framework="pt"))
                tensors.update((_plain(name), file.get_tensor(name)) for name in file.keys())  # noqa: SIM118
            except (SafetensorError, OSError, RuntimeError) as error:
                raise LoadError(f"{path} cannot be read ({error}): download the model again") from None
    return Weights(tensors, folder)


def _files(folder: Path) -> Iterator[Path]:
    index = folder / "model.safetensors.index.json"
    if index.exists():
        try:
            names = sorted({Path(name) for name in json.loads(index.read_bytes())["weight_map"].values()})
        except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
            raise LoadError(f"{index} cannot be read ({error}): download the model again") from None
        for name in names:
            if name.name != str(name) or not (folder / name).is_file():
                raise LoadError(f"{index} names '{name}', which is not there: download the model again")
            yield folder / name
    elif (folder / "model.safetensors").is_file():
        yield folder / "model.safetensors"
    elif any(folder.glob("*.bin")) or any(folder.glob("*.pt")):
        raise LoadError(f"{folder} has only pickled weights, which can run any code; ask for a safetensors version")
    else:
        raise LoadError(f"{folder} has no model.safetensors: the download is not complete")


def _plain(name: str) -> str:
    """A multimodal model's text part is named as a text model's own."""
    return name.replace("model.language_model.", "model.", 1)
