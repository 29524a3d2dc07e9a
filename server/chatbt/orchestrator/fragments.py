"""The code that stands in the words of a question: `if not x in y`, "x = 0 / for n in xs: x += n"."""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from textwrap import indent

LONGEST = 2000
"""How much of a question is looked through for code."""

_ATTEMPTS = 40
_QUOTED = re.compile(r"```(?:python|py)?\n(.*?)```|`([^`\n]+)`", re.DOTALL)
_SPLIT = re.compile(
    r"\n| / |;\s|\.\s+(?=[A-Z])|\?+\s|\s[-–—]\s|,? (?:versus|vs\.?|against|instead of|rather than|and then|then|or if|but) "
)
_CODE = re.compile(r"[\w\])][=(\[.:]|[=+%:]=|^(?:if|for|while|try|except|def|class|with|assert|return|not|del|raise)\b|\s=\s")
_SIGN = re.compile(r"[=(\[{]|^(?:if|not|while|for)\b.*\b(?:in|is)\b|:$")
_PROSE = re.compile(r"\b(?:the|an?|my|that|this|it|which|then|why|what|code|and (?:then|right))\b(?![\"'(\[.=])")
_CONTINUED = re.compile(r"\s+(?=(?:else|elif\b[^:]+|except\b[^:]*|finally):)")
_JOINS = frozenset("= == != += < > <= >= + % :=".split())
_HEADER = re.compile(r":\s*$")
_RETURNS = re.compile(r"\b(?:return|yield)\b")
_MODULE = re.compile(r"\b([a-z_]+)\.[a-zA-Z_]")


def code_in(question: str, modules: Iterable[str]) -> str:
    """The code in a question, as a text of its own that imports those of `modules` that it mentions; "" if none."""
    attempts = _ATTEMPTS
    found: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for piece in _pieces(question[:LONGEST]):
            rest: str | None = piece
            while rest and attempts:
                rest, attempts = _first(rest, attempts, found)
    if not found:
        return ""
    text = "\n".join(dict.fromkeys(found))
    if _RETURNS.search(text):
        text = f"def asked():\n{indent(text, '    ')}"
    known = frozenset(modules)
    imports = sorted({name for name in _MODULE.findall(text) if name in known})
    return "".join(f"import {name}\n" for name in imports) + text + "\n"


def _pieces(text: str) -> Iterator[str]:
    """The stretches that may be code: what is quoted, and what lies between the marks that separate sentences."""
    for block, line in _QUOTED.findall(text):
        yield block or line
    for piece in _SPLIT.split(_QUOTED.sub("\n", text)):
        if _CODE.search(piece.strip()):
            yield piece.strip()


def _first(piece: str, attempts: int, found: list[str]) -> tuple[str | None, int]:
    """Put the first code of a piece into `found`; what follows it in the piece, and how many attempts are left."""
    for candidate, rest in _candidates(piece):
        if not attempts:
            break
        attempts -= 1
        if (code := _parsed(candidate)) is not None:
            found.append(code)
            return rest, attempts
    return None, attempts


def _candidates(piece: str) -> Iterator[tuple[str, str | None]]:
    """Stretches of a piece that begin and end with words that look like code, the longest first, and the rest."""
    yield piece, None
    if "\n" in piece:
        return
    words = piece.split()
    joined = [word in _JOINS for word in (*words, "")]
    code = [bool(_CODE.search(word)) for word in words]
    starts = [at for at in range(len(words)) if code[at] or joined[at + 1]]
    stops = [at + 1 for at, word in enumerate(words) if code[at] or joined[at - 1] or word[-1] in ")]}\"':,"]
    for start in starts[:3]:
        for stop in (len(words), *reversed(stops[-6:])):
            if stop > start:
                yield " ".join(words[start:stop]), " ".join(words[stop:])


def _parsed(candidate: str) -> str | None:
    """The candidate as Python, its clauses on lines of their own; None if it is none, or only a word."""
    code = candidate.strip().rstrip(",.?!")
    if not _SIGN.search(code) or _PROSE.search(code):
        return None
    if "\n" not in code:
        code = _CONTINUED.sub("\n", code)
    if _HEADER.search(code):
        code += " pass"
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    match tree.body:
        case [ast.Expr(ast.Compare() | ast.BoolOp() | ast.UnaryOp(ast.Not()))]:
            return f"if {code}: pass"  # people quote a condition without the statement that it is in
    return code
