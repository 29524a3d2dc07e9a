"""What can go wrong between a client and an engine."""


class EngineError(Exception):
    """The engine could not be reached, or refused; the message says what to do."""


class EngineOffError(EngineError):
    """The user wants no engine."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the engine is switched off: {why}")


class EngineBusy(EngineError):  # noqa: N818  # it is a state, not a fault
    """The queue is full: `retry_after` seconds from now is a good time."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after
