"""`/console/sign-in/provider`: signing in through the clinic's own identity provider (OpenID Connect), if one is set.

The provider tells who somebody is; what they may do stands in our own accounts. An account is never made here, and one
that has a password never opens here, so nobody gets in by a name that a provider lets them choose.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import structlog
from flask import Response, request, session, url_for

from voicebot.errors import Exit, VoicebotError
from voicebot.staff.audit_chain import Audited
from voicebot.web.console.desk import Desk, desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import open_to_strangers
from voicebot.web.console.sign_in import NOBODY, let_in, sign_in_form
from voicebot.web.limits import RateLimit

if TYPE_CHECKING:
    from flask import Blueprint
    from flask.sansio.app import App
    from werkzeug.wrappers import Response as AnyResponse

    from voicebot.config import Settings
    from voicebot.parts import Parts
    from voicebot.staff.members import StaffMember

TIMEOUT_S = 5
"""For each of the three requests to the provider; a thread waits for it."""
FAILED = "The identity provider did not let you in. Please try again."
UNKNOWN = "There is no account for you here. Whoever runs the accounts can add one."

_log = structlog.get_logger()


def provider_page(parts: Parts) -> Blueprint:
    """Return the blueprint of the provider's sign-in; without a provider in the settings it has no routes."""
    blueprint = page_blueprint("provider")
    settings = parts.settings
    if not settings.oidc_issuer:
        return blueprint
    going, coming = (RateLimit(settings.sign_ins_per_minute, settings.trusted_proxies) for _ in range(2))
    client = _Client(settings)
    blueprint.record_once(lambda state: client.join(state.app))

    @blueprint.get("/sign-in/provider")
    @open_to_strangers
    def go() -> AnyResponse:
        """Lead to the provider."""
        if wait_s := going.wait_s(request):
            return _too_many(wait_s)
        session["next"] = request.args.get("next", "")
        try:
            return client.lead_there()
        except (*client.errors, requests.RequestException) as error:
            return _failed(error)

    @blueprint.get("/sign-in/provider/back")
    @open_to_strangers
    def back() -> AnyResponse:
        """Take who comes back from the provider; what fails is written down, so it is not taken endlessly."""
        if wait_s := coming.wait_s(request):
            return _too_many(wait_s)
        wanted = session.pop("next", "")
        try:
            claims = client.claims()
        except (*client.errors, requests.RequestException) as error:
            return _failed(error)
        finally:
            session.clear()
        at = desk()
        found = _member(at, claims, settings.oidc_claim)
        if found is None:
            at.audit.append(at.clock(), NOBODY, Audited.SIGN_IN_FAILED)
            return sign_in_form(UNKNOWN, 403)
        return let_in(at, found, wanted)

    return blueprint


class _Client:
    """Our side of OpenID Connect: authlib's, with state, nonce and PKCE."""

    def __init__(self, settings: Settings) -> None:
        try:
            from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - an extra
            from authlib.integrations.flask_client import OAuth  # noqa: PLC0415
            from joserfc.errors import JoseError  # noqa: PLC0415
        except ImportError:
            raise VoicebotError(
                "oidc_missing",
                "The library for identity providers is not installed.",
                "pip install 'voicebot[oidc]'",
                Exit.CANNOT_RUN,
            ) from None
        self.errors = (AuthlibBaseError, JoseError, ValueError, KeyError)
        self._settings = settings
        self._clients = OAuth()
        self._client: Any = self._clients.register(
            "provider",
            server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret and settings.oidc_client_secret.get_secret_value(),
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT_S,
            },
        )

    def join(self, app: App) -> None:
        """Let `app` remember in a signed cookie, while somebody is at the provider, that it sent them there."""
        app.secret_key = secrets.token_bytes(32)  # good for one process: who is caught by a restart begins again
        app.config["SESSION_COOKIE_NAME"] = "console-provider"
        app.config["SESSION_COOKIE_PATH"] = "/console"
        app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
        app.config["SESSION_COOKIE_SECURE"] = urlsplit(self._settings.public_url or "").scheme == "https"
        self._clients.init_app(app)

    def lead_there(self) -> AnyResponse:
        """Return the redirection to the provider."""
        here = url_for("console_provider.back", _external=True)
        if self._settings.public_url:
            here = self._settings.public_url + url_for("console_provider.back")
        answer: AnyResponse = self._client.authorize_redirect(here)
        return answer

    def claims(self) -> dict[str, Any]:
        """Return what the provider tells about who came back, its signature, audience, age and nonce checked."""
        token = self._client.authorize_access_token()
        claims: dict[str, Any] = dict(token["userinfo"])
        if str(claims["iss"]).rstrip("/") != self._settings.oidc_issuer:
            raise ValueError("another issuer")
        return claims


def _member(at: Desk, claims: dict[str, Any], claim: str) -> StaffMember | None:
    """Return whose account this is: the one bound to the subject, else the one of that name, which is bound to it now.

    Names and addresses are given to somebody else in time; a subject never is (OpenID Connect Core 1.0, section 5.7).
    """
    subject = f"{claims['iss']}#{claims['sub']}"
    kept = at.staff.kept_of_subject(subject)
    if kept is None:
        name = claims.get(claim)
        if not isinstance(name, str) or (claim == "email" and claims.get("email_verified") is not True):
            return None
        kept = at.staff.kept(name)
        if kept is None or kept.provider_subject is not None or kept.password_hash is not None:
            return None
        at.audit.append(at.clock(), kept.member.name, Audited.USER_CHANGED, f"{kept.member.name} bound")
        at.staff.change(kept.member.name, provider_subject=subject)
    return kept.member if kept.password_hash is None else None


def _too_many(wait_s: int) -> Response:
    return sign_in_form(f"Too many attempts. Please wait {wait_s} seconds.", 429)


def _failed(error: Exception) -> Response:
    """Tell the stranger no more than that it failed; the log gets the kind of error, which holds no name."""
    at = desk()
    _log.warning("provider_failed", error=type(error).__name__)
    at.audit.append(at.clock(), NOBODY, Audited.SIGN_IN_FAILED)
    return sign_in_form(FAILED, 403)
