"""The argument parser of every subcommand: it names what was probably meant."""

import argparse
import sys
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """An argparse parser that takes no abbreviations and answers a mistyped flag with the nearest one."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings)

    def parse(self, arguments: list[str]) -> argparse.Namespace:
        """The options. Exits with status 2 where the arguments make no sense."""
        options, unknown = self.parse_known_args(arguments)
        if unknown:
            first = unknown[0]
            flag = first.partition("=")[0]
            known = [flag for action in self._actions for flag in action.option_strings]
            self.error(f"unknown argument {first}{_near(flag, known)}")
        return options

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}\nTry '{self.prog} --help'.\n")
        sys.exit(2)


def _near(word: str, known: list[str]) -> str:
    from chatbt.workspace.origins import suggestion

    return suggestion(word, known)
