"""Strings that people read as they stand. The call of `here` stands for the string."""

import ast

import pytest

from chatbt.analysis.messages import is_finished, is_message
from tests.analysis.asked import asked


def string_in(use: str) -> ast.expr:
    call = asked(f"import sys, warnings\n\n\ndef f(n, x, log, self, error):\n    {use}\n")[0].__dict__["parent"]
    assert isinstance(call, ast.Call)
    return call


@pytest.mark.parametrize(
    "use",
    [
        "print(here(0))", "log.info(here(0))", "self._logger.error(here(0), exc_info=True)", "raise Error(here(0))",
        "raise Error(x, message=here(0))", "assert x, here(0)", "warnings.warn(here(0))", "print('a' + here(0) + x)",
        "print(f'a {here(0)}')", "print(here(0) if n else 'b')", "msg = here(0)\n    print(msg)",
        "msg = here(0)\n    msg += 'b'\n    raise Error(msg)",
    ],
)  # fmt: skip
def test_what_is_printed_logged_raised_or_asserted_is_a_message(use: str) -> None:
    assert is_message(string_in(use), {"n"})


@pytest.mark.parametrize(
    "use",
    [
        "g(here(0))", "return here(0)", "x = [here(0)]", "print(here(0).format(n=1))", "print(here(0) % n)",
        "Error(here(0))", "x.info(here(0))", "assert here(0)", "print(1 if here(0) else 2)", "print(g(here(0)))",
        "msg = here(0)", "msg = here(0)\n    print(msg)\n    return msg", "self.msg = here(0)\n    print(self.msg)",
        "global msg\n    msg = here(0)\n    print(msg)", "n = here(0)\n    print(n)",
    ],
)  # fmt: skip
def test_what_somebody_may_still_fill_in_is_not(use: str) -> None:
    assert not is_message(string_in(use), {"n"})


@pytest.mark.parametrize("rest", ["{}", "{}=x", "x={}", "x, [{}]"])
def test_a_field_that_goes_the_same_way_may_be_put_in(rest: str) -> None:
    assert not is_message(string_in(f"log.info(here(0), {rest.format('n')})"), {"n"})
    assert is_message(string_in(f"log.info(here(0), {rest.format('m')})"), {"n"})


@pytest.mark.parametrize("rest", ["*x", "**x"])
def test_so_may_one_that_goes_unseen(rest: str) -> None:
    assert not is_message(string_in(f"log.info(here(0), {rest})"), {"n"})


@pytest.mark.parametrize("use", ["return here(0)", "g(x, here(0))", "g(n.a)(here(0))", "print('a' + here(0))"])
def test_what_is_returned_or_passed_on_is_finished(use: str) -> None:
    assert is_finished(string_in(use), {"n"})


@pytest.mark.parametrize(
    "use", ["x.execute(here(0))", "g(here(0), n=1)", "here(0).format(n=1)", "x = here(0)", "here(0)(x)", "here(0)"]
)
def test_what_is_kept_or_goes_to_a_database_is_not(use: str) -> None:
    assert not is_finished(string_in(use), {"n"})
