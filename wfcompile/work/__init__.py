"""Who does the work of a check: this process alone, several of them, or the run before."""
