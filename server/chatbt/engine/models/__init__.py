"""The models of the user: the bundled pair, pulled ones, folders; and those that may be pulled."""
