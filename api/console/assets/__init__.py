"""What the console is served from beside its own files: npm packages, pinned by a lock file."""
