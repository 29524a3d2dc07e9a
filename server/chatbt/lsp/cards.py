"""A pattern's card as hover text: what is found here, why it matters, what the code would look like."""

import re

from chatbt.lsp.client import Json
from chatbt.lsp.pages import page_of
from chatbt.specialists.cards import card_of
from chatbt.specialists.pattern import Pattern
from chatbt.workspace.targets import OLDEST

_DOCUMENTATION = "https://docs.python.org/3/library/"


def card(pattern: Pattern, docs_url: str | None, message: str = "", preview: str | None = None) -> str:
    """The card in Markdown. `preview` is the diff of a fix; without one the pattern's own example stands there."""
    text = card_of(pattern)
    page = page_of(pattern, docs_url)
    parts = [f"**{text.title}** · `{pattern.id}` {pattern.name}"]
    if message:
        parts.append(f"{message[:1].upper()}{message[1:]}.")
    parts.append(text.why if message else f"{text.what}\n\n{text.why}")
    if preview is None:
        parts.append("For example:\n" + _fenced("python", text.before) + "\nBetter:\n" + _fenced("python", text.after))
    else:
        parts.append("The fix:\n" + _fenced("diff", preview))
    if pattern.make_fix is not None:
        parts.append(f"*When the fix is safe:* {text.safety}")
    links = [f"[{pattern.id} in full]({page})"] if page else []
    if pattern.specialist == "stdlib":
        links.append(f"[{pattern.group}]({_DOCUMENTATION}{pattern.group}.html)")
    if pattern.python > OLDEST:
        links.append(f"needs Python {'.'.join(map(str, pattern.python))}")
    if links:
        parts.append(" · ".join(links))
    return "\n\n".join(parts)


def name_card(name: str, pattern: Pattern, docs_url: str | None) -> str:
    """What a pattern says of a name of the standard library."""
    module = pattern.group if name.startswith(f"{pattern.group}.") else name.rpartition(".")[0]
    links = [f"[{name}]({_DOCUMENTATION}{module}.html#{name})"]
    if page := page_of(pattern, docs_url):
        links.append(f"[{pattern.id} {pattern.name}]({page})")
    return f"**{name}**\n\n{pattern.names[name]}\n\n{' · '.join(links)}"


def as_markup(cards: list[str], *, markdown: bool) -> Json:
    """Cards as LSP's MarkupContent, in what the client can show."""
    text = "\n\n---\n\n".join(cards)
    return {"kind": "markdown", "value": text} if markdown else {"kind": "plaintext", "value": _plain(text)}


def _fenced(language: str, code: str) -> str:
    ticks = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 3)
    return f"{ticks}{language}\n{code.rstrip()}\n{ticks}"


def _plain(text: str) -> str:
    """Markdown of our cards without its marks."""
    lines = [line for line in text.splitlines() if not re.fullmatch(r"`{3,}\w*", line)]
    plain = re.sub(r"\*\*(.+?)\*\*|(?<!\w)\*(.+?)\*(?!\w)", lambda mark: mark[1] or mark[2], "\n".join(lines))
    return re.sub(r"\[([^\]\n]+)\]\(([^)\n]+)\)", r"\1: \2", plain)
