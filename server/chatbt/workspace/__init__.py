"""Files and projects: configuration, discovery, the incremental checker, caches, baseline."""
