"""The cookie that holds a session's secret: nothing about the member, and nothing a script can read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import request

from voicebot.web.console.desk import desk
from voicebot.web.security import is_loopback

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

SECURE_NAME = "__Host-console"
"""The prefix makes browsers refuse it from any other host, over plain HTTP, or for part of the site."""
LOOPBACK_NAME = "console"
"""On this machine itself there is plain HTTP, over which not every browser keeps the other one."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def held_token() -> str:
    """Return the secret that the browser holds; empty when its cookie holds none that we could have given."""
    given = request.cookies.get(_name(), "")
    return given if _TOKEN.fullmatch(given) else ""


def give_token(response: Response, token: str) -> None:
    """Let the browser hold `token` until it is closed."""
    response.set_cookie(_name(), token, secure=_is_secure(), httponly=True, samesite="Lax", path="/")


def take_token(response: Response) -> None:
    """Let the browser forget its secret."""
    response.delete_cookie(_name(), secure=_is_secure(), httponly=True, samesite="Lax", path="/")


def _name() -> str:
    return SECURE_NAME if _is_secure() else LOOPBACK_NAME


def _is_secure() -> bool:
    public_url = desk().settings.public_url
    if public_url and urlsplit(public_url).scheme == "https":
        return True
    return request.is_secure or not is_loopback(urlsplit(f"//{request.host}").hostname)
