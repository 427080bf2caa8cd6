"""A clinic's phone line that listens; `voicebot.session` is the main flow, read it first."""
