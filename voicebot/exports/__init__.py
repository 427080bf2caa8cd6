"""Stored calls in other people's formats: JSON and CSV. Reads the store, changes nothing in it."""
