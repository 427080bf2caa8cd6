"""Work over many stored calls that nobody waits for: looking calls through, running them again. Answers no call."""
