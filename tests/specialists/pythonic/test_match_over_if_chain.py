"""A case is taken when its branch was."""

from hypothesis import strategies as st

from tests.specialists.behaviour import VALUES, behaves_as_before

NEAR = st.one_of(VALUES, st.sampled_from(["a", "b", 1, 1.0, True, -1, b"a", 0]))


def test_the_case_of_the_same_branch_is_taken() -> None:
    code = """
        def f(x, ys):
            for y in (x, ys):
                if y == "a" or y == -1:
                    effect(1)
                elif y == 1:
                    continue
                elif y == 0 or y == b"a" or y == 2.5:
                    return effect(y)
                elif y == "b":
                    break
                else:
                    effect("else")
                effect("end")
            return x
    """
    behaves_as_before("PY026", code, NEAR, NEAR)


def test_a_look_up_of_a_string_is_a_choice_of_cases() -> None:
    code = """
        def f(x):
            y = str(x)
            if y in ("a", "1"):
                return effect(1)
            elif "b" == y or y in ["True", "0"]:
                return effect(2)
            elif y == "[]":
                x = effect(3)
            return x
    """
    behaves_as_before("PY026", code, NEAR)
