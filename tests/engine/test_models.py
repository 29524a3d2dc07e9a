"""The models of the user: what is here, what may be pulled, and pulling it from a hub of our own on this machine."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from chatbt.cli import main
from chatbt.engine.models import hub, pairs
from chatbt.engine.models.catalogue import Entry, catalogue
from chatbt.engine.models.hub import PullError, pull, remove
from chatbt.engine.models.pairs import Pair, named, pulled
from chatbt.engine.settings import read_settings, settings_file
from tests.engine.loopback import reply, serving

COMMIT = "c" * 40
ENTRY = Entry("tiny", 8, "us/target", "us/draft", 0.001, "Apache-2.0", "https://hub.example/us/target", "tiny")
WEIGHTS = bytes(range(256)) * 64


class Hub:
    """Serves small repositories as the Hugging Face hub does."""

    def __init__(self, entry: Entry = ENTRY) -> None:
        self.files = {
            repository: {
                "config.json": b'{"model_type": "llama"}',
                "model.safetensors": WEIGHTS + repository.encode(),
                "pytorch_model.bin": b"pickle",
                "modeling_us.py": b"import os",
                "onnx/model.safetensors": b"other",
            }
            for repository in (entry.target, entry.draft)
        }
        self.asked: list[tuple[str, str | None]] = []
        self.cut: set[str] = set()
        """Files of which only half is sent, once."""
        self.lie: set[str] = set()
        """Files of which other bytes are sent than were promised."""

    def answer(self, handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        """What the hub says."""
        path = handler.path.partition("?")[0]
        if found := re.fullmatch(r"/api/models/([\w.-]+/[\w.-]+)(/revision/\w+)?", path):
            reply(handler, 200, json.dumps(self._info(found[1])).encode(), Content_Type="application/json")
        elif (found := re.fullmatch(r"/([\w.-]+/[\w.-]+)/resolve/\w+/(.+)", path)) and found[2] in self.files[found[1]]:
            self._file(handler, f"{found[1]}/{found[2]}", self.files[found[1]][found[2]])
        else:
            reply(handler, 404, b"{}", X_Error_Code="RepoNotFound")

    def _info(self, repository: str) -> dict[str, object]:
        siblings = []
        for name, data in self.files[repository].items():
            told: dict[str, object] = {"rfilename": name, "size": len(data), "blobId": git(data)}
            if name.endswith(("safetensors", "bin")):
                sha = hashlib.sha256(data).hexdigest()
                told["lfs"] = {"sha256": sha, "size": len(data), "pointerSize": 130}
            siblings.append(told)
        return {"id": repository, "modelId": repository, "sha": COMMIT, "siblings": siblings, "tags": []}

    def _file(self, handler: BaseHTTPRequestHandler, name: str, data: bytes) -> None:
        asked = handler.headers["Range"]
        if handler.command == "GET":
            self.asked.append((name, asked))
        sent = bytes(len(data)) if name in self.lie else data
        headers = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        start = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
        handler.send_response(206 if start else 200)
        for key, value in headers.items():
            handler.send_header(key, value)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        handler.send_header("Content-Length", str(len(data) - start))
        handler.end_headers()
        if handler.command == "HEAD":
            return
        if name in self.cut:
            self.cut.discard(name)
            handler.wfile.write(sent[: len(data) // 2])
            handler.wfile.flush()
            handler.close_connection = True
            return
        handler.wfile.write(sent[start:])


def git(data: bytes) -> str:
    """Git's checksum of a file."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub on this machine, and nothing else to be reached."""
    constants = pytest.importorskip("huggingface_hub.constants")
    told = Hub()
    with serving(told.answer) as url:
        monkeypatch.setenv("HF_ENDPOINT", url)
        monkeypatch.setattr(constants, "ENDPOINT", url)
        template = url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1024)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        yield told


def steps() -> tuple[list[tuple[str, int, int]], hub.Progress]:
    """What is told of the progress."""
    seen: list[tuple[str, int, int]] = []
    return seen, lambda file, done, total: seen.append((file, done, total))


def test_a_pair_is_pulled_whole_and_only_what_is_data(here: Hub, tmp_path: Path) -> None:
    seen, progress = steps()
    pair = pull(ENTRY, progress, tmp_path)
    assert pair == Pair("tiny", tmp_path / "tiny" / "target", tmp_path / "tiny" / "draft")
    assert pulled(tmp_path) == [pair]
    for part in (pair.target, pair.draft):
        assert part is not None
        assert sorted(path.name for path in part.iterdir()) == ["config.json", "model.safetensors"]
    total = sum(len(files["config.json"]) + len(files["model.safetensors"]) for files in here.files.values())
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert seen[-1] == ("", total, total)


def test_a_file_that_broke_off_is_resumed_where_it_was(here: Hub, tmp_path: Path) -> None:
    here.cut = {"us/target/model.safetensors"}
    seen, progress = steps()
    pull(ENTRY, progress, tmp_path)
    assert (tmp_path / "tiny" / "target" / "model.safetensors").read_bytes() == WEIGHTS + b"us/target"
    first, second = [asked for name, asked in here.asked if name == "us/target/model.safetensors"]
    assert first is None
    assert second is not None
    assert not second.startswith("bytes=0-")
    assert len([done for file, done, _ in seen if file == "us/target/model.safetensors"]) > 2


def test_a_pull_that_was_given_up_goes_on_with_what_is_missing(here: Hub, tmp_path: Path) -> None:
    here.lie = {"us/draft/model.safetensors"}
    with pytest.raises(PullError):
        pull(ENTRY, steps()[1], tmp_path)
    here.lie.clear()
    here.asked.clear()
    pull(ENTRY, steps()[1], tmp_path)
    assert [name for name, _ in here.asked] == ["us/draft/model.safetensors"]


def test_what_a_pull_that_was_killed_left_behind_takes_no_room(here: Hub, tmp_path: Path) -> None:
    left = tmp_path / ".tiny.part" / "target" / ".cache" / "huggingface" / "download" / "a.c0ffee.0123abcd.incomplete"
    left.parent.mkdir(parents=True)
    left.write_bytes(WEIGHTS)
    here.lie = {"us/draft/model.safetensors"}
    with pytest.raises(PullError):
        pull(ENTRY, steps()[1], tmp_path)
    assert not left.exists()


def test_what_does_not_have_its_checksum_is_not_kept(here: Hub, tmp_path: Path) -> None:
    here.lie = {"us/draft/model.safetensors"}
    with pytest.raises(PullError, match="checksum"):
        pull(ENTRY, steps()[1], tmp_path)
    assert not (tmp_path / "tiny").exists()
    assert not list(tmp_path.rglob("draft/model.safetensors"))


def test_a_repository_of_pickles_alone_is_refused(here: Hub, tmp_path: Path) -> None:
    del here.files["us/target"]["model.safetensors"]
    with pytest.raises(PullError, match="pickles can run any code"):
        pull(ENTRY, steps()[1], tmp_path)


def test_a_disk_that_is_too_small_is_told_before_anything_comes(
    here: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "SPARE", 2**60)
    with pytest.raises(PullError, match="GB free: CHATBT_MODELS_DIR"):
        pull(ENTRY, steps()[1], tmp_path)
    assert here.asked == []


def test_a_folder_that_cannot_be_made_is_told(here: Hub, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PullError, match="cannot be written to"):
        pull(ENTRY, steps()[1], tmp_path / "file")


def test_a_place_that_is_taken_is_told_and_what_came_is_kept(here: Hub, tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "file").write_text("")
    with pytest.raises(PullError, match=r"is whole, but cannot be moved to .*tiny.*: clear that place"):
        pull(ENTRY, steps()[1], tmp_path)
    (tmp_path / "tiny" / "file").unlink()
    here.asked.clear()
    assert pulled(tmp_path) == [] and [pull(ENTRY, steps()[1], tmp_path)] == pulled(tmp_path)
    assert here.asked == []


def test_a_model_that_the_hub_does_not_have_is_told(here: Hub, tmp_path: Path) -> None:
    missing = Entry("gone", 8, "us-not/here", "us/draft", 1.0, "MIT", "https://hub.example", "")
    with pytest.raises(PullError, match="us-not/here cannot be found"):
        pull(missing, steps()[1], tmp_path)


def test_what_is_here_is_not_pulled_again(here: Hub, tmp_path: Path) -> None:
    pull(ENTRY, steps()[1], tmp_path)
    with pytest.raises(PullError, match="is here already"):
        pull(ENTRY, steps()[1], tmp_path)


def made(folder: Path, size: int = 8) -> Path:
    """A folder that looks like a pair."""
    for part in ("target", "draft"):
        (folder / part).mkdir(parents=True)
        (folder / part / "config.json").write_text("{}")
        (folder / part / "model.safetensors").write_bytes(bytes(size))
    return folder


@pytest.mark.parametrize("name", ["../other", "/etc", ".hidden", "nothing"])
def test_only_a_pulled_pair_is_removed(tmp_path: Path, name: str) -> None:
    made(tmp_path / "models" / "one")
    made(tmp_path / "other")
    with pytest.raises(PullError, match="pulled"):
        remove(name, tmp_path / "models")
    assert (tmp_path / "other").is_dir()


def test_a_name_stands_for_its_pair_and_the_smaller_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBT_MODELS_DIR", str(tmp_path / "models"))
    for name, size in (("large", 300), ("middle", 200), ("small", 100)):
        made(tmp_path / "models" / name, size)
    bundled = Pair("bundled", tmp_path, None)
    monkeypatch.setattr(pairs, "bundled", lambda: bundled)
    assert [pair.name for pair in named("middle")] == ["middle", "small", "bundled"]
    assert named("") == (bundled,)
    folder = made(tmp_path / "own")
    assert named(str(folder)) == (Pair("own", folder / "target", folder / "draft"),)
    assert named(str(folder / "target"), str(folder / "draft")) == (
        Pair("target", folder / "target", folder / "draft"),
    )
    with pytest.raises(LookupError, match="chatbt model list"):
        named("nowhere")
    monkeypatch.setattr(pairs, "bundled", lambda: None)
    with pytest.raises(LookupError, match="no bundled pair"):
        named("")


def test_the_catalogue_has_a_pair_for_each_size_of_memory() -> None:
    entries = catalogue().values()
    assert {entry.memory for entry in entries} >= {8, 16, 24, 80}
    for entry in entries:
        assert entry.size < entry.memory
        assert entry.source == f"https://huggingface.co/{entry.target}"
        assert entry.licence == "Apache-2.0"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where pulled models lie; the user's settings are as before afterwards."""
    monkeypatch.setenv("CHATBT_MODELS_DIR", str(tmp_path / "models"))
    yield tmp_path / "models"
    settings_file().unlink(missing_ok=True)


def test_a_model_is_listed_used_and_removed(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(own / "mine")
    assert main(["model", "list"]) == 0
    told = capsys.readouterr().out
    assert "mine" in told
    assert "qwen2.5-coder-7b" in told
    assert main(["model", "use", "mine"]) == 0
    assert read_settings().model == "mine"
    assert main(["model", "list", "--output-format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out.partition("\n")[2] or "{}")
    assert listed.get("used") == "mine"
    assert main(["model", "remove", "mine"]) == 0
    assert read_settings().model == ""
    assert pulled(own) == []


def test_a_folder_is_used_by_its_whole_path(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made(tmp_path / "own")
    monkeypatch.chdir(tmp_path)
    assert main(["model", "use", "own/target", "--draft", "own/draft"]) == 0
    assert (read_settings().model, read_settings().draft) == (str(folder / "target"), str(folder / "draft"))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["pull", "qwen2.5-coder-7"], "did you mean qwen2.5-coder-7b"),
        (["use", "nowhere"], "chatbt model list"),
        (["remove", "nowhere"], "has not been pulled"),
    ],
)
def test_what_cannot_be_done_says_why(
    own: Path, arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["model", *arguments]) == 2
    assert expected in capsys.readouterr().err
