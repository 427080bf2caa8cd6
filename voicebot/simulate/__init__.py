"""Calls by people who are not there: scenarios, the callers they describe, and the carrier they call through."""
