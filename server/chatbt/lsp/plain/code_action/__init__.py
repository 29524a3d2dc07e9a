"""Methods of `codeAction/`."""
