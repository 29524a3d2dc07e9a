"""The training package stands beside the product: it is found, and its tests are left out where torch is not."""

import importlib.util
import sys
from pathlib import Path

_SERVER = str(Path(__file__).parents[2] / "server")
if _SERVER not in sys.path:
    sys.path.insert(0, _SERVER)

collect_ignore_glob = [] if all(map(importlib.util.find_spec, ("torch", "transformers"))) else ["test_*.py"]
