"""Where a question goes, for people and for programs."""

from chatbt.orchestrator.evidence import Evidence
from chatbt.orchestrator.routing import NONE, Candidate, Route
from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import patterns


def as_json(route: Route) -> str:
    """The route as a JSON object, with a line ending."""
    import orjson

    content = {
        "specialist": route.specialist,
        "reason": route.reason,
        "patterns": [_plain(one) for one in route.patterns],
        "library": [{"name": one.name, "pattern": one.pattern, "about": one.about} for one in route.entries],
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode() + "\n"


def _plain(one: Candidate) -> dict[str, object]:
    pattern = patterns()[one.pattern]
    return {
        "code": pattern.id,
        "name": pattern.name,
        "title": card_of(pattern).title,
        "specialist": pattern.specialist,
        "score": one.score,
        "words": list(one.words),
        "findings": [{"line": found.line, "message": found.message} for found in one.findings],
    }


def as_text(route: Route) -> str:
    """The route in lines."""
    lines = [f"{route.specialist}: {route.reason}"]
    if route.specialist == NONE:
        lines += ["Nearest:"] * bool(route.patterns)
    for one in route.patterns:
        pattern = patterns()[one.pattern]
        lines.append(f"  {pattern.id} {card_of(pattern).title} ({pattern.name}, {one.score:.0f})")
        lines += [f"    {_where(found)}: {found.message}" for found in one.findings]
        if one.words:
            lines.append(f"    words: {', '.join(one.words)}")
    if route.specialist != NONE:
        lines += [f"  {entry.name}: {entry.about}" for entry in route.entries]
    return "\n".join(lines) + "\n"


def _where(found: Evidence) -> str:
    return "in the question" if found.line is None else f"line {found.line}"
