"""What the models are asked: the one place where a finding becomes a prompt.

    CC001 Mutable default argument, line 1 of `add`
    every call that leaves out `bucket` shares this list
    at: `def add(item, bucket=[]):`
    fix: Default `bucket` to None (review)
    so: `def add(item, bucket=None):`
    ```python
    def add(item, bucket=[]):
        ...
    ```
    explain

The lines "fix" and "so" stand there if there is such a fix, and if it changes one line. The last line is what is asked:
"explain", "rewrite", or a question in words. It comes last so that all that is asked of a finding shares its prefix:
in training, and in the engine's cache. Everything that an answer may name stands in the prompt, in the back-quotes that
it has in the answer: so it is the same tokens there, and easy to copy.
"""

from dataclasses import dataclass

from chatbt.orchestrator.fencing import fenced, harmless, one_line

SYSTEM, USER, ASSISTANT, END = "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"
EXPLAIN, REWRITE = "explain", "rewrite"
SPECIAL = (END, SYSTEM, USER, ASSISTANT)
LONGEST_CODE = 20
"""The most lines of code in a prompt; training has seen 6 to so many."""

CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}"
    "{% if message['role'] == 'assistant' %}<|end|>{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding as it is shown to the models; `line` counts in `code` from 1."""

    pattern: str
    page: str
    message: str
    code: str
    line: int
    before: str
    title: str
    safe: bool
    after: str
    function: str = ""
    owner: str = ""

    @property
    def home(self) -> str:
        """The function or class that the finding is in."""
        return ".".join(name for name in (self.owner, self.function) if name)


def finding(asked: Asked) -> str:
    """What all prompts on a finding start with, up to and with the line break before what is asked."""
    home = f" of `{asked.home}`" if asked.home else ""
    lines = [f"{asked.pattern} {asked.page}, line {asked.line}{home}", one_line(asked.message)]
    if asked.before:
        lines.append(f"at: `{one_line(asked.before)}`")
    if asked.title:
        lines.append(f"fix: {one_line(asked.title)} ({'safe' if asked.safe else 'review'})")
        if asked.after:
            lines.append(f"so: `{one_line(asked.after)}`")
    return "\n".join([*lines, f"{fenced(asked.code)}\n"])


def explain(asked: Asked) -> str:
    """The prompt for an explanation."""
    return finding(asked) + EXPLAIN


def rewrite(asked: Asked) -> str:
    """The prompt for the code after the fix."""
    return finding(asked) + REWRITE


def ask(asked: Asked, question: str) -> str:
    """The prompt for an answer to a question on a finding."""
    return finding(asked) + harmless(question)


def conversation(*turns: str) -> str:
    """The text of turns, the user's and the assistant's in turn; an assistant's turn is open if nothing follows."""
    pieces = []
    for number, turn in enumerate(turns):
        pieces.append(f"{USER}{turn}{ASSISTANT}" if number % 2 == 0 else f"{turn}{END}")
    return "".join(pieces)
