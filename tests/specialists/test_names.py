"""What patterns say of the names of the standard library."""

import sys
from importlib import import_module
from operator import attrgetter

import pytest

from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import patterns, standard_names

NAMED = [pytest.param(name, pattern, id=name) for name, pattern in standard_names().items()]


@pytest.mark.parametrize(("name", "pattern"), NAMED)
def test_a_name_is_one_of_the_standard_library(name: str, pattern: Pattern) -> None:
    assert pattern.specialist == "stdlib"
    assert name.partition(".")[0] in sys.stdlib_module_names
    module = pattern.group if name.startswith(f"{pattern.group}.") else name.rpartition(".")[0]
    if pattern.python <= sys.version_info[:2]:
        assert attrgetter(name.removeprefix(f"{module}."))(import_module(module))


@pytest.mark.parametrize(("name", "pattern"), NAMED)
def test_its_text_is_two_or_three_sentences(name: str, pattern: Pattern) -> None:
    text = pattern.names[name]
    assert text.endswith(".") and "  " not in text and "\n" not in text
    assert 80 < len(text) < 320


def test_every_standard_library_pattern_says_something() -> None:
    silent = [one.name for one in patterns().values() if one.specialist == "stdlib" and not one.names]
    assert silent == []
