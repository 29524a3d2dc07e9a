"""The shape of a model, and what is said about a folder whose configuration cannot be used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from chatbt.dsde.errors import LoadError
from chatbt.dsde.models.config import SUPPORTED, read_config
from tests.dsde.tiny import CONTEXT, EOS, KINDS, VOCAB, Tiny


def copied(source: Path, folder: Path, **changes: Any) -> Path:
    """The configuration of `source` alone, changed."""
    settings = json.loads((source / "config.json").read_bytes()) | changes
    (folder / "config.json").write_text(json.dumps(settings))
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_sizes_are_read_for_every_kind_of_model(tiny: Tiny, kind: str) -> None:
    config, _ = read_config(tiny.model(kind))
    assert (config.vocab, config.hidden, config.intermediate, config.heads, config.kv_heads) == (VOCAB, 64, 96, 4, 2)
    assert config.context == CONTEXT
    assert config.eos == {EOS}
    assert config.model_type in SUPPORTED


@pytest.mark.parametrize(
    ("kind", "layers", "window"),
    [
        ("llama", ("full_attention",) * 2, 0),
        ("qwen2", ("full_attention",) * 2, 0),
        ("qwen2-sliding", ("full_attention", "sliding_attention"), 7),
        ("mistral", ("sliding_attention",) * 2, 7),
        ("qwen3_5_text", ("linear_attention", "linear_attention", "full_attention"), 0),
    ],
)
def test_each_layer_is_of_its_kind(tiny: Tiny, kind: str, layers: tuple[str, ...], window: int) -> None:
    config, _ = read_config(tiny.model(kind))
    assert (config.layers, config.window) == (layers, window)


def test_a_mistral_without_a_window_looks_back_to_the_beginning(tiny: Tiny) -> None:
    config, _ = read_config(tiny.model("mistral", sliding_window=None))
    assert (config.layers, config.window) == (("full_attention",) * 2, 0)


def test_layers_without_rotation_are_known(tiny: Tiny) -> None:
    assert read_config(tiny.model("smollm3"))[0].rotary == (True, False)


def test_a_part_of_a_head_turns(tiny: Tiny) -> None:
    config, _ = read_config(tiny.model("qwen3_5_text"))
    assert (config.head_dim, config.rotary_dim) == (32, 8)


def test_a_model_may_have_several_end_tokens(tiny: Tiny, tmp_path: Path) -> None:
    assert read_config(copied(tiny.model(), tmp_path, eos_token_id=[3, 7]))[0].eos == {3, 7}


def test_the_configuration_of_generation_may_name_more_end_tokens(tiny: Tiny, tmp_path: Path) -> None:
    folder = copied(tiny.model(), tmp_path, eos_token_id=3)
    (folder / "generation_config.json").write_text('{"eos_token_id": [7, 3]}')
    assert read_config(folder)[0].eos == {3, 7}


def test_a_torn_configuration_of_generation_is_told(tiny: Tiny, tmp_path: Path) -> None:
    folder = copied(tiny.model(), tmp_path)
    (folder / "generation_config.json").write_text('{"eos_token_id"')
    with pytest.raises(LoadError, match=r"generation_config\.json is not a JSON object"):
        read_config(folder)


def test_a_model_may_have_no_end_token(tiny: Tiny, tmp_path: Path) -> None:
    folder = copied(tiny.model(), tmp_path, eos_token_id=None)
    (folder / "generation_config.json").unlink(missing_ok=True)
    assert read_config(folder)[0].eos == frozenset()


def test_the_text_part_of_a_multimodal_configuration_is_taken(tiny: Tiny, tmp_path: Path) -> None:
    text = json.loads((tiny.model("qwen3_5_text") / "config.json").read_bytes())
    whole = {"model_type": "qwen3_5", "text_config": text, "tie_word_embeddings": True}
    (tmp_path / "config.json").write_text(json.dumps(whole))
    config, _ = read_config(tmp_path)
    assert (config.model_type, config.vocab, config.tied) == ("qwen3_5_text", VOCAB, True)


def test_a_folder_without_a_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"has no config\.json: give the folder of a model"):
        read_config(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"has no config\.json: give the folder of a model"):
        read_config(tmp_path / "gone")


def test_a_configuration_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").mkdir()
    with pytest.raises(LoadError, match=r"config\.json cannot be read"):
        read_config(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"\xff\xfe", b"null"])
def test_a_configuration_that_is_not_a_json_object_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(LoadError, match=r"config\.json is not a JSON object"):
        read_config(tmp_path)


@pytest.mark.parametrize("content", ["{}", '{"model_type": "gpt2"}', '{"model_type": 3}', '{"model_type": ["llama"]}'])
def test_a_model_of_another_kind_is_refused_with_those_that_are_known(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(LoadError, match=r"model_type .* is not supported; known are llama, mistral, qwen2"):
        read_config(tmp_path)


def test_another_activation_is_refused(tiny: Tiny, tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="hidden_act 'gelu' is not supported; silu is"):
        read_config(copied(tiny.model(), tmp_path, hidden_act="gelu"))


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden_size": "wide"},
        {"num_attention_heads": 5},
        {"num_hidden_layers": None},
        {"rope_parameters": {"rope_type": "spiral", "rope_theta": 10000.0}},
        {"rms_norm_eps": None},
        {"vocab_size": -1},
        {"num_key_value_heads": 3},
    ],
    ids=str,
)
def test_a_configuration_that_contradicts_itself_is_refused(
    tiny: Tiny, tmp_path: Path, changes: dict[str, Any]
) -> None:
    with pytest.raises(LoadError, match=r"config\.json"):
        read_config(copied(tiny.model(), tmp_path, **changes))


def test_quantised_weights_are_refused_with_what_to_do(tiny: Tiny, tmp_path: Path) -> None:
    quantised = copied(tiny.model(), tmp_path, quantization_config={"quant_method": "fp8"})
    with pytest.raises(LoadError, match=r"fp8.*not supported: take the model's bfloat16 version"):
        read_config(quantised)


def test_code_in_the_folder_is_never_run(tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass C: pass\n")
    copied(tiny.model(), tmp_path, auto_map={"AutoConfig": "evil.C"})
    read_config(tmp_path)
    assert not (tmp_path / "ran").exists()


def test_a_layer_of_an_unknown_kind_is_refused(tiny: Tiny, tmp_path: Path) -> None:
    shutil.copy(tiny.model("qwen3") / "config.json", tmp_path)
    with pytest.raises(LoadError, match=r"config\.json"):
        read_config(copied(tmp_path, tmp_path, layer_types=["full_attention", "chunked_attention"]))
