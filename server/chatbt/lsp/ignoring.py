"""Edits that silence a finding: a comment on its line, one for the file, an entry in the project's configuration."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from chatbt.lsp.documents import Open
from chatbt.lsp.errors import REQUEST_FAILED, RefusedError
from chatbt.rewriting.fix import Edit
from chatbt.source.document import Document, Position, Range
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import SYNTAX_ERROR, Problem, problems, suggestions_at
from chatbt.workspace.fixing import fix_of

_Counted = Counter[tuple[str, str]]

_BEFORE_CODE = re.compile(r"#!|#.*?coding[:=]|\ufeff#")


def ignore_on_line(text: Open, problem: Problem) -> Edit:
    """A comment that silences the problem alone. Each way is tried; the first that does nothing else is taken."""
    return _first_that_silences(text, problem, _on_line(text, problem))


def ignore_in_file(text: Open, problem: Problem) -> Edit:
    """A comment that silences the rule in the file."""
    return _first_that_silences(text, problem, _in_file(text, problem))


def _first_that_silences(text: Open, problem: Problem, ways: Iterable[Edit]) -> Edit:
    before = _counted(text.problems())
    for edit in ways:
        tried = text.checker.fork()
        tried.edit(edit.stretch, edit.text, text.version)
        after = _counted(problems(tried))
        if not after - before and _is_silenced(problem, edit, tried, before, after):
            return edit
    raise RefusedError(REQUEST_FAILED, f"no comment can silence {problem.id} in line {problem.stretch.start.line}")


def _is_silenced(problem: Problem, edit: Edit, tried: Checker, before: _Counted, after: _Counted) -> bool:
    key = problem.id, problem.message
    if problem.shown or not (problem.report and problem.report.pattern.is_suggestion):
        return after[key] < before[key]
    moved = problem.stretch.shifted(edit.text.count("\n") if edit.stretch.end <= problem.stretch.start else 0)
    return not any((one.id, one.stretch) == (problem.id, moved) for one in suggestions_at(tried, moved))


def _counted(found: Iterable[Problem]) -> _Counted:
    return Counter((one.id, one.message if one.id != SYNTAX_ERROR else "") for one in found)


def _on_line(text: Open, problem: Problem) -> Iterator[Edit]:
    """The likeliest first, for each that is tried costs its chunk once more."""
    chunk, state = problem.chunk, problem.state
    first, last = problem.stretch.start.line, problem.stretch.end.line
    for one in state.suppressions:
        if one.ours and one.codes and not one.whole_file and first - chunk.start in one.lines:
            end = one.codes[-1].stretch.shifted(chunk.start).end
            yield Edit(Range(end, end), f", {problem.id}")
    ends = [_behind(text.document, line, problem.id) for line in dict.fromkeys((first, last))]
    above = _above(text.document, first, problem.id)
    if problem.report is not None and isinstance(problem.report.finding.node, ast.expr):
        ends.reverse()  # behind its first line a comment would be inside of it
    if len(ends) == 1 and _is_taken(text, problem, ends[0].stretch.start):
        yield from (above, *ends)
    else:
        yield from (*ends, above)


def _behind(document: Document, line: int, rule: str) -> Edit:
    end = Position(line, len(document.line(line).encode("utf-8", "surrogatepass")))
    return Edit(Range(end, end), f"  # chatbt: ignore[{rule}]")


def _above(document: Document, line: int, rule: str) -> Edit:
    start = Position(line, 0)
    indent = re.match(r"[ \t\f]*", document.line(line))
    comment = f"{indent[0] if indent else ''}# chatbt: ignore[{rule}]{document.line_ending}"
    return Edit(Range(start, start), comment)


def _is_taken(text: Open, problem: Problem, place: Position) -> bool:
    """Whether a fix rewrites what is around a place; a comment there is often in its way, and so in the pattern's."""
    report = problem.report
    fix = fix_of(text.checker, problem.chunk, problem.state, report) if report is not None else None
    return fix is not None and any(edit.stretch.start < place < edit.stretch.end for edit in fix.edits)


def _in_file(text: Open, problem: Problem) -> Iterator[Edit]:
    for chunk, state in text.checker.chunks():
        for one in state.suppressions:
            if one.ours and one.codes and one.whole_file:
                end = one.codes[-1].stretch.shifted(chunk.start).end
                yield Edit(Range(end, end), f", {problem.id}")
    document = text.document
    line = next((line for line in (1, 2, 3) if not _BEFORE_CODE.match(document.line(line))), 1)
    start = Position(line, 0)
    yield Edit(Range(start, start), f"# chatbt: ignore-file[{problem.id}]{document.line_ending}")


# ---- the project


def ignore_in_project(path: Path, rule: str, current: str | None) -> str:
    """The text of the configuration file at `path` with `rule` in its `ignore`; `current` is None where there is none.

    RefusedError if the file is written in a way that we do not dare to change.
    """
    prefix = ("tool", "chatbt") if path.name == "pyproject.toml" else ()
    old = _parsed(current or "")
    table = _table(old, prefix)
    ignored = table.get("ignore", []) if table is not None else None
    if old is None or not isinstance(ignored, list | None):
        raise _refusal(path, rule)
    if rule in (ignored or ()):
        raise RefusedError(REQUEST_FAILED, f"{path} ignores {rule} already")
    new = _with_rule(current or "", rule, prefix)
    if _table(_parsed(new), prefix) != {**(table or {}), "ignore": [*(ignored or []), rule]}:
        raise _refusal(path, rule)
    return new


def _refusal(path: Path, rule: str) -> RefusedError:
    return RefusedError(REQUEST_FAILED, f'{path} could not be changed: add "{rule}" to chatbt\'s `ignore` there')


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _table(data: Any, prefix: tuple[str, ...]) -> dict[str, Any] | None:
    for name in prefix:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else None


def _with_rule(text: str, rule: str, prefix: tuple[str, ...]) -> str:
    ending = "\r\n" if "\r\n" in text else "\n"
    start = 0
    if prefix:
        name = r"[ \t]*[.][ \t]*".join(prefix)
        header = re.search(rf"^[ \t]*\[[ \t]*{name}[ \t]*\][^\n]*(\n|\Z)", text, re.MULTILINE)
        if header is None:
            gap = "" if not text else ending if text.endswith("\n") else 2 * ending
            return f'{text}{gap}[{".".join(prefix)}]{ending}ignore = ["{rule}"]{ending}'
        start = header.end()
    following = re.compile(r"^[ \t]*\[", re.MULTILINE).search(text, start)
    stop = following.start() if following else len(text)
    key = re.compile(r"^[ \t]*ignore[ \t]*=[ \t]*\[", re.MULTILINE).search(text, start, stop)
    if key is None:
        gap = "" if start == 0 or text[start - 1] == "\n" else ending
        return f'{text[:start]}{gap}ignore = ["{rule}"]{ending}{text[start:]}'
    return _in_list(text, key.end(), rule)


_IN_LIST = re.compile(r"""(?P<item>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')|(?P<comma>,)|(?P<end>\])|\#[^\n]*|\s+""")


def _in_list(text: str, start: int, rule: str) -> str:
    """With `rule` behind the last item of the list that begins at `start`; its layout is taken over."""
    place, last, comma = start, None, False
    while (token := _IN_LIST.match(text, place)) is not None and token["end"] is None:
        if token["item"]:
            last, comma = token, False
        elif token["comma"]:
            last, comma = token, True
        place = token.end()
    if last is None:
        return f'{text[:start]}"{rule}"{text[start:]}'
    line = text.rfind("\n", 0, last.start()) + 1
    indent = re.match(r"[ \t]*", text[line:])
    own_line = line > start and indent is not None
    gap = f"\n{indent[0]}" if own_line and indent else " "
    added = f'{"" if comma else ","}{gap}"{rule}"{"," if comma and own_line else ""}'
    return text[: last.end()] + added + text[last.end() :]
