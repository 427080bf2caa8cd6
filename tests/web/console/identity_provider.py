"""A small OpenID Connect provider on loopback that lets in whoever it is told to, and can be made to lie."""

from __future__ import annotations

import base64
import hashlib
import time
from contextlib import contextmanager
from threading import Thread
from urllib.parse import urlencode

from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "console", "a secret of the console"


class IdentityProvider:
    """`claims` are those of who signs in next; `lies` replaces claims of the token it issues."""

    def __init__(self):
        self.claims = {"sub": "42", "email": "jo@clinic.example", "email_verified": True}
        self.lies = {}
        self.key = self.published_key = RSAKey.generate_key(2048, parameters={"kid": "1"})
        self.asked = {}
        self.app = Flask(__name__)
        for path, view in {
            "/.well-known/openid-configuration": self._configuration,
            "/authorize": self._authorize,
            "/jwks": lambda: {"keys": [self.published_key.as_dict(private=False)]},
        }.items():
            self.app.add_url_rule(path, path, view)
        self.app.add_url_rule("/token", "token", self._token, methods=["POST"])

    @contextmanager
    def served(self):
        server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def _configuration(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _authorize(self):
        self.asked = request.args.to_dict()
        back = urlencode({"code": "the code", "state": self.asked["state"]})
        return redirect(f"{self.asked['redirect_uri']}?{back}")

    def _token(self):
        verifier = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        given = request.authorization
        genuine = (
            request.form["code"] == "the code"
            and challenge == self.asked["code_challenge"]
            and (given.username, given.password) == (CLIENT_ID, CLIENT_SECRET)
        )
        if not genuine:
            return jsonify(error="invalid_grant"), 400
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 60,
            "nonce": self.asked["nonce"],
            **self.claims,
            **self.lies,
        }
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return {"access_token": "nothing", "token_type": "Bearer", "id_token": token}
