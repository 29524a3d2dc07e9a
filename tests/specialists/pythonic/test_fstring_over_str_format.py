"""An f-string gives the text that `format` gave, and fails as it did."""

import pytest
from hypothesis import strategies as st

from chatbt.rewriting.formats import template_of
from tests.specialists.behaviour import SCALARS, VALUES, behaves_as_before

TEMPLATES = [
    '"{} and {!r:>10} and {:5}"',
    'r"\\{}\\n{!s}{!a}"',
    '"{{}}\\N{EM DASH}{}" "{{" f_is_no_name "}}{}{}"'.replace(" f_is_no_name", ""),
    "'{0}\"{1:<{2}}'",
    '"{:+.2f} {:%} {:d}"',
]


@pytest.mark.parametrize("template", TEMPLATES)
def test_variables_stand_where_they_were_put(template: str) -> None:
    code = f"""
        def f(x, y, z):
            return {template}.format(x, y, z)
    """
    behaves_as_before("PY012", code, VALUES, SCALARS, st.one_of(st.integers(0, 9), SCALARS))


@pytest.mark.parametrize(
    "value", ["fails(x)", 'd["a"]', "d.a", "x + y", "-x", "x[0:1]", "d.get('a')", "effect(x).real"]
)
def test_the_first_value_may_be_anything(value: str) -> None:
    code = f"""
        def f(x, y, d):
            effect(y)
            effect(y)
            return "<{{:>4}}>{{}}".format({value}, y)
    """
    behaves_as_before("PY012", code, VALUES, VALUES, st.dictionaries(st.just("a"), SCALARS))


@pytest.mark.parametrize("field", ["{0.real}", "{0[0]}", "{0[a]}", "{0[0][-1]}"])
def test_a_field_looks_up_what_it_did(field: str) -> None:
    code = f"""
        def f(x, y):
            return "{field} {{1}}".format(x, y)
    """
    behaves_as_before("PY012", code, VALUES, SCALARS)


@pytest.mark.parametrize("body", ["{", "}", "{}}", "{{}", "{0!x}", "{a b}", "{:{:{}}}", "{a.}", "{[]}", "{\\n}"])
def test_what_is_no_plain_template_is_none(body: str) -> None:
    assert template_of(body, raw=False) is None
