"""Code in which suggestions are found, one of each kind."""

SAFE = "def f(seen, key):\n    if not key in seen:\n        seen.add(key)\n"
"""One suggestion, PY021 in line 2, whose fix is safe."""

SAFE_AFTER = SAFE.replace("not key in seen", "key not in seen")

REVIEW = "def g(value):\n    if value == None:\n        value = 0\n    return value\n"
"""One suggestion, PY019 in line 2, whose fix needs a review."""

STDLIB = "def h(rows):\n    points = list(rows)\n    return [a - b for a, b in zip(points, points[1:])]\n"
"""One suggestion, SL005 in line 3, which recommends `itertools.pairwise` and needs an import."""
