"""Measures the engine beside its rivals: same weights, same prompts, in turn, with every denominator named."""
