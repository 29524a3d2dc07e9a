"""Llama-like models, written for decoding: the forward pass over a cache of slots."""
