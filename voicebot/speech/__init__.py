"""Ears and voice: audio to words, words to meaning, prompts to sound. No dialog, no telephony, no database."""
