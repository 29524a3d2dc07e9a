"""The methods of a session and of what it has open: `handler(session, params)` on plain dicts, no pygls."""
