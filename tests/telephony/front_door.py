"""What stands before a server that restarts: it takes connections at once and hands them on once somebody listens."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

PATIENCE_S = 60


class FrontDoor:
    """Listens on loopback until it is closed, and joins every connection to the port `behind`."""

    def __init__(self, behind):
        self._behind = behind
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._start(self._accept)

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _start(self, work, *args):
        thread = threading.Thread(target=work, args=args, daemon=True)
        thread.start()
        return thread

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                self._start(self._join, self._listener.accept()[0])

    def _join(self, front):
        with front, self._reach() as back:
            there = self._start(self._pass_on, front, back)
            self._pass_on(back, front)
            there.join()

    def _reach(self):
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self._behind))
            except ConnectionRefusedError:
                if time.monotonic() > until:
                    raise
                threading.Event().wait(0.2)

    def _pass_on(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
