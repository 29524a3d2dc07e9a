"""Problems as LSP diagnostics: plain dicts, ready for the wire."""

from chatbt.analysis.finding import Severity
from chatbt.lsp.capabilities import Json
from chatbt.lsp.client import Client
from chatbt.lsp.documents import Open
from chatbt.lsp.pages import page_of
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
    found: Json = {
        "range": place,
        "severity": _SEVERITY[problem.severity],
        "code": problem.id,
        "source": SOURCE,
        "message": problem.message,
    }
    if client.links and problem.report is not None and (page := page_of(problem.report.pattern, docs_url)):
        found["codeDescription"] = {"href": page}
    if client.tags and (problem.unnecessary or problem.deprecated):
        tags = ((_UNNECESSARY, problem.unnecessary), (_DEPRECATED, problem.deprecated))
        found["tags"] = [tag for tag, holds in tags if holds]
    if client.related and problem.related:
        places = [(text.to_client(stretch), message) for stretch, message in problem.related]
        found["relatedInformation"] = [
            {"location": {"uri": part.uri, "range": one}, "message": message} for (part, one), message in places
        ]
    if client.data:
        found["data"] = {"id": problem.id, "name": problem.name}
    return found
