"""The one thread that touches the models."""

from __future__ import annotations

import gc
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chatbt.engine.shapes import Sampling, State
from chatbt.enginehost.asks import Ask, BrokenError, WrongError
from chatbt.enginehost.choosing import Plan
from chatbt.enginehost.loading import Loader, NoModelError, Way

if TYPE_CHECKING:
    from chatbt.dsde import Engine, Event, Result, SamplingParams, Stats
    from chatbt.dsde.models.model import Model

LOG = logging.getLogger("chatbt.engine")
OFTEN = 0.008
"""Seconds between two pieces of an answer: what comes faster is told together, for telling costs decoding time."""
AGAIN = 30.0
"""Seconds after which a model that could not be loaded is tried again."""


@dataclass(slots=True)
class Job:
    """Something else to do in the thread, when no request is being decoded."""

    action: Callable[[], Any]
    result: Future[Any] = field(default_factory=Future)


@dataclass(slots=True)
class Worker:
    """Loads the engine when it is first needed, frees it when no request came for `unload_after` seconds."""

    loader: Loader
    way: Way
    """How drafting is done."""
    unload_after: float = 900.0
    finished: Callable[[Ask, Result], None] = lambda _ask, _result: None
    """Called in the thread with each answer, also one that was left or broke off."""
    state: State = "unloaded"
    percent: int = 0
    reason: str = ""
    plan: Plan | None = None
    engine: Engine | None = None
    asks: dict[int, Ask] = field(default_factory=dict)
    draft: Model | None = None
    """The draft model, also while plain decoding is measured."""
    drafts: bool = True
    """Whether the engine drafts at all; not while plain decoding is measured."""
    rounds: int = 0
    """Decoded since the process began."""
    loads: int = 0
    """How often a model was loaded."""
    tokens: int = 0
    """Of finished answers."""
    released: int = 0
    """Answers that were left, and whose slots are free again."""
    slowest_release: int = 0
    """The most rounds that such a slot was still decoded for."""
    last_used: float = field(default_factory=time.monotonic)
    _failed_at: float | None = None
    _inbox: queue.SimpleQueue[Ask | Job | None] = field(default_factory=queue.SimpleQueue)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="chatbt-engine", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after its round; what runs is cut off."""
        self._inbox.put(None)
        if self._thread is not None:
            self._thread.join(timeout=2)  # a model that is being loaded is not waited for

    def submit(self, ask: Ask) -> None:
        """Hand over a request; its news come in its own queue."""
        self._inbox.put(ask)

    def do(self, action: Callable[[], Any]) -> Future[Any]:
        """Do something in the thread when the requests before it are answered; those behind it wait."""
        job = Job(action)
        self._inbox.put(job)
        return job.result

    def leave(self, ask: Ask) -> None:
        """Nobody waits for this request any more: its slot is free before the next round begins."""
        if ask.gone:
            return
        ask.left_at = self.rounds
        ask.gone = True
        engine = self.engine
        if ask.id is not None and engine is not None:
            engine.cancel(ask.id)

    def need(self) -> Engine:
        """The engine, loaded where it is not. For the thread alone. Raises `BrokenError`."""
        if self.engine is not None:
            return self.engine
        if self._failed_at is not None and time.monotonic() - self._failed_at < AGAIN:
            raise BrokenError(self.reason)
        self.state, self.percent = "loading", 0
        try:
            loaded = self.loader.load(self.way, self._trying, self._progress)
        except NoModelError as error:
            self.state, self.reason, self._failed_at = "failed", str(error), time.monotonic()
            LOG.error("no model is loaded: %s", error)
            raise BrokenError(self.reason) from None
        self.engine, self.plan, self.reason, self._failed_at = loaded.engine, loaded.plan, loaded.reason, None
        self.loads += 1
        self.draft, self.drafts = loaded.engine.models[1], True
        self.state, self.percent = "ready", 100
        LOG.info("%s is ready%s", loaded.plan.key, f" ({loaded.reason})" if loaded.reason else "")
        return self.engine

    def live(self) -> list[Stats]:
        """The figures of what is being decoded just now. Any thread may ask."""
        engine = self.engine
        return engine.live if engine is not None else []

    def tokens_so_far(self) -> int:
        """Tokens of finished and unfinished answers."""
        return self.tokens + sum(stats.accepted + stats.rounds for stats in self.live())

    def _trying(self, plan: Plan) -> None:
        self.plan = plan

    def _progress(self, done: float) -> None:
        self.percent = int(done * 100)

    def _run(self) -> None:
        while True:
            idle = self.engine is None or self.engine.idle
            try:
                item = self._inbox.get(timeout=self._wait()) if idle else self._inbox.get_nowait()
            except queue.Empty:
                if idle:
                    self.unload()
                else:
                    self._step()
                continue
            if item is None:
                return
            if isinstance(item, Ask):
                self._take(item)
            else:
                self._do(item)

    def _wait(self) -> float | None:
        if self.engine is None:
            return None
        return max(0.0, self.last_used + self.unload_after - time.monotonic())

    def _do(self, job: Job) -> None:
        while self.engine is not None and not self.engine.idle:
            self._step()
        try:
            self.need()
            self.state = "busy"
            job.result.set_result(job.action())
        except Exception as error:
            if not isinstance(error, BrokenError):
                LOG.exception("a task of the engine failed")
            job.result.set_exception(error)
        self.last_used = time.monotonic()
        if self.engine is not None:
            self.state = "ready"

    def _take(self, ask: Ask) -> None:
        self.last_used = time.monotonic()
        if ask.gone:
            return
        try:
            engine = self.need()
            left = None if ask.until is None else ask.until - time.monotonic()
            if left is not None and left <= 0:
                raise BrokenError("the deadline passed while the model was loaded: ask again")
            ask.id = engine.submit(
                _prompt(engine, ask), _params(ask.body), owner=ask.owner, priority=ask.body.priority, timeout=left
            )
        except Exception as error:
            ask.tell(_as_told(error))
            return
        self.asks[ask.id] = ask
        self.state = "busy"

    def _step(self) -> None:
        assert self.engine is not None
        for ask in list(self.asks.values()):
            if ask.gone and ask.id is not None:
                self.engine.cancel(ask.id)
        before = self.rounds
        try:
            events = self.engine.step()
        except Exception as error:
            self._fail(error)
            return
        self.rounds += 1
        for event in events:
            self._pass_on(event, before)
        self.last_used = time.monotonic()
        if self.engine.idle:
            self.state = "ready"

    def _pass_on(self, event: Event, before: int) -> None:
        ask = self.asks[event.id]
        if event.result is not None:
            del self.asks[event.id]
            self.tokens += event.result.stats.tokens
            if ask.gone and event.result.finish == "cancelled":
                self.released += 1
                self.slowest_release = max(self.slowest_release, before - ask.left_at)
            self.finished(ask, event.result)
        if ask.gone:
            return
        now = time.monotonic()
        if event.result is None and now - ask.told_at < OFTEN:
            ask.held += event.text
            return
        ask.tell(replace(event, text=ask.held + event.text))
        ask.held, ask.told_at = "", now

    def _fail(self, error: Exception) -> None:
        """A round broke: its requests are told, and the next one loads anew."""
        self.state, self.reason = "failed", f"{type(error).__name__}: {error}"
        LOG.error("a round broke; the next request loads the model anew", exc_info=error)
        for ask in self.asks.values():
            ask.tell(BrokenError(self.reason))
        self.asks.clear()
        self.engine = self.draft = None

    def unload(self) -> None:
        """Free the model. For the thread alone."""
        if self.engine is not None:
            self.engine = self.draft = None
            self.state, self.percent = "unloaded", 0
            gc.collect()
            torch = sys.modules.get("torch")
            if torch is not None and torch.cuda.is_available():
                torch.cuda.empty_cache()
            LOG.info("the model is freed")


def _prompt(engine: Engine, ask: Ask) -> str | list[int]:
    """What is to be continued: a conversation as the model's own template has it, one turn below the other without."""
    if isinstance(ask.content, str):
        return ask.content
    if engine.tokenizer.chat_template is None:
        return "\n\n".join(message.content for message in ask.content)
    turns = [asdict(message) for message in ask.content]
    try:
        return list(engine.tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=False))
    except Exception as error:  # the template is the model's; it raises what it likes
        raise WrongError(f"the model's chat template does not take this conversation: {error}") from error


def _params(body: Sampling) -> SamplingParams:
    from chatbt.dsde import SamplingParams

    stop = [body.stop] if isinstance(body.stop, str) else body.stop or []
    return SamplingParams(
        max_tokens=256 if body.max_tokens is None else body.max_tokens,
        temperature=body.temperature,
        top_k=body.top_k,
        top_p=body.top_p,
        min_p=body.min_p,
        repetition_penalty=body.repetition_penalty,
        stop=tuple(stop),
        seed=body.seed,
    )


def _as_told(error: Exception) -> Exception:
    """The error as the one who asked gets it."""
    from chatbt.dsde import RequestError

    if isinstance(error, RequestError):
        return WrongError(str(error))
    if isinstance(error, BrokenError | WrongError):
        return error
    LOG.error("a request failed before its first round", exc_info=error)
    return BrokenError(f"{type(error).__name__}: {error}")
