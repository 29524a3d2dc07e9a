"""Names that no list holds: words of the standard library, put together anew.

A model that has seen few names learns them; one that has seen a new one every time learns to copy. One word in ten is
kept back for the held-out instances, so that copying is measured on words that training never used.
"""

import re
import sys
import sysconfig
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

_IDENTIFIER = re.compile(r"\b[A-Za-z_][A-Za-z0-9_]{2,}\b")
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]+")
_CONSONANTS, _VOWELS = "bcdfghjklmnprstvwz", "aeiou"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TAKEN = frozenset(sys.stdlib_module_names)
KEPT_BACK = 10
"""One word in so many is never used in training."""


def library() -> Path:
    """The folder of the running interpreter's standard library."""
    return Path(sysconfig.get_paths()["stdlib"])


def library_files(*, tests: bool = False) -> list[Path]:
    """The standard library's files in order, without what was installed into it."""
    root = library()
    found = (file for file in sorted(root.rglob("*.py")) if "site-packages" not in file.parts)
    return [file for file in found if tests or not {"test", "tests"} & set(file.relative_to(root).parts)]


def is_kept_back(word: str) -> bool:
    """Whether a word is one of those for held-out instances."""
    return zlib.crc32(word.encode()) % KEPT_BACK == 0


@cache
def words() -> Sequence[str]:
    """Lower-case words that the standard library's identifiers are made of, most often used first."""
    counted: Counter[str] = Counter()
    for file in library_files():
        text = file.read_text(encoding="utf-8", errors="replace")
        for name in set(_IDENTIFIER.findall(text)):
            counted.update(part.lower() for part in _WORD.findall(name))
    return [word for word, count in counted.most_common() if count >= 3 and 3 <= len(word) <= 12]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Makes names. `held_out` ones have at least one word that training never saw, where they have a word at all."""

    random: Random
    held_out: bool = False

    def word(self) -> str:
        """A word; often a frequent one, sometimes one that is none."""
        chosen = words()
        wanted = self.held_out
        while True:
            if self.random.random() < 0.15:
                word = self._invented()
            else:
                # The square prefers the frequent.
                word = chosen[int(self.random.random() ** 1.6 * len(chosen))]
            if is_kept_back(word) == wanted:
                return word

    def _invented(self) -> str:
        pick = self.random.choice
        return "".join(pick(_CONSONANTS) + pick(_VOWELS) for _ in range(self.random.randint(2, 3))) + (
            pick(_CONSONANTS) if self.random.random() < 0.5 else ""
        )

    def name_like(self, name: str) -> str:
        """A name in the manner of another: a class for a class, a constant for a constant."""
        bare = name.lstrip("_")
        prefix = name[: len(name) - len(bare)]
        if len(bare) == 1 and self.random.random() < 0.6:
            return prefix + self.random.choice(_LETTERS)
        count = self.random.choices((1, 2, 3), (5, 5, 1))[0]
        parts = [self.word() for _ in range(count)]
        if bare.isupper() and len(bare) > 1:
            return prefix + "_".join(parts).upper()
        if bare[:1].isupper():
            return prefix + "".join(part.capitalize() for part in parts)
        made = "_".join(parts)
        if self.random.random() < 0.04:
            made += str(self.random.randint(1, 9))
        return prefix + (made + "_" if made in _TAKEN else made)
