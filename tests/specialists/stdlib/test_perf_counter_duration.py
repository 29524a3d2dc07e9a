"""Durations stay what they were while nobody sets the clock."""

from hypothesis import strategies as st

from tests.specialists.behaviour import behaves_as_before


def test_durations_are_the_same_on_two_even_clocks() -> None:
    code = """
        import time

        def f(steps):
            ticks = [*range(99), *steps]
            kept = time.time, time.perf_counter
            time.time = lambda: 1000 - ticks.pop()
            time.perf_counter = lambda: 5 - ticks.pop()
            try:
                start = time.time()
                found = []
                for step in steps:
                    begin = time.time()
                    fails(step)
                    end = time.time()
                    found.append(end - begin)
                return found, time.time() - start, start - time.time()
            finally:
                time.time, time.perf_counter = kept
    """
    behaves_as_before("SL025", code, st.lists(st.integers(0, 9), max_size=9))
