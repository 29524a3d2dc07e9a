"""ChatBT: a language server that reviews Python as it is typed, mends it safely and explains why."""

__version__ = "0.1.0"
