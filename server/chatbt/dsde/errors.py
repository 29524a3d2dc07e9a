"""What can go wrong with a model or a request, each told to the one who asked, with what to do."""


class DsdeError(Exception):
    """Any error of this library."""


class LoadError(DsdeError):
    """A model cannot be used: the file is damaged, of another kind, or too big for the memory."""


class RequestError(DsdeError):
    """A request that cannot be served: no prompt, too long, a parameter out of its range."""
