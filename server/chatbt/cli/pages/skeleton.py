"""A new pattern to start from, which passes its tests: its source file and its cases file."""

import re
from pathlib import Path

from chatbt.cli.options.refusal import RefusalError
from chatbt.specialists.registry import patterns

_PREFIXES = {"critic": "CC", "pythonic": "PY", "stdlib": "SL"}
_KINDS = {"critic": 'group="practice", ', "pythonic": "", "stdlib": 'module="builtins", '}
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")


def write_skeleton(root: Path, specialist: str, name: str, version: str) -> tuple[Path, Path]:
    """Write both files into the checkout at `root`; their paths. RefusalError if the name cannot be taken."""
    if not _NAME.fullmatch(name):
        raise RefusalError(f"{name!r} is no name for a pattern; words with hyphens are expected: unclosed-file")
    if any(name in (one.name, *one.formerly) for one in patterns().values()):
        raise RefusalError(f"there is a pattern {name} already")
    function = name.replace("-", "_")
    source = root / "server" / "chatbt" / "specialists" / specialist / f"{function}.py"
    cases = root / "tests" / "specialists" / specialist / f"{function}.md"
    for path in (source, cases):
        if path.exists():
            raise RefusalError(f"{path} is there already")
    words = {
        "id": free_id(specialist),
        "name": name,
        "function": function,
        "title": name.replace("-", " ").capitalize(),
        "decorator": specialist,
        "kind": _KINDS[specialist],
        "since": ".".join(version.split(".")[:2]),
    }
    for path, text in ((source, _SOURCE), (cases, _CASES)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(re.sub(r"<(\w+)>", lambda word: words[word[1]], text), encoding="utf-8")
    return source, cases


def free_id(specialist: str) -> str:
    """The next id of a specialist's patterns."""
    prefix = _PREFIXES[specialist]
    used = [int(one.removeprefix(prefix)) for one in patterns() if one.startswith(prefix)]
    return f"{prefix}{max(used, default=0) + 1:03}"


_SOURCE = '''"""<title>

## What it does
Reports every use of the name `replace_me`.

## Why
Say what happens to the code because of it, for a reader who has not heard of it.

## Example
    print(replace_me)

Better:
    print(replaced)

## When the fix is safe
It has none.

## Asked as
- how somebody puts it who has never heard of the pattern: a symptom, an error's message, code

## References
- The Python Language Reference, 6.2.1 Identifiers
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.scopes import Scope
from chatbt.specialists.pattern import Findings, <decorator>


@<decorator>("<id>", <kind>since="<since>", stability="preview")
def <function>(node: ast.Name, scope: Scope) -> Findings:
    if node.id == "replace_me":
        yield Finding(node, f"`{node.id}` is read here")
'''

_CASES = """# <id> <name>

## the name is read
```python
total = ⟦replace_me⟧ + 1
```
> `replace_me` is read here

## silent: an attribute is no name
```python
total = thing.replace_me
```
"""
