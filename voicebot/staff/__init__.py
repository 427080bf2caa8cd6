"""Who works with the calls and what they may do: rules as functions and tables. No database, no request, no clock."""
