"""`python -m voicebot` is the command line."""

from voicebot.cli import main

main()
