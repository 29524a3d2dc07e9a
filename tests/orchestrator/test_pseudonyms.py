"""Code under other names, and the answer under its own again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbt.orchestrator.prompts import Asked, explain
from chatbt.orchestrator.pseudonyms import WORDS, pseudonyms

ASKED = Asked(
    pattern="CC001",
    page="Mutable default argument",
    message="every call that leaves out `open_tabs_of_user` shares this list",
    code="def remember_tab(tab, open_tabs_of_user=[]):\n    open_tabs_of_user.append(tab)\n    return sorted(tab)\n",
    line=1,
    before="def remember_tab(tab, open_tabs_of_user=[]):",
    title="Default `open_tabs_of_user` to None and make the list inside",
    safe=False,
    after="",
    function="remember_tab",
)


def test_the_codes_own_names_are_not_shown() -> None:
    shown = explain(pseudonyms(ASKED).asked(ASKED))
    assert "open_tabs_of_user" not in shown
    assert "remember_tab" not in shown
    assert "append" in shown and "sorted" in shown


def test_an_answer_comes_back_under_its_own_names() -> None:
    made = pseudonyms(ASKED)
    word = made.of["open_tabs_of_user"]
    assert made.answer(f"The {word} in `{word}=None` is") == f"The {word} in `open_tabs_of_user=None` is"


def test_a_word_that_stands_in_the_code_is_no_pseudonym() -> None:
    code = ASKED.code + "".join(f"{word} = 1\n" for word in WORDS[:-2])
    asked = replace(ASKED, code=code)
    assert set(pseudonyms(asked).of.values()) <= set(WORDS[-2:])


def test_names_that_the_finding_is_about_come_first() -> None:
    code = ASKED.code + "".join(f"far_away_{number} = 1\n" for number in range(80))
    assert {"open_tabs_of_user", "remember_tab"} <= pseudonyms(replace(ASKED, code=code)).of.keys()


def test_the_names_of_the_library_stay() -> None:
    asked = replace(ASKED, code="def fetch_all():\n    return subprocess.check_output(['a'])\n")
    assert "check_output" not in pseudonyms(asked).of


@pytest.mark.parametrize("code", ["def (:", "\0", ""])
def test_code_that_does_not_parse_keeps_its_names(code: str) -> None:
    assert pseudonyms(replace(ASKED, code=code, function="", owner="")).of == {}


@given(st.text(alphabet="ab_`. \n", max_size=60), st.text(max_size=20))
def test_what_was_renamed_is_renamed_back(text: str, more: str) -> None:
    asked = replace(
        ASKED, code=f"def a_b(ab, b_a):\n    return ab\n# {more!r}\n", message=f"`{text}`".replace("\n", "")
    )
    made = pseudonyms(asked)
    quoted = "`" + text.replace("`", "") + "`"
    assert made.answer(made.asked(replace(asked, message=quoted)).message) == quoted
