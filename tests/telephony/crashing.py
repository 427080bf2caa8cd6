"""The whole line on a real server that can fail, and whose process can die and be followed by another."""

from __future__ import annotations

import contextlib
import socket
import threading
from enum import StrEnum

from werkzeug.serving import make_server

from voicebot.app import create_app
from voicebot.errors import VoicebotError


class Trouble(StrEnum):
    """What can befall the next webhook, once."""

    ERROR_500 = "an answer with status 500, as a proxy gives while nobody listens"
    DROPPED = "a connection that breaks off before it is answered"
    ANSWER_LOST = "a connection that breaks off when all is done"


class StoreOfProcess:
    """What one process sees of a store: nothing more once it is dead, and errors while the disk is full."""

    def __init__(self, store):
        self._store, self.dead, self.refuses = store, False, 0

    def __getattr__(self, name):
        found = getattr(self._store, name)
        return (lambda *args, **more: self._guarded(found, args, more)) if callable(found) else found

    def _guarded(self, method, args, more):
        if self.refuses or self.dead:
            self.refuses -= not self.dead
            raise VoicebotError("store_failed", "The database refused (SQLITE_FULL).")
        return method(*args, **more)


class CrashingServer:
    """Serves the application that `parts_over_store(store)` makes, until its process dies; the store outlives it."""

    def __init__(self):
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.port}"
        self.trouble = None
        self.streams = []
        self._app = self._parts_over = self._store = self.process = None
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def start(self, parts_over, store):
        """Begin with the first process."""
        self._parts_over, self._store = parts_over, store
        self._next_process()

    def crash(self):
        """Let the process die, as by kill -9, and another take its place."""
        self.process.dead = True
        self.cut_streams()
        self._next_process()

    def cut_streams(self):
        """Break every open media stream off."""
        for stream in self.streams:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
        self.streams.clear()

    def close(self):
        self.cut_streams()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _next_process(self):
        self.process = StoreOfProcess(self._store)
        self._app = create_app(self._parts_over(self.process))

    def _answer(self, environ, start_response):
        connection = environ["werkzeug.socket"]
        if environ["PATH_INFO"] == "/media":
            self.streams.append(connection)
            return self._app(environ, start_response)
        trouble = None
        if environ["REQUEST_METHOD"] == "POST":
            trouble, self.trouble = self.trouble, None
        match trouble:
            case Trouble.ERROR_500:
                start_response("502 Bad Gateway", [])
                return [b""]
            case Trouble.DROPPED:
                connection.shutdown(socket.SHUT_RDWR)
                return []
            case Trouble.ANSWER_LOST:
                list(self._app(environ, lambda *_: None))
                connection.shutdown(socket.SHUT_RDWR)
                return []
        return self._app(environ, start_response)
