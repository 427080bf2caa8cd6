"""Stored calls, pure: a call is its list of events, and everything shown about it is a fold over that list."""
