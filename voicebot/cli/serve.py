"""`voicebot serve`: the whole service on one machine, one process, one speech model in memory."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication

from voicebot.app import create_app
from voicebot.config import load_settings
from voicebot.errors import Exit, VoicebotError
from voicebot.logs import set_up_logs
from voicebot.telephony.pager import Pager
from voicebot.wiring import check_ready_to_serve, load_parts, recover_sound
from voicebot.worker import draining_worker, patience_s

if TYPE_CHECKING:
    from flask import Flask

    from voicebot.parts import Parts

THREADS_BESIDE_CALLS = 12
"""Webhooks and pages need threads of their own: every open media stream holds one."""

NOT_APPROVED = """\
No clinician has approved the rule set {ruleset.id} {ruleset.version}: every caller is put through to a person, unasked.
To approve it, sign in at {address}/console/replays as a lead, run the stored calls again, if there are any, and put a
name under it. Then start this service again."""


class _Server(BaseApplication):
    """Gunicorn with options from here instead of a file or the command line."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Set the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self._app


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one.")
def serve(host: str | None, port: int | None) -> None:
    """Answer calls: webhooks, media stream and web pages, in one process."""
    given = {"host": host, "port": port}
    settings = load_settings(**{name: value for name, value in given.items() if value is not None})
    check_ready_to_serve(settings)
    set_up_logs()
    parts = load_parts(settings)
    recover_sound(parts)
    listener = _listen(settings.host, settings.port)
    address = f"http://{settings.host}:{listener.getsockname()[1]}"
    click.echo(f"voicebot answers on {address} (the carrier calls {settings.public_url}). Ctrl-C stops it.", err=True)
    if not parts.rules_may_answer:
        click.echo(NOT_APPROVED.format(ruleset=parts.ruleset, address=address), err=True)
    run(parts, listener)


def run(parts: Parts, listener: socket.socket) -> None:
    """Answer on `listener` with `parts` until this process is told to stop, by a signal; then end it."""
    app, settings = create_app(parts), parts.settings
    parts.store.close()  # the worker is forked from here: it must open connections of its own
    options = {
        "bind": f"fd://{listener.fileno()}",
        "worker_class": draining_worker(parts.duty, settings.drain_s),
        "workers": 1,
        "preload_app": True,
        "threads": settings.max_calls + THREADS_BESIDE_CALLS,
        "graceful_timeout": patience_s(settings.drain_s),
        "loglevel": "warning",
        "proc_name": "voicebot",
        "post_worker_init": lambda _worker: _start_pager(parts),
    }
    _Server(app, options).run()


def _start_pager(parts: Parts) -> None:
    """Deliver pages to staff from the process that answers calls, where they have somewhere to go."""
    if parts.settings.page_url:
        Pager(parts.settings, parts.store).start()


def _listen(host: str, port: int) -> socket.socket:
    """Return a bound socket; raises VoicebotError `port_taken`."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise VoicebotError(
            "port_taken",
            f"Cannot listen on {host} port {port}: {error.strerror}.",
            "Choose another with --port or VOICEBOT_PORT.",
            Exit.CANNOT_RUN,
        ) from None
