"""The database's history, one file a change, never edited once it was released."""
