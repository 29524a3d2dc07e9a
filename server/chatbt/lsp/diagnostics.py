"""Problems as LSP diagnostics: plain dicts, ready for the wire."""

from chatbt.analysis.finding import Severity
from chatbt.lsp.client import Client, Json
from chatbt.lsp.convert import as_range
from chatbt.lsp.documents import Open
from chatbt.lsp.pages import page_of
from chatbt.workspace.findings import Problem

SOURCE = "chatbt"
_SEVERITY = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFORMATION: 3, Severity.HINT: 4}
_UNNECESSARY, _DEPRECATED = 1, 2


def diagnostics(text: Open, client: Client, docs_url: str | None) -> list[Json]:
    """What is shown of a text."""
    return [diagnostic(problem, text, client, docs_url) for problem in text.problems() if problem.shown]


def diagnostic(problem: Problem, text: Open, client: Client, docs_url: str | None) -> Json:
    document = text.document
    found: Json = {
        "range": as_range(document, problem.stretch, client.encoding),
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
        found["relatedInformation"] = [
            {"location": {"uri": text.uri, "range": as_range(document, stretch, client.encoding)}, "message": message}
            for stretch, message in problem.related
        ]
    if client.data:
        found["data"] = {"id": problem.id, "name": problem.name}
    return found
