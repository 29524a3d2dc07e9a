"""The code that stands in the words of a question: `if not x in y`, "x = 0 / for n in xs: x += n"."""

import ast
import builtins
import re
import warnings
from collections.abc import Iterable, Iterator
from textwrap import indent

LONGEST = 2000
"""How much of a question is looked through for code."""

LONGEST_LINE = 400
"""No line of code that somebody quotes in a sentence is longer."""

_ATTEMPTS = 60
_QUOTED = re.compile(r"```(?:python|py)?\n(.*?)```|`([^`\n]+)`", re.DOTALL)
_SPLIT = re.compile(
    r" / |;\s|\.\s+(?=[A-Z]|\w+ = )|\?+\s|\s(?:->|[-–—])\s"
    r"|,? (?:versus|vs\.?|against|instead of|rather than|and then|then|or if|but) "
)
_CODE = re.compile(
    r"[\w\])][=(\[.:]|[=+%:]=|\bf[\"']|^@\w"
    r"|^(?:if|for|while|try|except|def|class|with|assert|return|not|del|raise)\b|\s=\s"
)
_END = re.compile(r"[)\]}\"':,;]$|^(?:pass|continue|break|raise|True|False|None)[.,?!]?$")
_SIGN = re.compile(r"[=(\[{]|^(?:if|not|while|for)\b.*\b(?:in|is)\b|:$|f[\"']|^(?:try|except)\b")
_PROSE = re.compile(r"\b(?:the|an?|my|that|this|it|which|then|why|what|code|and (?:then|right))\b(?![\"'(\[.=])")
_JOINS = frozenset("= == != += < > <= >= + % :=".split())
_HEADER = re.compile(r":\s*$")
_OPEN = re.compile(r"^(?:if|elif|while|for|with|def|class)\b[^:]*$")
_CLAUSES = re.compile(r"\s+(?=(?:else|elif\b[^:]+|except\b[^:]*|finally):)")
_DECORATED = re.compile(r"(?<!\S)(@[\w.]+(?:\([^()]*\))?)\s+(?=def |class |async )")
_NESTED = re.compile(r"(?<=:)\s+(?=(?:if|for|while|with|try)\b)")
_ALONE = re.compile(r"^(?:except\b|finally:)")
_DATETIME = re.compile(r"\bdatetime\.(?:utc)?(?:now|fromtimestamp)\(")
_MODULE = re.compile(r"\b([a-z_]+)\.[a-zA-Z_]")
_PARAMETER = re.compile(r"(\w+)\s*=")
_FIELD = re.compile(r"\{([a-z_]\w*)")
_LOGGERS = re.compile(r"\blog(?:ger)?\.")
_SHORT = {"np": "numpy", "pd": "pandas"}
_KINDS = {
    "str": "lower upper strip lstrip rstrip replace split title capitalize startswith endswith format",
    "list": "append extend sort reverse insert",
    "dict": "items keys values setdefault get",
}
_KIND_OF = {method: kind for kind, methods in _KINDS.items() for method in methods.split()}


def code_in(question: str, modules: Iterable[str]) -> str:
    """The code in a question, as a text of its own that imports those of `modules` that it mentions; "" if none.

    It stands in a function whose parameters are the names that it takes for granted.
    """
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
        return _in_function(text, frozenset(modules))


def _in_function(text: str, modules: frozenset[str]) -> str:
    mentioned = set(_MODULE.findall(text))
    imports = [f"import {name}\n" for name in sorted(mentioned & modules)]
    imports += [f"import {_SHORT[name]} as {name}\n" for name in sorted(mentioned & _SHORT.keys())]
    if _LOGGERS.search(text):
        imports.append("import logging\nlog = logger = logging.getLogger(__name__)\n")
    if _DATETIME.search(text):
        imports = [line for line in imports if line != "import datetime\n"] + ["from datetime import datetime\n"]
    given = _free(text)
    known = modules | _SHORT.keys() | {"log", "logger"}
    parameters = ", ".join(f"{name}{given[name]}" for name in sorted(given.keys() - known))
    start = "async def" if re.search(r"\bawait\b", text) else "def"
    return f"{''.join(imports)}\n{start} asked({parameters}):\n{indent(text, '    ')}\n"


def _free(text: str) -> dict[str, str]:
    """The names that a text reads, those in its strings' braces too, and does not bind; the types they seem to have."""
    read, bound, kinds = set(_FIELD.findall(text)), set[str](), dict[str, str]()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(ast.Name(id=name), method) if method in _KIND_OF:
                read.add(name)
                kinds[name] = f": {_KIND_OF[method]}"
            case ast.For(ast.Name(id=key), ast.Name(id=name), body):
                read.add(name)
                if any(
                    isinstance(one, ast.Subscript) and _is_item(one, name, key)
                    for part in body
                    for one in ast.walk(part)
                ):
                    kinds[name] = ": dict"
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                bound.add(name)
            case ast.ExceptHandler(name=str(name)):
                bound.add(name)
            case ast.alias(name=name, asname=other):
                bound.add(other or name.partition(".")[0])
    free = (name for name in read - bound if not hasattr(builtins, name) and name.isidentifier())
    return {name: kinds.get(name, "") for name in free}


def _is_item(node: ast.AST, name: str, key: str) -> bool:
    return isinstance(node, ast.Subscript) and ast.unparse(node) == f"{name}[{key}]"


def _pieces(text: str) -> Iterator[str]:
    """The stretches that may be code: what is quoted, each line, and what lies between the marks within a line."""
    for block, line in _QUOTED.findall(text):
        yield block or line
    for line in _QUOTED.sub("\n", text).splitlines():
        pieces = [piece.strip() for piece in _SPLIT.split(line)]
        if "; " in line and len(pieces) > 1:
            yield line.strip()
        yield from (piece for piece in pieces if _CODE.search(piece))


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
    stops = [
        at + 1
        for at, word in enumerate(words)
        if code[at] or joined[at - 1] or words[at - 1] in {"in", "not", "or", "and"} or _END.search(word)
    ]
    for start in starts[:3]:
        for stop in (len(words), *reversed(stops[-6:])):
            if stop > start:
                yield " ".join(words[start:stop]), " ".join(words[stop:])


def _parsed(candidate: str) -> str | None:
    """The candidate as Python, its clauses on lines of their own; None if it is none, or only a word."""
    code = candidate.strip().rstrip(",.?!; ")
    if ("\n" not in code and len(code) > LONGEST_LINE) or not _SIGN.search(code) or _PROSE.search(code):
        return None
    if "\n" not in code:
        code = _DECORATED.sub("\\1\n", _CLAUSES.sub("\n", code))
        if "\n" not in code:
            code = "\n".join(f"{'    ' * depth}{part}" for depth, part in enumerate(_NESTED.split(code)))
        code += ":" if _OPEN.search(code) else ""
        code = f"try: asked()\n{code}" if _ALONE.search(code) else code
    if _HEADER.search(code):
        names = _PARAMETER.findall(code) if code.startswith("def ") else ()
        code += f" return {', '.join(names)}" if names else " pass"
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    match tree.body:
        case [ast.Expr(ast.Compare() | ast.BoolOp() | ast.UnaryOp(ast.Not()))]:
            return f"if {code}: pass"  # people quote a condition without the statement that it is in
    return code
