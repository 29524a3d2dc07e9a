"""Methods of `notebookDocument`."""
