"""The engine's routes: each module has a `router`."""
