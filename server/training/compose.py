"""Texts to learn from: explanations, rewrites, questions and answers of instances, and code of the library.

The parts of an explanation come from the wordings and are joined in varied ways, in varied order, with and without an
opening; answers come from the patterns' pages.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from chatbt.orchestrator import prompts
from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import patterns
from training.instances import Instance
from training.wordings import lowered, raised, slots_of, wording_of


@dataclass(frozen=True, slots=True)
class Text:
    """A text to learn, as a tree: what goes on from `prefix` in several ways, which know nothing of each other.

    A branch is what is asked, the answer, and perhaps a further question and its answer. Of library code there is no
    prefix and one branch with one turn.
    """

    prefix: str
    branches: tuple[tuple[str, ...], ...]

    @property
    def is_chat(self) -> bool:
        return bool(self.prefix)


def explanation(instance: Instance, random: Random) -> str:
    """An explanation of 2 to 5 sentences: cause, consequence, rewrite."""
    slots = slots_of(instance)
    wording = wording_of(instance.asked.pattern)
    cause = _one(wording.usable("cause", slots), random) or instance.asked.message
    consequence = _one(wording.usable("consequence", slots), random)
    rewrite = _one(wording.usable("rewrite", slots), random) or slots.get("fix", "")
    sentences = list(_joined(cause, consequence, rewrite, slots, random))
    if instance.asked.after and instance.asked.after not in rewrite and random.random() < 0.35:
        sentences.append(random.choice(AFTER).format(after=instance.asked.after))
    elif instance.asked.title and random.random() < 0.25:
        sentences.append(random.choice(SAFE if instance.asked.safe else REVIEW))
    return " ".join(raised(sentence) for sentence in sentences)


AFTER = ("The line then reads `{after}`.", "So it becomes `{after}`.", "After that it says `{after}`.")
SAFE = (
    "The fix changes nothing else.",
    "The fix is safe to apply as it stands.",
    "Nothing else changes its behaviour.",
)
REVIEW = (
    "Look at the edit before you keep it.",
    "The fix needs a look, since it may change what the code does.",
    "Read the change once before you accept it.",
)


def _one(sentences: Sequence[str], random: Random) -> str:
    return random.choice(sentences) if sentences else ""


def _joined(cause: str, consequence: str, rewrite: str, slots: Mapping[str, str], random: Random) -> Iterator[str]:
    simple = not re.search(r"[:;]|\bso\b|, and ", cause)
    form = random.choices(range(7), (5, 3, 3, 2, 1, 2, 2))[0]
    last = random.choices(
        (rewrite, f"to mend it, {rewrite}", f"better: {rewrite}", f"instead, {rewrite}"), (6, 1, 1, 1)
    )[0]
    opening = f"in line {slots['line']}, " if random.random() < 0.1 else ""
    function = slots.get("function", "")
    if function and not opening and random.random() < 0.15 and f"`{function}`" not in cause:
        opening = f"in `{function}`, "
    if not consequence:
        yield f"{opening}{cause}."
    elif form == 0 or not simple:
        yield f"{opening}{cause}."
        yield f"{consequence}."
    elif form == 1:
        yield f"because {cause}, {consequence}."
    elif form == 2:
        yield f"{opening}{cause}, so {consequence}." if "," not in cause else f"{opening}{cause}. So {consequence}."
    elif form == 3:
        yield f"{opening}{cause}; {consequence}."
    elif form == 4 and rewrite:
        yield f"{last}."
        yield f"as it stands, {cause}."
        yield f"{consequence}."
        return
    elif form == 5:
        yield f"{opening}{cause}."
        yield f"this means: {consequence}."
    else:
        yield f"{opening}{cause}."
        yield f"as a result, {consequence}." if "," not in consequence[:40] else f"{consequence}."
    if rewrite:
        yield f"{last}."


@cache
def _page(id_: str) -> tuple[str, str, str, str]:
    card = card_of(patterns()[id_])
    return tuple(" ".join(part.split()) for part in (card.what, card.why, card.safety, card.references))  # type: ignore[return-value]


_QUESTIONS: Mapping[str, Sequence[str]] = {
    "why": (
        "Why does it matter?",
        "Why is that a problem?",
        "Why?",
        "What is wrong with it?",
        "Why should I change this?",
    ),
    "safe": (
        "Is the fix safe?",
        "Can I apply the fix without a look?",
        "When is the fix safe?",
        "Does the fix change behaviour?",
    ),
    "what": ("What does {id} do?", "What does {id} report?", "What is {id} about?", "What does this pattern find?"),
    "silence": (
        "How do I silence it?",
        "How can I ignore this?",
        "How do I turn {id} off?",
        "How do I suppress this finding?",
    ),
    "instead": ("What should I write instead?", "How do I fix it?", "What is the better way?", "How would it look?"),
    "where": ("Where is it?", "Which line is it?", "Which line is meant?"),
    "read": ("Where can I read more?", "Is there a reference?", "Which document says so?"),
}
_OFTEN = {"why": 5, "safe": 5, "what": 3, "silence": 3, "instead": 4, "where": 1, "read": 1}


def question(instance: Instance, random: Random) -> tuple[str, str]:
    """A question on an instance, and the answer that its page gives."""
    asked = instance.asked
    kind = random.choices(list(_OFTEN), list(_OFTEN.values()))[0]
    text = random.choice(_QUESTIONS[kind]).format(id=asked.pattern)
    if random.random() < 0.15:
        text = text.lower().replace(asked.pattern.lower(), asked.pattern)
    return text, _answer(kind, instance, random)


def _answer(kind: str, instance: Instance, random: Random) -> str:
    asked = instance.asked
    what, why, safety, references = _page(asked.pattern)
    if kind == "why":
        return why
    if kind == "what":
        return f"{asked.pattern} is called `{patterns()[asked.pattern].name}`. {what}"
    if kind == "safe":
        if not asked.title:
            return f"No fix is offered here. {safety}" if safety else "No fix is offered here."
        here = "Here it is proven to be safe." if asked.safe else "Here it needs a look: it is not proven to be safe."
        return f"{here} {safety}"
    if kind == "silence":
        return (
            f"Write `# chatbt: ignore[{asked.pattern}]` at the end of line {asked.line}. In a whole file, "
            f'`# chatbt: ignore-file[{asked.pattern}]`; in a project, put `ignore = ["{asked.pattern}"]` under '
            "`[tool.chatbt]` in `pyproject.toml`."
        )
    if kind == "where":
        return f"Line {asked.line}: `{asked.before}`" if asked.before else f"Line {asked.line}."
    if kind == "read":
        first = references.removeprefix("- ").replace(" - ", "; ")
        return f"See: {first}"
    wording = wording_of(asked.pattern)
    rewrite = _one(wording.usable("rewrite", slots_of(instance)), random) or lowered(asked.title) or "see its page"
    return f"{raised(rewrite)}." + (
        f" It becomes `{asked.after}`." if asked.after and asked.after not in rewrite else ""
    )


def tree(instance: Instance, random: Random, *, explanations: int = 2) -> Text:
    """What may be asked of an instance, in branches: explanations, a question or two, the rewrite."""
    branches: list[tuple[str, ...]] = []
    for text in dict.fromkeys(explanation(instance, random) for _ in range(explanations)):
        further = question(instance, random) if random.random() < _FURTHER else ()
        branches.append((prompts.EXPLAIN, text, *further))
    if instance.rewritten and random.random() < _REWRITTEN:
        branches.append((prompts.REWRITE, f"```python\n{instance.rewritten.rstrip()}\n```"))
    branches.append(question(instance, random))
    return Text(prompts.finding(instance.asked), tuple(branches))


_FURTHER, _REWRITTEN = 0.2, 0.6


def library_code(files: Sequence[Path], random: Random, *, lines: int = 40) -> Iterator[Text]:
    """Stretches of library code, from a line at its top or the start of a definition on."""
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace").expandtabs(4)
        if len(text) > 400_000 or not text.isascii():
            continue
        own = text.splitlines()
        starts = [number for number, line in enumerate(own) if re.match(r" {0,4}(def|class|async def) ", line)]
        for start in starts:
            if random.random() < 0.5:
                continue
            piece = "\n".join(own[start : start + random.randint(8, lines)]).rstrip()
            if len(piece) > 80 and max(map(len, piece.split("\n"))) < 120:
                yield Text("", ((piece,),))
