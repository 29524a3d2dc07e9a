"""What the subcommands have in common of arguments: the dispatch to them, their parser, the selection of rules."""
