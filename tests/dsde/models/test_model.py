"""Every kind of model says what transformers says, however its tokens come in and whatever was taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from chatbt.dsde.cache import Cache
from chatbt.dsde.models.model import Model
from tests.dsde.tiny import KINDS, VOCAB, Tiny, reference

CPU = torch.device("cpu")
LENGTH = 40
SPAN = 64
TRAIL = 12
TEXT = torch.randint(0, VOCAB, (LENGTH,), generator=torch.Generator().manual_seed(5)).tolist()
OTHER = torch.randint(0, VOCAB, (LENGTH,), generator=torch.Generator().manual_seed(6)).tolist()


class Loaded:
    """A model beside what transformers says about the two texts."""

    def __init__(self, folder: Path) -> None:
        self.model = Model.load(folder, CPU, torch.float32)
        self.text, self.other = reference(folder, [TEXT, OTHER])

    def cache(self, slots: int = 1) -> Cache:
        return self.model.cache(slots, SPAN, TRAIL)

    def read(self, cache: Cache, tokens: list[int], row: int = 0) -> None:
        self.model.forward(torch.tensor([tokens]), cache, slice(row, row + 1), offset=None, span=SPAN, logits="none")

    def write(self, cache: Cache, *tokens: list[int], offset: int = 0, first: int = 0) -> Tensor:
        """Logits [B, W, V] after uncommitted tokens of the rows from `first` on."""
        rows = slice(first, first + len(tokens))
        return self.model.forward(torch.tensor(tokens), cache, rows, offset=offset, span=SPAN)


@pytest.fixture(scope="module", params=KINDS)
def loaded(request: pytest.FixtureRequest, tiny: Tiny) -> Loaded:
    return Loaded(tiny.model(request.param))


@pytest.fixture(autouse=True)
def _no_gradients() -> object:
    with torch.inference_mode():
        yield


def same(ours: Tensor, theirs: Tensor) -> None:
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-4)


def test_logits_of_a_text_that_is_verified_in_one_piece_equal_those_of_transformers(loaded: Loaded) -> None:
    cache = loaded.model.cache(1, SPAN, LENGTH)
    same(loaded.write(cache, TEXT)[0], loaded.text)


def test_logits_after_a_text_that_was_read_in_pieces_equal_those_of_transformers(loaded: Loaded) -> None:
    cache = loaded.cache()
    for first, last in ((0, 1), (1, 6), (6, 27), (27, 30)):
        loaded.read(cache, TEXT[first:last])
    same(loaded.write(cache, TEXT[30:])[0], loaded.text[30:])


def test_logits_token_by_token_equal_those_of_transformers(loaded: Loaded) -> None:
    cache = loaded.cache()
    loaded.read(cache, TEXT[:10])
    for at in range(10, 20):
        same(loaded.write(cache, [TEXT[at]])[0, 0], loaded.text[at])
        cache.commit(slice(0, 1), torch.tensor([1]))


def test_a_draft_is_written_behind_what_is_not_committed(loaded: Loaded) -> None:
    cache = loaded.cache()
    loaded.read(cache, TEXT[:10])
    pieces = [loaded.write(cache, TEXT[10:12]), loaded.write(cache, TEXT[12:13], offset=2)]
    pieces.append(loaded.write(cache, TEXT[13:17], offset=3))
    same(torch.cat(pieces, 1)[0], loaded.text[10:17])


@pytest.mark.parametrize("right", [0, 1, 3, 6])
def test_what_was_not_committed_leaves_no_trace(loaded: Loaded, right: int) -> None:
    cache = loaded.cache()
    loaded.read(cache, TEXT[:10])
    loaded.write(cache, [*TEXT[10 : 10 + right], *OTHER[right:6]])
    loaded.write(cache, OTHER[6:9], offset=6)
    cache.commit(slice(0, 1), torch.tensor([right]))
    same(loaded.write(cache, TEXT[10 + right : 20])[0], loaded.text[10 + right : 20])


def test_rows_of_different_lengths_do_not_disturb_each_other(loaded: Loaded) -> None:
    cache = loaded.cache(3)
    loaded.read(cache, TEXT[:21], 0)
    loaded.read(cache, OTHER[:4], 1)
    written = loaded.write(cache, TEXT[21:26], [*OTHER[4:6], *TEXT[:3]])
    same(written[0], loaded.text[21:26])
    same(written[1, :2], loaded.other[4:6])
    cache.commit(slice(0, 2), torch.tensor([5, 2]))
    written = loaded.write(cache, TEXT[26:31], OTHER[6:11])
    same(written[0], loaded.text[26:31])
    same(written[1], loaded.other[6:11])


def test_a_row_reads_while_those_before_it_hold_a_draft(loaded: Loaded) -> None:
    cache = loaded.cache(2)
    loaded.read(cache, TEXT[:10])
    loaded.write(cache, TEXT[10:14])
    loaded.read(cache, OTHER[:8], 1)
    cache.commit(slice(0, 1), torch.tensor([4]))
    written = loaded.write(cache, TEXT[14:18], OTHER[8:12])
    same(written[0], loaded.text[14:18])
    same(written[1], loaded.other[8:12])


def test_a_row_that_was_moved_goes_on_where_it_was(loaded: Loaded) -> None:
    cache = loaded.cache(3)
    loaded.read(cache, OTHER[:30], 0)
    loaded.read(cache, TEXT[:12], 2)
    cache.move(2, 0, 12)
    assert cache.lengths.tolist() == [12, 0, 12]
    same(loaded.write(cache, TEXT[12:18])[0], loaded.text[12:18])


def test_a_row_that_was_cleared_begins_anew(loaded: Loaded) -> None:
    cache = loaded.cache(2)
    loaded.read(cache, OTHER[:30], 1)
    loaded.write(cache, OTHER[30:34], first=1)
    cache.clear(1)
    same(loaded.write(cache, TEXT[:10], first=1)[0], loaded.text[:10])


def test_a_wider_look_at_the_cache_changes_nothing(loaded: Loaded) -> None:
    cache = loaded.model.cache(1, 4 * SPAN, TRAIL)
    loaded.read(cache, TEXT[:10])
    wide = loaded.model.forward(torch.tensor([TEXT[10:14]]), cache, slice(0, 1), offset=0, span=4 * SPAN)
    same(wide[0], loaded.text[10:14])


def test_last_gives_the_logits_behind_the_last_token_only(loaded: Loaded) -> None:
    cache = loaded.cache()
    loaded.read(cache, TEXT[:10])
    last = loaded.model.forward(torch.tensor([TEXT[10:14]]), cache, slice(0, 1), offset=0, span=SPAN, logits="last")
    assert last.shape == (1, 1, VOCAB)
    same(last[0, 0], loaded.text[13])


@pytest.mark.parametrize("kind", ["llama", "qwen3_5_text"])
def test_weights_in_bfloat16_give_logits_that_are_near(tiny: Tiny, kind: str) -> None:
    folder = tiny.model(kind)
    model = Model.load(folder, CPU, torch.bfloat16)
    logits = model.forward(torch.tensor([TEXT[:8]]), model.cache(1, SPAN, TRAIL), slice(0, 1), offset=0, span=SPAN)
    theirs = reference(folder, [TEXT[:8]])
    assert logits.dtype == torch.float32
    assert (logits - theirs).square().mean().sqrt() < 0.05 * theirs.std()
