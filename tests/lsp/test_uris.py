"""URIs of files."""

from pathlib import Path

import pytest

from chatbt.lsp.uris import to_path, to_uri


@pytest.mark.parametrize("name", ["plain.py", "with space.py", "100%.py", "grüße 🎉.py", "a#b?c.py"])
def test_a_path_survives_the_way_to_a_uri_and_back(name: str, tmp_path: Path) -> None:
    assert to_path(to_uri(tmp_path / name)) == tmp_path / name


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///c%3A/x.py", "/c:/x.py"),
        ("file://localhost/tmp/x.py", "/tmp/x.py"),
        ("vscode-notebook-cell:/tmp/n.ipynb#W0sZmlsZQ%3D%3D", "/tmp/n.ipynb"),
    ],
)
def test_clients_spell_uris_in_their_own_ways(uri: str, path: str) -> None:
    assert to_path(uri) == Path(path)


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "git:/x.py?ref", "file:", "http://[bad", "", "file:///a%00b"])
def test_what_is_not_on_the_disk_has_no_path(uri: str) -> None:
    assert to_path(uri) is None
