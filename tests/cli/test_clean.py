import os
from pathlib import Path

import pytest

from tests.cli.command import PREFIX, chatbt, write

pytestmark = pytest.mark.usefixtures("project")


def test_the_cache_is_deleted_and_nothing_else() -> None:
    write("a.py", PREFIX)
    folder = Path(os.environ["XDG_CACHE_HOME"]) / "chatbt"
    chatbt("check")
    (folder / "other").touch()
    assert chatbt("clean").out == f"Deleted 2 files of the cache in {folder}.\n"
    assert [path.name for path in folder.iterdir()] == ["other"]


def test_that_there_is_no_cache_is_said() -> None:
    done = chatbt("clean", "--cache-dir", "nowhere")
    assert (done.status, done.out) == (0, "There is no cache in nowhere.\n")
