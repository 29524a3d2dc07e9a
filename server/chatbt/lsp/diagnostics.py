"""Problems as LSP diagnostics: plain dicts, ready for the wire."""

from collections.abc import Iterable

from chatbt.analysis.finding import Severity
from chatbt.lsp.client import Client, Json
from chatbt.lsp.documents import Open
from chatbt.lsp.pages import page_of
from chatbt.specialists.pattern import Pattern
from chatbt.workspace.findings import Problem

SOURCE = "chatbt"
_SEVERITY = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFORMATION: 3, Severity.HINT: 4}
_UNNECESSARY, _DEPRECATED = 1, 2


def diagnostics(text: Open, client: Client, docs_url: str | None) -> dict[str, list[Json]]:
    """What is shown of a text, by the URI of its parts; every part has its list."""
    found: dict[str, list[Json]] = {part.uri: [] for part in text.parts}
    for problem in text.problems():
        if problem.shown:
            part, place = text.to_client(problem.stretch)
            found[part.uri].append(_diagnostic(problem, place, text, client, docs_url))
    return found


def _diagnostic(problem: Problem, place: Json, text: Open, client: Client, docs_url: str | None) -> Json:
    pattern = problem.report.pattern if problem.report is not None else None
    places = ((text.to_client(stretch), message) for stretch, message in problem.related)
    related = (((part.uri, one), message) for (part, one), message in places)
    found = as_diagnostic(
        place, problem.id, problem.name, problem.message, problem.severity, pattern, related, client, docs_url
    )
    if client.tags and problem.unnecessary and pattern is None:
        found["tags"] = [_UNNECESSARY]
    return found


def as_diagnostic(
    place: Json,
    rule: str,
    name: str,
    message: str,
    severity: Severity,
    pattern: Pattern | None,
    related: Iterable[tuple[tuple[str, Json], str]],
    client: Client,
    docs_url: str | None,
) -> Json:
    """A finding at a range of the client's. `related` are ((URI, range), message)."""
    found: Json = {
        "range": place,
        "severity": _SEVERITY[severity],
        "code": rule,
        "source": SOURCE,
        "message": message,
    }
    if pattern is not None:
        if client.links and (page := page_of(pattern, docs_url)):
            found["codeDescription"] = {"href": page}
        tags = ((_UNNECESSARY, pattern.unnecessary), (_DEPRECATED, pattern.deprecated))
        if client.tags and (held := [tag for tag, holds in tags if holds]):
            found["tags"] = held
    if client.related:
        places = [{"location": {"uri": uri, "range": one}, "message": words} for (uri, one), words in related]
        if places:
            found["relatedInformation"] = places
    if client.data:
        found["data"] = {"id": rule, "name": name}
    return found
