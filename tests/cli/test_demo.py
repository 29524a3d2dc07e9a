from pathlib import Path

import pytest

from chatbt.cli.demonstration.editor import applied
from tests.cli.command import chatbt
from tests.orchestrator.server import saying

pytestmark = pytest.mark.usefixtures("project")


def test_the_demo_shows_diagnostics_a_card_both_kinds_of_fix_and_a_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBT_ENGINE", "off")
    done = chatbt("demo")
    assert (done.status, done.error) == (0, "")
    assert "warning CC001: every call that leaves out `basket` shares this list" in done.out
    assert "Hover" in done.out
    assert "When the fix is safe" in done.out
    assert '-        greeting = f"Thank you for your order!"' in done.out
    assert "Applied: the file had " in done.out
    assert "(review)" in done.out
    assert "+    return [product for product in products if product.name not in warehouse]" in done.out
    assert "No explanation and no rewrite" in done.out
    assert "chatbt check" in done.out


def test_the_demo_ends_with_an_explanation_and_a_rewrite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Whatever is in the key comes twice, and the last of them wins, so that the first is never seen by anybody."
    with saying(text) as script:
        settings = tmp_path / "config" / "chatbt" / "settings.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(f'[engine]\nurl = "{script.address.url}"\n')
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.delenv("CHATBT_ENGINE", raising=False)
        done = chatbt("demo")
    assert (done.status, done.error) == (0, "")
    assert "Explained by the model" in done.out and "7 tokens" in done.out
    assert "Rewritten" in done.out and "By ChatBT's own fixes." in done.out


def test_edits_are_applied_from_the_end() -> None:
    def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> dict[str, object]:
        places = [{"line": line, "character": column} for line, column in (start, end)]
        return {"range": {"start": places[0], "end": places[1]}, "newText": text}

    assert applied("ab\ncd\n", [edit((0, 0), (0, 1), "X"), edit((1, 1), (2, 0), "")]) == "Xb\nc"
