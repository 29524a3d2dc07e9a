"""`chatbt ask`."""

import pytest

from tests.cli.command import DEFAULT, chatbt, write

pytestmark = pytest.mark.usefixtures("project")

VAGUE = "what do you think of this?"


def test_a_route_is_printed_as_text() -> None:
    done = chatbt("ask", "--route-only", "how do I split a list into chunks?")
    first, second, *_ = done.out.splitlines()
    assert done.status == 0
    assert first.startswith("stdlib: words: ")
    assert second.startswith("  SL006 itertools.batched (batched, ")


def test_a_route_is_printed_as_json() -> None:
    found = chatbt("ask", "--route-only", "--output-format", "json", "how do I split a list into chunks?").json()
    assert found["specialist"] == "stdlib"
    best = found["patterns"][0]
    assert (best["code"], best["name"], best["specialist"]) == ("SL006", "batched", "stdlib")
    assert "chunks" in best["words"]
    assert found["library"][0]["name"] == "itertools.batched"


def test_the_words_of_a_question_need_no_quotes() -> None:
    assert chatbt("ask", "--route-only", "split", "a", "list", "into", "chunks").out.startswith("stdlib: ")


def test_a_question_is_read_from_stdin() -> None:
    done = chatbt("ask", "--route-only", "-", stdin="split a list into chunks " + "so to say " * 100_000)
    assert (done.status, done.out[:8]) == (0, "stdlib: ")


def test_a_file_and_a_line_are_looked_into() -> None:
    write("a.py", DEFAULT)
    found = chatbt("ask", "--route-only", "--output-format", "json", "--file", "a.py", "--line", "1", VAGUE).json()
    assert found["specialist"] == "critic"
    assert found["patterns"][0]["code"] == "CC001"
    assert found["patterns"][0]["findings"] == [
        {"line": 1, "message": "every call that leaves out `bucket` shares this list"}
    ]


def test_a_rule_that_is_off_finds_nothing() -> None:
    write("a.py", DEFAULT)
    write("chatbt.toml", 'ignore = ["CC001"]\n')
    assert chatbt("ask", "--route-only", "--file", "a.py", "--line", "1", VAGUE).out.startswith("none: ")


def test_what_no_specialist_knows_is_said_to_be_so() -> None:
    done = chatbt("ask", "--route-only", "how do I centre a div in CSS?")
    assert done.status == 0
    assert done.out.startswith("none: the question is about another language")


@pytest.mark.parametrize("question", ["", "  ", "-"])
def test_an_empty_question_is_refused(question: str) -> None:
    done = chatbt("ask", "--route-only", question)
    assert (done.status, done.error) == (2, "chatbt ask: there is no question\n")


@pytest.mark.parametrize("line", ["0", "-1", "4"])
def test_a_line_beyond_the_file_is_refused(line: str) -> None:
    write("a.py", DEFAULT)
    done = chatbt("ask", "--route-only", "--file", "a.py", f"--line={line}", VAGUE)
    assert (done.status, done.error) == (2, f"chatbt ask: --line {line}: a.py has 3 lines\n")


def test_a_line_without_a_file_is_refused() -> None:
    done = chatbt("ask", "--route-only", "--line", "3", VAGUE)
    assert done.status == 2
    assert "--line is a line of --file" in done.error


def test_a_file_that_is_not_there_is_refused() -> None:
    done = chatbt("ask", "--route-only", "--file", "none.py", VAGUE)
    assert done.status == 2
    assert "none.py: cannot be read" in done.error


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\xff\xfe", b"a = 1\0\n", b"\xff" * 100])
def test_a_binary_file_is_refused(content: bytes) -> None:
    write("a.py", content)
    done = chatbt("ask", "--route-only", "--file", "a.py", VAGUE)
    assert done.status == 2
    assert done.error.startswith("chatbt ask: a.py: ")


def test_a_file_that_does_not_parse_is_no_obstacle() -> None:
    write("a.py", f"def (:\n\n{DEFAULT}")
    done = chatbt("ask", "--route-only", "--file", "a.py", "--line", "3", VAGUE)
    assert done.out.startswith("critic: found in line 3")


def test_a_notebook_is_read_by_its_cells() -> None:
    write(
        "a.ipynb",
        '{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source":'
        ' ["def add(item, bucket=[]):\\n", "    bucket.append(item)\\n", "    return bucket\\n"]}],'
        ' "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    )
    done = chatbt("ask", "--route-only", "--file", "a.ipynb", "the list still holds what an earlier call put there")
    assert done.out.startswith("critic: ")
