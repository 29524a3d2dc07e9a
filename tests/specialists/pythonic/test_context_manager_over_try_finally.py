"""`with` takes and gives back what the `try` did."""

import pytest

from tests.specialists.behaviour import ITERABLES, VALUES, behaves_as_before


@pytest.mark.parametrize("kind", ["Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore"])
def test_a_lock_is_free_afterwards(kind: str) -> None:
    behaves_as_before(
        "PY039",
        f"""
        import threading

        def work(lock, xs, y):
            guard = threading.{kind}()
            lock.append(guard)
            guard.acquire()
            try:
                for x in xs:
                    if x == y:
                        return fails(x)
                    effect(x + y)
            finally:
                guard.release()
            return effect("end")

        def f(xs, y):
            locks = []
            try:
                return work(locks, xs, y)
            except Exception as err:
                return err
            finally:
                effect(locks[0].acquire(False))
        """,
        ITERABLES,
        VALUES,
    )


def test_a_file_is_closed_afterwards() -> None:
    behaves_as_before(
        "PY039",
        """
        import os

        def work(kept, xs, y):
            file = open(os.devnull)
            try:
                kept.append(file)
                for x in xs:
                    if x == y:
                        break
                    fails(x + y)
                return file.read()
            finally:
                file.close()

        def f(xs, y):
            kept = []
            try:
                return work(kept, xs, y)
            except Exception as err:
                return err
            finally:
                effect(kept[0].closed)
        """,
        ITERABLES,
        VALUES,
    )
