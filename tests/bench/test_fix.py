"""Copies of the files that are fixed, and what was changed in them."""

from __future__ import annotations

from pathlib import Path

from tests.bench import fix


def test_a_copy_takes_the_place_of_what_was_fixed_before(tmp_path: Path) -> None:
    tree, target = tmp_path / "tree", tmp_path / "copy"
    (tree / "json").mkdir(parents=True)
    (tree / "abc.py").write_text("one\ntwo\n")
    (tree / "json" / "decoder.py").write_text("three\n")
    names = ("abc", "json/decoder")
    fix.copied(tree, names, target)
    assert fix.changed(tree, target, names) == (0, 0)
    (target / "abc.py").write_text("one\n2\n3\n")
    (target / "left.py").write_text("")
    assert fix.changed(tree, target, names) == (1, 3)
    fix.copied(tree, names, target)
    assert fix.changed(tree, target, names) == (0, 0)
    assert not (target / "left.py").exists()


def test_a_share_over_the_goal_is_bold() -> None:
    assert [fix.share(value) for value in (0.1, 0.101)] == ["0.100", "**0.101**"]
