"""`chatbt rules` and `chatbt rule`."""

import pytest

from chatbt.specialists.docs import page_of
from chatbt.specialists.registry import patterns
from tests.cli.command import chatbt

pytestmark = pytest.mark.usefixtures("project")


def test_every_rule_has_a_line() -> None:
    lines = chatbt("rules").out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(patterns())


def test_the_rules_are_there_as_json() -> None:
    listed = chatbt("rules", "--output-format", "json").json()
    assert [one["code"] for one in listed] == list(patterns())


@pytest.mark.parametrize("name", ["CC001", "cc001", "mutable-default-argument"])
def test_a_rule_is_explained_by_its_page(name: str) -> None:
    page = page_of(patterns()["CC001"])
    assert page is not None
    assert chatbt("rule", name).out == page.read_text(encoding="utf-8")


def test_a_rule_is_there_as_json() -> None:
    rule = chatbt("rule", "CC001", "--output-format", "json").json()
    assert (rule["name"], rule["code"], rule["linter"]) == ("mutable-default-argument", "CC001", "Code Critic")
    assert rule["explanation"].startswith("# Mutable default argument (CC001)")


def test_an_unknown_rule_is_refused_with_the_nearest_one() -> None:
    done = chatbt("rule", "mutable-default-arguments")
    assert done.status == 2
    assert "there is no rule mutable-default-arguments (did you mean mutable-default-argument?)" in done.error
