"""How a subcommand says that it cannot do what it was asked."""


class RefusalError(Exception):
    """What is wrong with a request, and what to do about it, for the user. The exit status becomes 2."""
