"""Finds the methods: `text_document/did_open.py` in a folder of methods handles `textDocument/didOpen`.

The handler is the function with the file's name: `did_open`.
"""

import os
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any


def methods(folder: str) -> dict[str, str]:
    """Each method that `folder`, "plain" or "typed", has a file for, and the name of its module."""
    top = os.path.join(os.path.dirname(__file__), folder)  # noqa: PTH118, PTH120 - pathlib is slow to import
    found = {}
    for path, _, files in os.walk(top):
        for file in files:
            if file.endswith(".py") and file != "__init__.py":
                parts = f"{path.removeprefix(top)}{os.sep}{file.removesuffix('.py')}".replace(os.sep, ".")
                method = re.sub("_([a-z])", lambda letter: letter[1].upper(), parts[1:].replace(".", "/"))
                found[method] = f"{__package__}.{folder}{parts}"
    return found


def handler(module: str) -> Callable[..., Any]:
    """The handler in a method's module."""
    function: Callable[..., Any] = getattr(import_module(module), module.rpartition(".")[2])
    return function
