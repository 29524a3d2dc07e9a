"""The files that let the system start the engine at login, printed for whoever wants them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from xml.sax.saxutils import escape


def systemd(arguments: Sequence[str]) -> str:
    """A user unit for systemd: ~/.config/systemd/user/chatbt-engine.service."""
    command = " ".join(_quoted(part) for part in (sys.executable, "-m", "chatbt.enginehost", *arguments))
    return (
        "[Unit]\nDescription=ChatBT engine\n\n"
        f"[Service]\nExecStart={command}\nRestart=on-failure\n\n"
        "[Install]\nWantedBy=default.target\n"
    )


def launchd(arguments: Sequence[str]) -> str:
    """A property list for launchd: ~/Library/LaunchAgents/chatbt.engine.plist."""
    parts = (sys.executable, "-m", "chatbt.enginehost", *arguments)
    strings = "\n".join(f"    <string>{escape(part)}</string>" for part in parts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'
        '<plist version="1.0">\n<dict>\n  <key>Label</key>\n  <string>chatbt.engine</string>\n'
        f"  <key>ProgramArguments</key>\n  <array>\n{strings}\n  </array>\n"
        "  <key>RunAtLoad</key>\n  <true/>\n</dict>\n</plist>\n"
    )


def _quoted(part: str) -> str:
    """As systemd reads it: in double quotes where it is not one plain word, a percent sign doubled."""
    part = part.replace("%", "%%")
    if part and not set(part) & set(" \t\"'\\;$"):
        return part
    return '"' + part.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$") + '"'
