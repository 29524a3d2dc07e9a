"""What `chatbt demo` needs: an editor of few words, and a project with faults."""
