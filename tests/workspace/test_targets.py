import pytest

from chatbt.workspace.targets import Version, admits, as_target, clamp, clauses, lower_bound, parse_target


@pytest.mark.parametrize("version", [(3, 8), (3, 11), (3, 14)])
def test_a_target_reads_back_as_it_was_written(version: Version) -> None:
    assert parse_target(as_target(version)) == version


@pytest.mark.parametrize("text", ["", "py", "py3", "3.11", "py3.11", "PY311", "py311 ", "python311"])
def test_what_is_no_target_is_none(text: str) -> None:
    assert parse_target(text) is None


@pytest.mark.parametrize(
    ("version", "nearest"),
    [((2, 7), (3, 8)), ((3, 7), (3, 8)), ((3, 12), (3, 12)), ((3, 15), (3, 14)), ((4, 0), (3, 14))],
)
def test_a_version_out_of_range_becomes_the_nearest_target(version: Version, nearest: Version) -> None:
    assert clamp(version) == nearest


@pytest.mark.parametrize(
    ("requires", "oldest"),
    [
        (">=3.9", (3, 9)),
        (">= 3.9, <4", (3, 9)),
        ("<4,>=3.10.2", (3, 10)),
        (">3.9", (3, 9)),  # 3.9.1 is newer than 3.9
        ("==3.12.*", (3, 12)),
        ("==3.12.4", (3, 12)),
        ("===3.12.4", (3, 12)),
        ("~=3.9", (3, 9)),
        ("~=3.9.2", (3, 9)),
        (">=3.8,!=3.8.*,!=3.9.*", (3, 10)),
        (">=3.8,!=3.8.1", (3, 8)),
        (">=3", (3, 0)),
        (">=3.13.0rc1", (3, 13)),
        ("<3.12", None),
        ("", None),
        ("python3", None),
        ("^3.9", None),
    ],
)
def test_the_oldest_python_of_a_range(requires: str, oldest: Version | None) -> None:
    assert lower_bound(requires) == oldest


@pytest.mark.parametrize(
    ("specifiers", "admitted"),
    [
        ("", True),
        (">=0.17", True),
        (">=0.17.6,<1", True),
        (">0.17.6", False),
        ("<=0.17.6", True),
        ("<0.17.6", False),
        ("==0.17.6", True),
        ("==0.17.5", False),
        ("==0.17.*", True),
        ("==0.16.*", False),
        ("~=0.17.2", True),
        ("~=0.16.2", False),
        ("~=0.16", True),
        ("!=0.17.6", False),
        ("!=0.17.*", False),
        ("!=0.16.*", True),
    ],
)
def test_a_range_admits_a_release(specifiers: str, admitted: bool) -> None:
    ranges = clauses(specifiers)

    assert ranges is not None
    assert admits(ranges, (0, 17, 6)) is admitted
