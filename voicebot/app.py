"""The Flask application: which rooms it has. Builds nothing itself; voicebot.wiring hands it the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from voicebot.telephony.media import register_media
from voicebot.telephony.webhooks import voice_blueprint
from voicebot.web.api import api_blueprint
from voicebot.web.console import add_console
from voicebot.web.health import health_blueprint
from voicebot.web.intake import intake_blueprint
from voicebot.web.security import secure

if TYPE_CHECKING:
    from voicebot.parts import Parts

MAX_BODY_BYTES = 64 * 1024


def create_app(parts: Parts) -> Flask:
    """Return the application that answers calls with `parts`."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    secure(app)
    app.register_blueprint(voice_blueprint(parts))
    app.register_blueprint(health_blueprint(parts))
    app.register_blueprint(api_blueprint(parts))
    if parts.engine:
        add_console(app, parts)
    if parts.settings.intake:
        app.register_blueprint(intake_blueprint(parts))
    register_media(app, parts)
    return app
