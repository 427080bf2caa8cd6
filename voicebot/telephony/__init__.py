"""The carrier's side of a call: webhooks, TwiML and the media stream. Turns them into events and performs effects."""
