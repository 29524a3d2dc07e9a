"""Trains the bundled pair: the small target and draft models that explain ChatBT's findings.

Beside `chatbt`, not in its wheel: `cd server && python -m training data|tokenizer|train|evaluate|export`.
"""
