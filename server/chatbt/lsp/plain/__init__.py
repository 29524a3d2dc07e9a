"""The methods that every session and every keystroke needs: `handler(session, params)` on plain dicts, no pygls."""
