"""From findings to what is shown of them: in files of any size, half written ones too."""

from chatbt.orchestrator import prompts
from chatbt.orchestrator.grounding.ground import ground_of
from chatbt.orchestrator.grounding.snippets import Snippet, snippet_around
from chatbt.orchestrator.styles import style_of
from chatbt.orchestrator.styles.bundled import Bundled, fitting, tokens
from chatbt.orchestrator.styles.full import BUDGET
from tests.orchestrator.subjects import ADD, checker_of, subject_in

INSIDE = """\
import json


class Shop:
    rate = 1

    def add(self, item, bucket=[]):
        bucket.append(json.dumps(item))
        return bucket

    def other(self):
        return self.rate
"""


def asked(text: str, pattern: str = "CC001") -> prompts.Asked:
    subject = subject_in(text, pattern)
    return ground_of(subject.checker, subject.problem).asked()


def test_a_finding_is_shown_with_its_line_and_the_line_after_its_fix() -> None:
    found = asked('def greet():\n    return f"hello"\n', "CC012")
    assert (found.line, found.before, found.after) == (2, 'return f"hello"', 'return "hello"')
    assert (found.safe, found.home) == (True, "greet")


def test_a_method_is_shown_with_its_class_in_the_name() -> None:
    found = asked(INSIDE)
    assert found.home == "Shop.add" and found.code.startswith("def add(self, item, bucket=[]):") and found.line == 1


def test_what_does_not_parse_elsewhere_changes_nothing() -> None:
    broken = INSIDE.replace("return self.rate", "return self.(rate")
    assert asked(broken) == asked(INSIDE)
    assert asked("x = (\n\n\n" + INSIDE) == asked(INSIDE)


def test_a_statement_at_the_top_is_shown_with_its_neighbours() -> None:
    text = "a = 1\nb = 2\n\n\ndef f():\n    pass\n\n\nc = 3\nd = 4\n"
    assert snippet_around(checker_of(text), 9) == Snippet(1, 10)
    assert snippet_around(checker_of(text), 6) == Snippet(5, 6, "f", "")


def test_a_prompt_fits_whatever_the_file() -> None:
    body = "".join(f"    value_{number} = compute_the_value(item, {number}, 'some text')\n" for number in range(3000))
    long = f"def add(item, bucket=[]):\n    bucket.append(item)\n{body}    return bucket\n"
    wide = f"def add(item, bucket=[]):\n    bucket.append(item)\n    x = '{'x' * 5000}'\n"
    for text in (ADD, long, wide):
        subject = subject_in(text, "CC001")
        ground = ground_of(subject.checker, subject.problem)
        assert tokens(prompts.finding(fitting(ground))) <= 512
        assert sum(len(one.content) for one in style_of("coder").explain(ground)) / 3 <= BUDGET


def test_what_cannot_be_printed_is_not_shown() -> None:
    found = asked("def add(item, bucket=[]):\n    bucket.append('\x07\x1b[31m')\n")
    assert found.code.replace("\n", "").isprintable()


def test_the_style_goes_by_the_models_name() -> None:
    assert isinstance(style_of("bundled"), Bundled) and isinstance(style_of("chatbt-mine"), Bundled)
    assert style_of("Qwen/Qwen2.5-Coder-7B-Instruct").free
