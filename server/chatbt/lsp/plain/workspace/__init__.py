"""Methods of `workspace`."""
