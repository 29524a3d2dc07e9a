"""Classes, as far as the file tells."""

from chatbt.analysis.names import qualified_path
from chatbt.analysis.scopes import Scope

_PROTOCOLS = frozenset({"typing.Protocol", "typing_extensions.Protocol"})


def base_names(scope: Scope) -> list[str | None]:
    """The qualified names of the bases of the class whose body `scope` is; None for one that is not certain."""
    around = scope.parent or scope
    return [qualified_path(base, around) for base in scope.class_facts().bases]


def is_protocol(scope: Scope) -> bool:
    """Whether `scope` is the body of a Protocol."""
    return scope.kind == "class" and not _PROTOCOLS.isdisjoint(base_names(scope))
