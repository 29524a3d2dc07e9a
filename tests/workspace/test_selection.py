from chatbt.workspace.selection import Selection, selected

RULES = ("A1", "A2", "B1", "B2")


def members(selector: str) -> set[str]:
    return {rule for rule in RULES if selector == "ALL" or rule.startswith(selector)}


def rank(selector: str) -> int:
    return 0 if selector == "ALL" else len(selector)


def on(*selections: Selection, default: tuple[str, ...] = ("A1", "A2")) -> list[str]:
    return sorted(selected(selections, default, members, members, rank))


def test_nothing_said_leaves_the_default() -> None:
    assert on(Selection()) == on() == ["A1", "A2"]


def test_a_selection_replaces_the_default() -> None:
    assert on(Selection(select=("B",))) == ["B1", "B2"]


def test_an_empty_selection_turns_everything_off() -> None:
    assert on(Selection(select=())) == []


def test_extending_adds_to_the_default() -> None:
    assert on(Selection(extend_select=("B2",))) == ["A1", "A2", "B2"]


def test_the_more_specific_selector_wins() -> None:
    assert on(Selection(select=("A1",), ignore=("A",))) == ["A1"]
    assert on(Selection(select=("A",), ignore=("A1",))) == ["A2"]


def test_ignore_wins_between_equals() -> None:
    assert on(Selection(select=("A",), ignore=("A",))) == []


def test_a_later_selection_starts_anew() -> None:
    assert on(Selection(select=("A",), ignore=("B1",)), Selection(select=("B",))) == ["B1", "B2"]


def test_a_later_addition_wins_over_an_earlier_ignore() -> None:
    assert on(Selection(ignore=("A1",)), Selection(extend_select=("A",))) == ["A1", "A2"]


def test_the_ignores_of_an_empty_selection_hold_for_the_next() -> None:
    assert on(Selection(select=(), ignore=("A1",)), Selection(select=("A",))) == ["A2"]


def test_a_rule_may_be_one_that_a_selector_turns_off_but_not_on() -> None:
    def stable(selector: str) -> set[str]:
        return members(selector) - {"A2"}

    assert selected([Selection(select=("ALL",))], (), stable, members, rank) == {"A1", "B1", "B2"}
    assert selected([Selection(ignore=("A",))], RULES, stable, members, rank) == {"B1", "B2"}
