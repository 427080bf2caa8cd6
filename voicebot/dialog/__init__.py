"""The dialog, pure: what happened (events), what to do (effects), and the table between them (machine).

Nothing here reads a clock, a file, the environment or a random number; time comes in as a field of an event.
"""
