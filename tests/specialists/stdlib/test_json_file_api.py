"""A file that json reads itself gives the same value or the same error."""

from hypothesis import strategies as st

from tests.specialists.behaviour import VALUES, behaves_as_before

TEXTS = st.one_of(
    st.sampled_from(['{"a": [1, 2.5, null]}', "[1", "", " 3 ", '"ä"', "NaN", b"[1]", b"\xff"]),
    st.text("[]1, ", max_size=5),
)


def test_loading_a_file_gives_what_parsing_its_text_gives() -> None:
    code = """
        import json

        class File:
            def __init__(self, text):
                self.text = text

            def read(self):
                return fails(self.text)

        def f(text, hook):
            file = File(text)
            return json.loads(file.read()), json.loads(File(text).read(), parse_int=hook, strict=False)
    """
    behaves_as_before("SL021", code, st.one_of(TEXTS, VALUES), st.sampled_from([None, str, float]))
