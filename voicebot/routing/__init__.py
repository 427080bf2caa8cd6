"""Who can be reached, and when: opening hours, whom to ring, what to say when nobody takes the call.

Pure: the time comes in as an argument, the hours as text. Nothing here rings, speaks, waits, or knows what a call is
about; how urgent it is comes in as a Need.
"""
