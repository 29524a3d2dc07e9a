"""Code and questions as they may stand in a prompt: they cannot end a turn, begin one, or close their own fence."""

import re

_WORDS = (
    r"s|bos|eos|pad|unk|mask|sep|cls|end|user|assistant|system|think|tools?|tool_\w+|im_\w+|fim_\w+|start_of_\w+"
    r"|end_of_\w+|start_\w+_id|end_\w+_id|repo_name|file_sep|SYS|turn"
)
_TURNS = re.compile(
    r"<(?=[|｜])"
    r"|(?<=[|｜])(?=>)"
    rf"|<(?=/?(?:{_WORDS})>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|TOOL_\w+|AVAILABLE_\w+)\])"
)
"""Where the tokens begin or end that models mark turns with, whichever model it is: `<|end|>`, `</s>`, `[INST]`."""
_TICKS = re.compile(r"`{3,}")


def harmless(text: str) -> str:
    """A text in which a space keeps everything apart that a model could take for the mark of a turn."""
    return _TURNS.sub(lambda found: f"{found.group()} ", text)


def one_line(text: str) -> str:
    """A harmless text of one line."""
    return harmless(text if text.isprintable() else " ".join(text.split()))


def fenced(code: str, language: str = "python") -> str:
    """Code as a block in Markdown that nothing in it can close."""
    ticks = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall(code)), 3)
    return f"{ticks}{language}\n{harmless(code).rstrip()}\n{ticks}"
