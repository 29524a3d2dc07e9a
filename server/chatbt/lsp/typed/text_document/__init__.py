"""Methods of `textDocument/`."""
