"""What the client can do, read once from its `initialize` request."""

from dataclasses import dataclass
from typing import Any

from chatbt.lsp.capabilities import encoding_of, options_of, reach, registers_commands, table, wants_workspace
from chatbt.source.document import Encoding

Json = dict[str, Any]

GENERATED = 1
"""LSP's CodeActionTag.LlmGenerated."""


@dataclass(frozen=True, slots=True)
class Client:
    """The capabilities that make a difference to us. The defaults are those of a client that says nothing."""

    encoding: Encoding = Encoding.UTF16
    pulls: bool = False
    """Asks for diagnostics itself; to such a client none are pushed."""
    refreshes: bool = False
    """Asks for all diagnostics again when told to."""
    related: bool = False
    tags: bool = False
    links: bool = False
    """Shows `codeDescription`."""
    versions: bool = False
    """Wants to know which version published diagnostics are of."""
    data: bool = False
    """Gives a diagnostic's `data` back."""
    action_literals: bool = False
    """Takes code actions, not only commands."""
    resolves: bool = False
    """Gets a code action's edit by resolving it."""
    preferred: bool = False
    document_changes: bool = False
    annotations: bool = False
    """Asks the user about edits that want it."""
    applies_edits: bool = False
    """Takes edits that it has not asked for."""
    creates_files: bool = False
    markdown: bool = False
    shows_documents: bool = False
    progress: bool = False
    configuration: bool = False
    """Can be asked for its settings."""
    registers_configuration: bool = False
    watches_files: bool = False
    registers_commands: bool = False
    virtual_documents: bool = False
    """Shows texts that are nowhere but here, and asks for them again when told to."""
    marks_generated: bool = False
    """Shows which code actions are made by a model."""
    hears_status: bool = False
    """Wants `chatbt/status`."""
    hears_answers: bool = False
    """Wants the text of a model as `chatbt/answer`."""
    hears_rewrites: bool = False
    """Wants a model's rewrite as `chatbt/rewrite`, and asks the user about it itself."""
    whole_workspace: bool = False
    """Wants the diagnostics of files that are not open."""
    settings: tuple[tuple[str, Any], ...] = ()
    """What `initializationOptions` set."""
    folders: tuple[str, ...] = ()
    """The URIs of the workspace folders at start."""

    @classmethod
    def of(cls, params: Json) -> "Client":
        """What the parameters of `initialize` say."""
        capabilities = table(params.get("capabilities"))

        def has(*path: str) -> bool:
            return reach(capabilities, *path) not in (None, False)

        def lists(item: str | int, *path: str) -> bool:
            value = reach(capabilities, *path)
            return isinstance(value, list) and item in value

        def shows(name: str) -> bool:
            return has("textDocument", "publishDiagnostics", name) or has("textDocument", "diagnostic", name)

        action = ("textDocument", "codeAction")
        edit = ("workspace", "workspaceEdit")
        return cls(
            encoding=Encoding(encoding_of(params)),
            pulls=has("textDocument", "diagnostic"),
            refreshes=has("workspace", "diagnostics", "refreshSupport"),
            related=shows("relatedInformation"),
            tags=shows("tagSupport"),
            links=shows("codeDescriptionSupport"),
            versions=has("textDocument", "publishDiagnostics", "versionSupport"),
            data=shows("dataSupport"),
            action_literals=has(*action, "codeActionLiteralSupport"),
            resolves=has(*action, "dataSupport") and lists("edit", *action, "resolveSupport", "properties"),
            preferred=has(*action, "isPreferredSupport"),
            document_changes=has(*edit, "documentChanges"),
            annotations=has(*edit, "documentChanges") and has(*edit, "changeAnnotationSupport"),
            applies_edits=has("workspace", "applyEdit"),
            creates_files=lists("create", *edit, "resourceOperations"),
            markdown=lists("markdown", "textDocument", "hover", "contentFormat"),
            shows_documents=has("window", "showDocument", "support"),
            progress=has("window", "workDoneProgress"),
            configuration=has("workspace", "configuration"),
            registers_configuration=has("workspace", "didChangeConfiguration", "dynamicRegistration"),
            watches_files=has("workspace", "didChangeWatchedFiles", "dynamicRegistration"),
            registers_commands=registers_commands(params),
            virtual_documents=has("workspace", "textDocumentContent", "dynamicRegistration"),
            marks_generated=lists(GENERATED, *action, "tagSupport", "valueSet"),
            hears_status=has("experimental", "chatbt", "status"),
            hears_answers=has("experimental", "chatbt", "answers"),
            hears_rewrites=has("experimental", "chatbt", "rewrites"),
            whole_workspace=wants_workspace(params),
            settings=tuple(options_of(params).items()),
            folders=tuple(_folders(params)),
        )


def _folders(params: Json) -> list[str]:
    folders = params.get("workspaceFolders")
    if isinstance(folders, list) and folders:
        return [uri for folder in folders if isinstance(uri := table(folder).get("uri"), str)]
    if isinstance(uri := params.get("rootUri"), str):
        return [uri]
    if isinstance(path := params.get("rootPath"), str):
        from chatbt.lsp.uris import to_uri

        return [to_uri(path)]
    return []
