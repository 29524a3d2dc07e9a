"""Methods of `window/`."""
