"""The corpus holds what the tables say of it."""

from __future__ import annotations

import ast

import pytest

from tests.bench import corpus
from tests.bench.corpus import SIZES, Change


def applied(text: str, change: Change) -> str:
    lines = text.split("\n")
    (line, column), (end_line, end_column) = change.start, change.end
    lines[line : end_line + 1] = [lines[line][:column] + change.text + lines[end_line][end_column:]]
    return "\n".join(lines)


@pytest.mark.parametrize("size", SIZES)
def test_a_sample_parses_and_has_about_the_size_it_is_called(size: int) -> None:
    text = corpus.sample(size).text
    ast.parse(text)
    assert size * 0.85 <= text.count("\n") <= size * 1.1


@pytest.mark.parametrize("size", SIZES)
def test_every_toggle_changes_the_text_and_takes_the_change_back(size: int) -> None:
    text = corpus.sample(size).text
    for scenario in corpus.sample(size).scenarios:
        assert scenario.toggles
        for toggle in scenario.toggles:
            changed = applied(text, toggle.do)
            assert changed != text
            assert applied(changed, toggle.undo) == text


@pytest.mark.parametrize("size", SIZES)
def test_only_the_syntax_error_stops_the_text_from_parsing(size: int) -> None:
    text = corpus.sample(size).text
    for scenario in corpus.sample(size).scenarios:
        changed = applied(text, scenario.toggles[0].do)
        if scenario.undone != scenario.name:
            with pytest.raises(SyntaxError):
                ast.parse(changed)
        else:
            ast.parse(changed)


def test_edits_in_the_largest_class_are_inside_it() -> None:
    text = corpus.sample(10_000).text
    owner = corpus.largest_class(ast.parse(text))
    assert owner is not None and corpus.height(owner) > 1_000
    for scenario in corpus.sample(10_000).scenarios:
        if "largest class" in scenario.name:
            assert all(owner.lineno <= t.do.start[0] + 1 <= (owner.end_lineno or 0) for t in scenario.toggles)


def test_future_imports_of_joined_modules_stand_at_the_top() -> None:
    modules = [
        '"""One."""\nfrom __future__ import annotations\nx = 1\n',
        "from __future__ import division\ny = 2\n",
    ]
    text = corpus.joined(modules)
    assert text.startswith("from __future__ import annotations, division\n")
    compile(text, "joined", "exec")


def test_a_text_is_cut_behind_a_whole_statement() -> None:
    assert corpus.cut("a = 1\ndef f():\n    pass\nb = 2\n", 2) == "a = 1\n"


def test_a_text_that_is_short_enough_stays_whole() -> None:
    assert corpus.cut("a = 1\nb = 2\n", 2) == "a = 1\nb = 2\n"


def test_names_inside_f_strings_are_no_places_to_edit() -> None:
    source = 'def f(name):\n    return f"{name}"\n'
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert corpus.identifier_toggles(function, source.split("\n")) == ()


def test_the_renamed_import_is_the_one_used_most() -> None:
    source = "import os\nimport sys\nsys.exit(sys.argv)\nos.getcwd()\n"
    assert corpus.end_of_import(ast.parse(source), source.split("\n")) == (1, len("import sys"))
