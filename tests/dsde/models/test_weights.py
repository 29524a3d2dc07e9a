"""Weights come out of safetensors files alone, and what is damaged is said before anything is computed."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from chatbt.dsde.errors import LoadError
from chatbt.dsde.models.model import Model
from chatbt.dsde.models.weights import read_weights
from tests.dsde.tiny import Tiny

NAME = "model.layers.1.mlp.up_proj.weight"


@pytest.fixture
def folder(tiny: Tiny, tmp_path: Path) -> Path:
    """A model that a test may spoil."""
    return shutil.copytree(tiny.model(), tmp_path / "model")


def load(folder: Path) -> Model:
    return Model.load(folder, torch.device("cpu"), torch.float32)


def change(folder: Path, edit: Callable[[dict[str, Tensor]], object]) -> None:
    """Write the tensors anew after `edit`."""
    tensors = {name: tensor.clone() for name, tensor in load_file(folder / "model.safetensors").items()}
    edit(tensors)
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})


def shard(folder: Path) -> Path:
    """Spread the tensors over two files with an index; the index."""
    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    parts: list[dict[str, Tensor]] = [{}, {}]
    for at, (name, tensor) in enumerate(tensors.items()):
        parts[at % 2][name] = tensor.clone()
    files = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    for file, part in zip(files, parts, strict=True):
        save_file(part, folder / file, {"format": "pt"})
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {name: files[at] for at in (0, 1) for name in parts[at]}}))
    return index


def test_weights_in_several_files_are_put_together(folder: Path) -> None:
    whole = load(folder).embedding
    shard(folder)
    assert torch.equal(load(folder).embedding, whole)


def test_the_text_part_of_a_multimodal_model_is_found(folder: Path) -> None:
    def rename(tensors: dict[str, Tensor]) -> None:
        for name in [*tensors]:
            tensors[name.replace("model.", "model.language_model.", 1)] = tensors.pop(name)

    change(folder, rename)
    assert load(folder).config.vocab


def test_pickled_weights_alone_are_refused_and_never_opened(folder: Path, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
            return Path.touch, (tmp_path / "ran",)  # type: ignore[return-value]

    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(LoadError, match="only pickled weights, which can run any code; ask for a safetensors version"):
        load(folder)
    assert not (tmp_path / "ran").exists()


def test_a_folder_without_weights_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(LoadError, match=r"has no model\.safetensors: the download is not complete"):
        load(folder)


@pytest.mark.parametrize("kept", [0, 4, 100, -1, -5000])
def test_a_truncated_file_is_refused(folder: Path, kept: int) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(LoadError, match=r"model\.safetensors cannot be read .*: download the model again"):
        load(folder)


def test_a_file_with_a_corrupt_header_is_refused(folder: Path) -> None:
    file = folder / "model.safetensors"
    content = bytearray(file.read_bytes())
    content[20:40] = b"\x00" * 20
    file.write_bytes(content)
    with pytest.raises(LoadError, match=r"model\.safetensors cannot be read .*: download the model again"):
        load(folder)


def test_a_pointer_in_place_of_the_file_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    with pytest.raises(LoadError, match=r"model\.safetensors cannot be read .*: download the model again"):
        load(folder)


def test_a_missing_tensor_is_named(folder: Path) -> None:
    change(folder, lambda tensors: tensors.pop(NAME))
    with pytest.raises(LoadError, match=rf"the tensor '{NAME}' is missing: download the model again"):
        load(folder)


def test_a_head_of_its_own_must_be_there(folder: Path) -> None:
    change(folder, lambda tensors: tensors.pop("lm_head.weight"))
    with pytest.raises(LoadError, match=r"the tensor 'lm_head\.weight' is missing"):
        load(folder)


def test_a_tensor_of_another_shape_is_named_with_both_shapes(folder: Path) -> None:
    change(folder, lambda tensors: tensors.update({NAME: torch.zeros(95, 64)}))
    with pytest.raises(LoadError, match=rf"'{NAME}' is of shape \(95, 64\), the configuration says \(96, 64\): .+"):
        load(folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_value_that_is_not_finite_is_refused(folder: Path, value: float) -> None:
    change(folder, lambda tensors: tensors[NAME].view(-1).__setitem__(17, value))
    with pytest.raises(LoadError, match=rf"'{NAME}' holds NaN or infinite values: .*download the model again"):
        load(folder)


def test_whole_numbers_in_place_of_weights_are_refused(folder: Path) -> None:
    change(folder, lambda tensors: tensors.update({NAME: torch.zeros(96, 64, dtype=torch.int8)}))
    with pytest.raises(LoadError, match=rf"'{NAME}' holds int8"):
        load(folder)


def test_a_tensor_that_the_layers_do_not_use_is_refused(folder: Path) -> None:
    change(folder, lambda tensors: tensors.update({"model.layers.0.self_attn.sinks": torch.zeros(4)}))
    with pytest.raises(LoadError, match=r"'model\.layers\.0\.self_attn\.sinks' is not part of a llama"):
        load(folder)


def test_old_tables_of_frequencies_are_ignored(folder: Path) -> None:
    change(folder, lambda tensors: tensors.update({"model.layers.0.self_attn.rotary_emb.inv_freq": torch.zeros(8)}))
    assert load(folder).config.vocab


@pytest.mark.parametrize(
    "name", ["../stolen.safetensors", "/etc/passwd", "deeper/part.safetensors", "gone.safetensors"]
)
def test_an_index_may_only_name_files_that_stand_beside_it(folder: Path, name: str) -> None:
    index = shard(folder)
    shutil.copy(folder / "model-00001-of-00002.safetensors", folder.parent / "stolen.safetensors")
    (folder / "deeper").mkdir()
    shutil.copy(folder / "model-00001-of-00002.safetensors", folder / "deeper" / "part.safetensors")
    index.write_text(json.dumps({"weight_map": {NAME: name}}))
    with pytest.raises(LoadError, match=rf"index\.json names '{name}', which is not there: download the model again"):
        load(folder)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "7", "{}", '{"weight_map": []}', '{"weight_map": {"a": 3}}', '{"weight_map": {"a": []}}']
)
def test_an_index_that_makes_no_sense_is_refused(folder: Path, content: str) -> None:
    shard(folder).write_text(content)
    with pytest.raises(LoadError, match=r"index\.json cannot be read.*: download the model again"):
        load(folder)


def test_a_tensor_is_taken_once(folder: Path) -> None:
    weights = read_weights(folder)
    weights.take(NAME, 96, 64)
    assert weights.take_if_there(NAME, 96, 64) is None
