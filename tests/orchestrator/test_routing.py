"""Questions reach the specialist that can answer them, by their words and by the code that they are about."""

from time import perf_counter

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.orchestrator.fragments import code_in
from chatbt.orchestrator.library import library
from chatbt.orchestrator.routing import LEAST, NONE, Route, route
from chatbt.orchestrator.words import stem, words
from chatbt.source.document import Document, Range
from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile
from tests.orchestrator.measure import measure
from tests.orchestrator.questions import questions

TWO = """\
def add(item, bucket=[]):
    bucket.append(item)
    return bucket


def load(path):
    try:
        return path.read_text(encoding="utf-8")
    except:
        print("no")
"""


def checker(text: str) -> Checker:
    return Checker(Document.from_text("asked.py", text), Profile(frozenset(patterns()), FileFacts((3, 12))))


def best(found: Route) -> str:
    return found.patterns[0].pattern


def test_the_tuning_questions_are_routed() -> None:
    found = measure(questions("tuning"))
    assert found.label >= 0.97, found.misses
    assert found.among_three >= 0.97, found.misses
    assert found.none_recall >= 0.9, found.misses


def test_a_route_takes_no_time_to_speak_of() -> None:
    assert measure(questions("tuning")).median < 20


def test_words_alone_lead_to_a_pattern() -> None:
    found = route("is there a decorator that remembers what a function returned, without a limit?")
    assert (found.specialist, best(found)) == ("stdlib", "SL007")
    assert "decorator" in found.patterns[0].words and "decorator" in found.reason


def test_names_of_the_library_come_with_their_pattern() -> None:
    found = route("is there a decorator that remembers what a function returned, without a limit?")
    assert ("functools.cache", "SL007") in {(one.name, one.pattern) for one in found.entries}
    assert all(one.about for one in found.entries)


def test_a_finding_in_the_selection_answers_a_vague_question() -> None:
    found = route("what do you think of this?", checker(TWO), Range.of(1, 0, 3, 0))
    assert (found.specialist, best(found)) == ("critic", "CC001")
    assert found.patterns[0].findings[0].line == 1
    assert "line 1" in found.reason and "`bucket`" in found.reason


def test_the_place_decides_between_findings() -> None:
    assert best(route("what do you think of this?", checker(TWO), Range.of(9, 4, 9, 4))) == "CC005"


def test_a_finding_in_the_same_function_counts_more_than_one_elsewhere() -> None:
    assert best(route("what do you think of this?", checker(TWO), Range.of(6, 0, 6, 0))) == "CC005"


def test_the_words_decide_between_findings_of_a_file() -> None:
    text = checker(TWO)
    assert best(route("why does the list still hold what an earlier call put there?", text)) == "CC001"
    assert best(route("ctrl-c does not stop it, the handler catches everything", text)) == "CC005"


def test_code_in_the_question_is_analysed() -> None:
    found = route("what is the matter with if mode == 1 or 2: in line 20")
    assert best(found) == "CC019"
    assert found.patterns[0].findings[0].line is None


@pytest.mark.parametrize("named", ["CC013", "naive-utc-datetime", "DTZ003", "`DTZ003`?"])
def test_a_pattern_can_be_named(named: str) -> None:
    assert best(route(f"tell me more of {named}")) == "CC013"


@pytest.mark.parametrize(
    "question",
    [
        "how do I centre a div in CSS?",
        "which laptop should I buy for my studies",
        "docker says that the port is already allocated",
        "my React component renders twice",
    ],
)
def test_what_no_specialist_knows_is_refused_with_a_reason(question: str) -> None:
    found = route(question)
    assert found.specialist == NONE
    assert "no specialist knows" in found.reason


def test_a_question_about_something_else_is_refused_in_a_file_with_findings() -> None:
    assert route("how do I centre a div in CSS?", checker(TWO)).specialist == NONE


def test_what_comes_nearest_is_named_all_the_same() -> None:
    found = route("mypy complains about the type hint of my list")
    assert found.specialist == NONE
    assert found.patterns


@pytest.mark.parametrize("question", ["", " \n\t", "?", "\0\0", "ß" * 50, "xyzzy plugh"])
def test_a_question_without_words_is_refused(question: str) -> None:
    found = route(question)
    assert found.specialist == NONE
    assert found.reason


def test_a_very_long_question_is_read_from_its_beginning() -> None:
    found = route("split a list into chunks of equal size " + "blah `x` = ( " * 100_000)
    assert best(found) == "SL006"


@pytest.mark.parametrize(
    "hostile", ["x = ( ", "`a.b(c)` ", "for x in y: z(x) / ", "if (a == b ", "try: ", "\n(", "[" * 90]
)
def test_a_question_that_looks_like_code_all_over_takes_no_time_either(hostile: str) -> None:
    route("warm up")
    start = perf_counter()
    route(hostile * 2000)
    assert perf_counter() - start < 0.2


def test_a_file_that_does_not_parse_is_no_obstacle() -> None:
    found = route("what do you think of this?", checker("def (:\n    ]\n\n" + TWO), Range.of(4, 0, 6, 0))
    assert best(found) == "CC001"


def test_a_place_beyond_the_end_is_a_place_without_findings() -> None:
    found = route("split a list into chunks", checker(TWO), Range.of(900, 0, 900, 5))
    assert best(found) == "SL006"


def test_a_text_that_is_no_python_has_no_findings() -> None:
    found = route("split a list into chunks", checker("\0\x01PNG\r\n" * 50), Range.of(1, 0, 50, 0))
    assert best(found) == "SL006"
    assert not found.patterns[0].findings


def test_an_empty_file_is_no_obstacle() -> None:
    assert best(route("split a list into chunks", checker(""), Range.of(1, 0, 1, 0))) == "SL006"


def test_the_same_question_has_the_same_answer() -> None:
    assert route("sort a list of dicts", checker(TWO)) == route("sort a list of dicts", checker(TWO))


def test_scores_fall() -> None:
    scores = [one.score for one in route("why is my loop over a list so slow?").patterns]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] >= LEAST


def test_every_pattern_is_found_by_how_people_ask_about_it() -> None:
    missed = {}
    for pattern in patterns().values():
        asked = card_of(pattern).asked
        assert len(asked) >= 5, pattern.id
        hits = [[hit.key for hit in library().pages.ask(dict.fromkeys(words(one), 1.0))[:3]] for one in asked]
        missed[pattern.id] = [one for one, found in zip(asked, hits, strict=True) if pattern.id not in found]
    assert sum(map(len, missed.values())) < 0.03 * sum(len(card_of(one).asked) for one in patterns().values()), missed


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("is `not x in y` right?", "def asked(x, y):\n    if not x in y: pass\n"),
        ("why if x == None: and not is", "def asked(x):\n    if x == None: pass\n"),
        ("total = 0 / for n in xs: total += n", "def asked(xs):\n    total = 0\n    for n in xs: total += n\n"),
        ("try: f() except KeyError: pass is long", "def asked(f):\n    try: f()\n    except KeyError: pass\n"),
        ("t = s.upper() does nothing", "def asked(s: str):\n    t = s.upper()\n"),
        ("I like trains", ""),
        ("the first of the last (maybe)", ""),
    ],
)
def test_the_code_in_a_question_is_found(question: str, code: str) -> None:
    assert code_in(question, ("json", "re")).lstrip("\n") == code


@pytest.mark.parametrize(
    ("one", "other"),
    [("loops", "loop"), ("copies", "copy"), ("removing", "removed"), ("iterate", "iteration"), ("classes", "class")],
)
def test_endings_do_not_matter(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_signs_and_meanings_are_words_too() -> None:
    found = words("queue.pop(0) is slow, x += 1")
    assert {".pop", "pop(", "+=", "~speed", "queu"} <= set(found)
