"""Every setting of the service, in one frozen class. Read from `VOICEBOT_*`; all wrong ones are reported at start.

Secrets are SecretStr: they never appear in a repr, a log or an error. Each field's description is the row of the
settings table in docs/settings.md.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from voicebot.errors import Exit, VoicebotError

MIN_TOKEN_LENGTH = 32
"""Characters; 32 hexadecimal ones are 128 random bits."""

CALLS_PER_CORE = 12
"""Calls at once that a core bears: 25 were measured on two, with every figure reached (docs/capacity.md)."""
MOST_CALLS = 50
"""So many answers were measured in time; beyond that more cores are no help, as one interpreter serves all calls."""


def _e164(number: str) -> str:
    if not re.fullmatch(r"\+[0-9]{8,15}", number):
        raise ValueError("must be a telephone number such as +16515550100")
    return number


def _base_url(url: str) -> str:
    return _url(url).rstrip("/")


def _url(url: str) -> str:
    parts = urlsplit(url)
    if not parts.hostname or not (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"})
    ):
        raise ValueError("must begin with https:// (http:// only for this machine itself)")
    return url


def _long_enough(token: SecretStr) -> SecretStr:
    if len(token) < MIN_TOKEN_LENGTH:
        raise ValueError(f"must have at least {MIN_TOKEN_LENGTH} characters")
    return token


def _default_data_dir() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "voicebot"


def _seats() -> int:
    return min(MOST_CALLS, CALLS_PER_CORE * (os.cpu_count() or 1))


Number = Annotated[str, AfterValidator(_e164)]
Token = Annotated[SecretStr, AfterValidator(_long_enough)]


class Settings(BaseSettings):
    """All settings; make one with `load_settings` so that mistakes read well."""

    model_config = SettingsConfigDict(env_prefix="VOICEBOT_", frozen=True, hide_input_in_errors=True, extra="ignore")

    data_dir: Annotated[Path, AfterValidator(Path.absolute)] = Field(
        default_factory=_default_data_dir, description="Calls, sound and rendered prompts."
    )
    database_url: str | None = Field(None, description="SQLAlchemy URL; SQLite in the data folder when left out.")
    model: Path | None = Field(None, description="Folder of a Vosk model to use instead of the bundled one.")
    rules: Path | None = Field(None, description="Rule set to use instead of the bundled one.")
    allow_unapproved_rules: bool = Field(
        False,
        description="Answer live calls although no clinician has approved the rule set.",
    )

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: Annotated[str, AfterValidator(_base_url)] | None = Field(
        None, description="Base URL as the carrier calls it; signatures are checked against it."
    )
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="Reverse proxies in front whose X-Forwarded-Proto, -Host and -For are believed."
    )
    twilio_auth_token: SecretStr | None = Field(None, description="Checks signatures and fetches recordings.")
    twilio_auth_token_next: SecretStr | None = Field(None, description="Second token while rotating.")
    twilio_account_sid: str | None = Field(None, description="Needed to fetch and delete recordings.")
    twilio_api_url: Annotated[str, AfterValidator(_base_url)] = Field(
        "https://api.twilio.com", description="Only from here are recordings fetched."
    )
    streaming: bool = Field(True, description="Live audio; when off, every call goes turn by turn.")
    max_calls: int = Field(
        default_factory=_seats, ge=1, le=200, description="Calls at once; one more goes to a person, unheard."
    )
    drain_s: int = Field(
        20,
        ge=0,
        le=3600,
        description="Seconds that calls are given to end when the service is told to stop; the rest go to a person.",
    )

    intake: bool = Field(False, description="Offer the questions as a web form at `/intake` too, to everybody.")
    intake_requests_per_minute: int = Field(
        120, ge=1, description="Pages of the web form one address may ask for in a minute."
    )
    api_token: Token | None = Field(None, description="Opens `/api/v1`; off when left out. At least 32 characters.")
    api_token_next: Token | None = Field(None, description="Second API token while rotating.")
    api_requests_per_minute: int = Field(
        600, ge=1, description="Requests to `/api/v1` one address may make in a minute."
    )

    console_idle_minutes: int = Field(
        30,
        ge=1,
        le=720,
        description="After how many minutes without doing anything a member of the staff is signed out.",
    )
    console_session_hours: int = Field(
        12, ge=1, le=24, description="After how many hours one has to sign in to the console again, whatever was done."
    )
    sign_ins_per_minute: int = Field(
        5, ge=1, description="Attempts to sign in to the console in a minute, for each account and for each address."
    )
    review_emergency_minutes: int = Field(
        60, ge=1, description="How many minutes an emergency may wait for its review before the queue calls it late."
    )

    oidc_issuer: Annotated[str, AfterValidator(_base_url)] | None = Field(
        None, description="Issuer URL of an OpenID Connect provider that staff sign in with. See console.md."
    )
    oidc_client_id: str | None = Field(None, description="What the provider knows the console as.")
    oidc_client_secret: SecretStr | None = Field(None, description="The console's own secret at the provider.")
    oidc_claim: str = Field("email", description="Claim that holds the name of the account, when one first comes.")

    line_number: Number | None = Field(None, description="This line's own number; no transfer may go to it.")
    scheduling_number: Number | None = Field(None, description="Where scheduling answers.")
    front_desk_number: Number | None = Field(None, description="Where a person answers.")
    nurse_number: Number | None = Field(None, description="Where a nurse answers; the front desk when left out.")

    after_hours_number: Number | None = Field(
        None, description="Where the person on call answers while the others are closed."
    )
    hours: Path | None = Field(
        None, description="File of opening hours; when left out, every number is tried at any hour. See hours.md."
    )
    text_messages: bool = Field(
        False, description="Text callers what was agreed about a call back, from the line's own number."
    )

    page_url: Annotated[str, AfterValidator(_url)] | None = Field(
        None, description="Address that pages to staff are posted to, signed; off when left out. See safety.md."
    )
    page_secret: Token | None = Field(None, description="Signs the pages. At least 32 characters.")

    @model_validator(mode="after")
    def _never_ring_itself(self) -> Self:
        for name in ("scheduling_number", "front_desk_number", "nurse_number", "after_hours_number"):
            if self.line_number and getattr(self, name) == self.line_number:
                raise ValueError(f"{name} is the line's own number: the line would ring itself")
        return self

    @model_validator(mode="after")
    def _whole_provider(self) -> Self:
        told = (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret)
        if any(told) and not all(told):
            raise ValueError("oidc_issuer, oidc_client_id and oidc_client_secret are set together or not at all")
        return self

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The tokens a signature may be made with, the current one first."""
        tokens = (self.twilio_auth_token, self.twilio_auth_token_next)
        return tuple(token.get_secret_value() for token in tokens if token)

    @property
    def api_tokens(self) -> tuple[str, ...]:
        """The tokens that open the API; none: it is off."""
        tokens = (self.api_token, self.api_token_next)
        return tuple(token.get_secret_value() for token in tokens if token)

    @property
    def prompt_cache(self) -> Path:
        """Rendered prompts."""
        return self.data_dir / "prompts"

    @property
    def audio_dir(self) -> Path:
        """Recorded sound."""
        return self.data_dir / "audio"

    def sqlalchemy_url(self) -> str:
        """Return the database's URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'voicebot.db'}"


def load_settings(**overrides: object) -> Settings:
    """Return the settings of the environment, `overrides` over them.

    Raises VoicebotError `settings_wrong` that names every wrong setting and what it must be, never its value.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # checked by pydantic, reported below
    except ValidationError as error:
        wrong = "; ".join(
            f"{'VOICEBOT_' + str(found['loc'][0]).upper() if found['loc'] else 'settings'}: "
            + found["msg"].removeprefix("Value error, ")
            for found in error.errors(include_input=False, include_url=False)
        )
        raise VoicebotError("settings_wrong", f"Wrong settings: {wrong}.", "", Exit.BAD_INPUT) from None


def serving_faults(settings: Settings) -> list[str]:
    """Return what a live service still lacks, each as one sentence; empty when it may answer calls."""
    needed: dict[str, tuple[object, str]] = {
        "VOICEBOT_TWILIO_AUTH_TOKEN": (settings.twilio_auth_token, "signatures cannot be checked without it"),
        "VOICEBOT_FRONT_DESK_NUMBER": (settings.front_desk_number, "a caller must always be able to reach a person"),
        "VOICEBOT_SCHEDULING_NUMBER": (settings.scheduling_number, "callers are put through to it"),
        "VOICEBOT_PUBLIC_URL": (settings.public_url, "signatures are made over it"),
    }
    if settings.text_messages:
        needed |= {
            "VOICEBOT_LINE_NUMBER": (settings.line_number, "text messages are sent from it"),
            "VOICEBOT_TWILIO_ACCOUNT_SID": (settings.twilio_account_sid, "text messages are sent through it"),
        }
    if settings.page_url:
        needed["VOICEBOT_PAGE_SECRET"] = (settings.page_secret, "pages to staff are signed with it")
    return [f"{name} is not set: {why}." for name, (value, why) in needed.items() if not value]
