"""Checks of what joins the line to its carrier: numbers, tokens, port, public URL."""

from __future__ import annotations

import errno
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from voicebot.doctor.findings import Verdict, error, ok, warning
from voicebot.telephony.signature import HEADER, sign
from voicebot.telephony.transfer import closed
from voicebot.wiring import load_hours

if TYPE_CHECKING:
    from voicebot.config import Settings

TIMEOUT_S = 5
NO_CALL = "CA" + 32 * "0"
"""A CallSid that the carrier never gives: the service answers its status and stores nothing."""
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - where to ask, not where to listen
"""Addresses to listen on that cannot be called, and what to call instead."""


def check_numbers(settings: Settings) -> Verdict:
    """Look whether callers can be put through. That no target is the line itself the settings see to."""
    needed = {
        "VOICEBOT_FRONT_DESK_NUMBER": settings.front_desk_number,
        "VOICEBOT_SCHEDULING_NUMBER": settings.scheduling_number,
    }
    if missing := [name for name, number in needed.items() if not number]:
        return error(
            f"Not set: {', '.join(missing)}. Callers cannot be put through.", "Set them, such as +16515550100."
        )
    if not settings.line_number:
        return warning(
            "VOICEBOT_LINE_NUMBER is not set: nobody can tell whether a transfer would ring the line itself.",
            "Set it to the number that callers dial.",
        )
    nurse = "and a nurse have numbers" if settings.nurse_number else "have numbers, nurse calls go to the front desk"
    return ok(f"Front desk, scheduling {nurse}; none is the line's own.")


def check_hours(settings: Settings) -> Verdict:
    """Look whether the opening hours can be read, and tell who is closed now."""
    hours = load_hours(settings)
    if hours is None:
        return ok("There are no opening hours: every number is tried at any hour.")
    shut = closed(settings, hours, datetime.now(UTC))
    names = ", ".join(target.replace("_", " ") for target in shut)
    return ok(f"The opening hours are sound. Not rung now: {names or 'nobody'}.")


def check_tokens(settings: Settings) -> Verdict:
    """Look whether signatures can be checked and recordings fetched; no token is told."""
    if not settings.twilio_auth_token:
        return error(
            "VOICEBOT_TWILIO_AUTH_TOKEN is not set: no request of the carrier can be told from a forged one.",
            "Copy the auth token from the carrier's console.",
        )
    if not settings.twilio_account_sid:
        return warning(
            "VOICEBOT_TWILIO_ACCOUNT_SID is not set: recorded answers can be neither fetched nor deleted.",
            "Copy the account SID (AC...) from the carrier's console.",
        )
    return ok(f"{'Two tokens are' if settings.twilio_auth_token_next else 'One token is'} set, and the account's SID.")


def check_port(settings: Settings) -> Verdict:
    """Look whether the port is free, or taken by this very service."""
    host, port = settings.host, settings.port
    if port == 0:
        return ok("A free port is taken at every start.")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as refused:
        if refused.errno == errno.EADDRINUSE:
            return _who_answers(host, port)
        return error(
            f"Cannot listen on {host} port {port} ({errno.errorcode.get(refused.errno or 0, 'unknown host')}).",
            "Set VOICEBOT_HOST to an address of this machine, and VOICEBOT_PORT to 1024 or more.",
        )
    return ok(f"Port {port} is free: the service is not running.")


def _who_answers(host: str, port: int) -> Verdict:
    called = EVERYWHERE.get(host, host)
    called = f"[{called}]" if ":" in called else called
    try:
        with requests.Session() as session:
            session.trust_env = False  # a proxy for the way out does not know this machine's own services
            health = session.get(f"http://{called}:{port}/healthz", timeout=TIMEOUT_S, allow_redirects=False).json()
        status, calls = health["status"], health.get("calls", 0)
    except (requests.RequestException, ValueError, TypeError, KeyError):
        return error(f"Another program has port {port}.", "Stop it, or choose another port with VOICEBOT_PORT.")
    if status != "ok":
        return error(f"The service runs on port {port}, but its database does not answer.", "See its log.")
    return ok(f"The service runs on port {port}, {calls} calls at the moment.")


def check_public_url(settings: Settings) -> Verdict:
    """Send a signed status of no call to the public URL: shows that the signature survives the way through proxies."""
    if not settings.public_url:
        return error(
            "VOICEBOT_PUBLIC_URL is not set: signatures are made over it.",
            "Set it to the base of the URL that the carrier calls, such as https://line.example.org.",
        )
    if not settings.auth_tokens:
        return warning("Cannot be tried without the auth token.", "Set VOICEBOT_TWILIO_AUTH_TOKEN.")
    url, form = f"{settings.public_url}/voice/status", {"CallSid": NO_CALL, "CallStatus": "completed"}
    signature = sign(settings.auth_tokens[0], url, form.items())
    try:
        answer = requests.post(
            url, data=form, headers={HEADER: signature}, timeout=TIMEOUT_S, allow_redirects=False
        ).status_code
    except requests.exceptions.SSLError:
        return error("Its certificate is not accepted.", "Renew the certificate, and serve the whole chain.")
    except requests.RequestException as failed:
        return warning(
            f"Could not be reached from here ({type(failed).__name__}).",
            "Start the service and the proxy; where a network cannot reach itself from inside, try from outside.",
        )
    return judge_answer(answer, secure=urlsplit(settings.public_url).scheme == "https")


def judge_answer(status: int, *, secure: bool) -> Verdict:
    """Return what the HTTP status means that a signed request got at the public URL."""
    match status:
        case 204 if secure:
            return ok("A signed request came through.")
        case 204:
            return ok("A signed request came through, on this machine alone.")
        case 403:
            return error(
                "The signature is refused there.",
                "VOICEBOT_PUBLIC_URL must be exactly what the carrier calls, and the service must run with this token.",
            )
        case _ if 300 <= status < 400:  # noqa: PLR2004 - HTTP's class of redirects
            return error(f"It redirects ({status}): signatures do not survive that.", "Name the URL it redirects to.")
        case _ if status >= 500:  # noqa: PLR2004 - HTTP's class of server errors
            return warning(f"It answers {status}.", "Start the service, and point the proxy at its port.")
        case _:
            return error(f"Something else answers there ({status}).", "Point the proxy at the service's port.")
