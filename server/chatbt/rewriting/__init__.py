"""Edits: text changes at the places of nodes, so that everything else, layout and comments, stays as it is."""
