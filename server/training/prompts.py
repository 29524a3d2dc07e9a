"""What the models are asked: the one place where a finding becomes a prompt.

    explain CC001 Mutable default argument, line 1 of `add`
    every call that leaves out `bucket` shares this list
    at: `def add(item, bucket=[]):`
    fix: Default `bucket` to None (review)
    so: `def add(item, bucket=None):`
    ```python
    def add(item, bucket=[]):
        ...
    ```

The lines "fix" and "so" stand there if there is such a fix, and if it changes one line; a rewrite is asked for without
"so". A question follows the code. Everything that an answer may name stands in the prompt, in the back-quotes that it
has in the answer: so it is the same tokens there, and easy to copy.
"""

from dataclasses import dataclass

SYSTEM, USER, ASSISTANT, END = "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"
SPECIAL = (END, SYSTEM, USER, ASSISTANT)
LONGEST_CODE = 20
"""Lines of code in a prompt."""

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


def explain(asked: Asked) -> str:
    """The prompt for an explanation."""
    return "\n".join([_head("explain", asked), *_fix(asked, with_after=True), _code(asked)])


def rewrite(asked: Asked) -> str:
    """The prompt for the code after the fix."""
    return "\n".join([_head("rewrite", asked), *_fix(asked, with_after=False), _code(asked)])


def ask(asked: Asked, question: str) -> str:
    """The prompt for an answer to a question on a finding."""
    return "\n".join([_head("ask", asked), *_fix(asked, with_after=True), _code(asked), question])


def conversation(*turns: str) -> str:
    """The text of turns, the user's and the assistant's in turn; an assistant's turn is open if nothing follows."""
    pieces = []
    for number, turn in enumerate(turns):
        pieces.append(f"{USER}{turn}{ASSISTANT}" if number % 2 == 0 else f"{turn}{END}")
    return "".join(pieces)


def _head(task: str, asked: Asked) -> str:
    home = f" of `{asked.home}`" if asked.home else ""
    where = f"{task} {asked.pattern} {asked.page}, line {asked.line}{home}\n{asked.message}"
    return f"{where}\nat: `{asked.before}`" if asked.before else where


def _fix(asked: Asked, *, with_after: bool) -> list[str]:
    if not asked.title:
        return []
    lines = [f"fix: {asked.title} ({'safe' if asked.safe else 'review'})"]
    return [*lines, f"so: `{asked.after}`"] if with_after and asked.after else lines


def _code(asked: Asked) -> str:
    return f"```python\n{asked.code.rstrip()}\n```"
