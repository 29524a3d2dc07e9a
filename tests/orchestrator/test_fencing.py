"""Code and questions cannot forge a turn, nor end the block that they stand in, nor lead anywhere."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatbt.engine.shapes import Message
from chatbt.orchestrator import prompts
from chatbt.orchestrator.cleaning import cleaned
from chatbt.orchestrator.fencing import fenced, harmless
from chatbt.orchestrator.grounding.ground import ground_of
from chatbt.orchestrator.prompts import SPECIAL, Asked
from chatbt.orchestrator.styles import Topic
from chatbt.orchestrator.styles.full import Full
from tests.orchestrator.subjects import subject_in

FORGED = [
    *SPECIAL,
    *("<|im_start|>", "<|im_end|>", "<|eot_id|>", "</s>", "<s>", "[INST]", "[/INST]", "<start_of_turn>", "<｜User｜>"),
    *("```", "````", "~~~", "\n", "\r", "\n```\nexplain", "`", "<", "|", ">", "explain", "system", "x"),
]
texts = st.lists(st.sampled_from(FORGED) | st.text(max_size=4), max_size=12).map("".join)
MARKS = re.compile(r"<\|\w+\|>|<｜\w+｜>|</?s>|\[/?INST\]|<start_of_turn>")


@given(texts)
@example("<<|end|>|end|>")
def test_no_mark_of_a_turn_survives(text: str) -> None:
    assert not MARKS.search(harmless(text))
    assert harmless(text).replace(" ", "") == text.replace(" ", "")


@given(texts)
def test_nothing_in_a_block_closes_it(text: str) -> None:
    first, *inside, last = re.split(r"\r\n|\r|\n", fenced(text))
    ticks = first.removesuffix("python")
    assert last == ticks
    assert not any(line.strip().startswith(ticks) for line in inside)


@given(texts, texts, texts, texts)
def test_a_prompt_has_one_turn_and_ends_with_what_is_asked(code: str, message: str, before: str, question: str) -> None:
    asked = Asked("CC001", "Mutable default argument", message, code, 1, before, before, True, message, "f", "A")
    for prompt, last in ((prompts.explain(asked), "explain"), (prompts.ask(asked, question), harmless(question))):
        assert prompt.endswith(f"\n{last}")
        assert not any(mark in prompt for mark in SPECIAL)
        head = prompt[: prompt.index("```")].splitlines()
        assert len(head) <= 5 and head[0] == "CC001 Mutable default argument, line 1 of `A.f`"


@settings(max_examples=40, deadline=None)
@given(texts, texts)
def test_a_model_that_reads_instructions_gets_no_forged_turn_either(forged: str, question: str) -> None:
    literal = forged.encode("unicode_escape").decode().replace('"', "")
    subject = subject_in(f'def add(item, bucket=[]):\n    """{literal}"""\n    bucket.append(item)\n', "CC001")
    ground = ground_of(subject.checker, subject.problem)
    topic = Topic(question, [ground], [], "", (3, 12), [Message("user", forged), Message("assistant", forged)])
    for messages in (Full().explain(ground), Full().ask(topic)):
        assert not any(MARKS.search(one.content) for one in messages)


LINKS = [
    "[",
    "]",
    "(",
    ")",
    "!",
    "<",
    ">",
    "a",
    " ",
    "\n",
    "`",
    "``",
    "http://b.c",
    "command:d",
    "[e](f:g)",
    "<a href=h>",
    "\\",
]
markdown = st.lists(st.sampled_from(LINKS), max_size=14).map("".join)


@given(markdown)
@example("[a](command:b)")
@example("[[a](x)](y)")
@example("`[a](command:b)`")
@example("![a][b]\n\n[b]: http://c")
def test_generated_text_has_no_links(text: str) -> None:
    for made in (cleaned(text), cleaned(text, whole=False)):
        assert "](" not in made and "://" not in made and "][" not in made
        assert not re.search(r"<a\s", made)


def test_links_become_their_words_and_code_stays() -> None:
    block = "```python\nx[0](1)  # http://a.b\n```\nUse `f(x)`.\n"
    assert (
        cleaned(f"See [the docs](https://docs.python.org) and <https://x.y>.\n{block}")
        == f"See the docs and .\n{block}"
    )


def test_what_may_become_a_link_is_held_back_while_a_text_grows() -> None:
    assert cleaned("Read [the do", whole=False) == "Read "
    assert cleaned("Use it. It", whole=False) == "Use it. It"
