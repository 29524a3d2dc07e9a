"""Messages and bytes."""

from hypothesis import given
from hypothesis import strategies as st

from chatbt.lsp.wire import Frames, framed


@given(st.lists(st.binary(max_size=40), max_size=6), st.integers(1, 30))
def test_bodies_come_out_whole_however_the_stream_is_cut(bodies: list[bytes], size: int) -> None:
    stream = b"".join(map(framed, bodies))
    frames = Frames()
    found = [body for at in range(0, len(stream), size) for body in frames.feed(stream[at : at + size])]
    assert found == bodies
    assert not frames.rest


def test_other_headers_are_skipped() -> None:
    header = b"content-type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH:  2\r\n\r\n{}"
    assert list(Frames().feed(header)) == [b"{}"]


def test_bytes_that_are_no_header_are_dropped_up_to_the_next_message() -> None:
    frames = Frames()
    assert list(frames.feed(b"what is this?\r\n\r\nContent-Length: x\r\n\r\n" + framed(b"{}"))) == [b"{}"]
    assert len(frames.dropped) == 2


def test_a_header_after_garbage_in_the_same_block_is_found() -> None:
    assert list(Frames().feed(b"garbage\r\nContent-Length: 2\r\n\r\n{}")) == [b"{}"]


def test_endless_garbage_takes_no_memory() -> None:
    frames = Frames()
    for _ in range(100):
        assert list(frames.feed(b"x" * 1024)) == []
        frames.dropped.clear()
    assert len(frames.rest) < 20_000
