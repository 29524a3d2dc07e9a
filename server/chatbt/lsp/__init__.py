"""The language server: one file per LSP method, and what wires them.

What every keystroke needs (`plain/`) works on plain dicts, from the moment the process starts; everything else
(`typed/`) works on lsprotocol's types and goes through pygls, which is loaded behind the first diagnostics. Nothing of
the protocol goes further in than this folder.
"""
