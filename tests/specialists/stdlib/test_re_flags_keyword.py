"""Arguments that get their names keep their meaning."""

import pytest
from hypothesis import strategies as st

from tests.specialists.behaviour import SCALARS, behaves_as_before

# By position it is deprecated, and pytest makes errors of warnings.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

TEXTS = st.one_of(st.text("abA ", max_size=6), SCALARS)


def test_a_count_by_keyword_replaces_as_many() -> None:
    code = """
        import re

        def f(text, count: int):
            return re.sub("a", "b", effect(text), count), re.subn("(a)", r"\\1b", text, count, re.I)
    """
    behaves_as_before("SL020", code, TEXTS, st.integers(-1, 3))


def test_a_maxsplit_by_keyword_splits_as_often() -> None:
    code = """
        import re

        def f(text, count: int):
            return re.split("a", fails(text), count), re.split("( )", text, 1, re.I)
    """
    behaves_as_before("SL020", code, TEXTS, SCALARS)
