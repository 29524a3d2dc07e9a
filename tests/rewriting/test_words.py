"""Names for one of many, and texts that do not run into the words beside them."""

import ast

import pytest

from chatbt.rewriting.words import singular


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("names", "name"),
        ("all_entries", "entry"),
        ("arg_types", "arg_type"),
        ("addresses", "address"),
        ("boxes", "box"),
        ("matches", "match"),
        ("caches", "cache"),
        ("cookies", "cookie"),
        ("aliases", "alias"),
        ("user_aliases", "user_alias"),
        ("children", "child"),
        ("purchases", "purchase"),
        ("user_list", "user"),
        ("users_list", "user"),
        ("data", None),
        ("status", None),
        ("class", None),
        ("series", None),
        ("kwargs", None),
        ("s", None),
        ("", None),
    ],
)
def test_the_word_for_one(plural: str, one: str | None) -> None:
    assert singular(plural) == one


@pytest.mark.parametrize("plural", ["names", "axes", "x_s", "s_s", "list_list"])
def test_it_is_a_name(plural: str) -> None:
    one = singular(plural)
    assert one is None or isinstance(ast.parse(one, mode="eval").body, ast.Name)
