"""DSDE: lossless dynamic speculative decoding, as a library.

engine = Engine.from_pretrained("target-folder", "draft-folder")
for result in engine.generate(["def add("], SamplingParams(max_tokens=32)):
    print(result.text, result.stats.acceptance)
"""

from chatbt.dsde.bundled import bundled_pair
from chatbt.dsde.engine import Engine, Event, read_tokenizer
from chatbt.dsde.errors import DsdeError, LoadError, RequestError
from chatbt.dsde.params import Result, SamplingParams, Stats

__all__ = [
    "DsdeError",
    "Engine",
    "Event",
    "LoadError",
    "RequestError",
    "Result",
    "SamplingParams",
    "Stats",
    "bundled_pair",
    "read_tokenizer",
]
