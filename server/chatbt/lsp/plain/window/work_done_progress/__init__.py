"""Methods of `window/workDoneProgress/`."""
