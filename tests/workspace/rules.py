"""The rules that the configurations of these tests speak of."""

from chatbt.workspace.settings import KnownRules

RULES = KnownRules(
    ids=frozenset({"CC001", "CC002", "CC011", "CC012", "PY001", "PY002", "PYX01"}),
    names={"mutable-default-argument": "CC001", "late-binding-closure": "CC002", "missing-prefix": "CC011"},
    renamed={"CC099": "CC002", "shared-default": "CC001"},
    preview=frozenset({"CC011"}),
)
STABLE = RULES.ids - RULES.preview
