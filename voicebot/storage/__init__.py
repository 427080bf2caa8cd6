"""Keeps calls: records, words, sound, rule sets. Knows databases and files; decides nothing about a call."""
