"""Applied in order of their numbers."""
