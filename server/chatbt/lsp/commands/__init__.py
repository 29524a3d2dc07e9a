"""The commands: `chatbt.modernise` is `modernise(session, arguments, token)` in `modernise.py`.

`token` is the client's, for work-done progress, if it gave one. pygls has been loaded when a command is called.
"""
