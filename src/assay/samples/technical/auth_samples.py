"""Working OAuth 2.0 samples for the Tidewater Measurements API v2, with the standard library alone.

Tidewater is an invented service, so its host names answer nothing. The functions take the base URL of an authorization
server as an argument and work with any server that offers `/oauth2/authorize`, `/oauth2/token` and `/oauth2/revoke` as
`api-v2.md` describes them. They need Python 3.11 or newer. Secrets are arguments: read them from the environment or a
secret store, and never write them into source code or logs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

TIMEOUT = 10.0
RETRYABLE = frozenset({429, 500, 503})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class OAuthError(Exception):
    """The authorization server refused; `code` is an error code of RFC 6749 such as `invalid_grant`."""

    def __init__(self, code: str, description: str = "", status: int = 0) -> None:
        super().__init__(f"{code}: {description}" if description else code)
        self.code = code
        self.description = description
        self.status = status


@dataclass(frozen=True)
class Token:
    """What the token endpoint returned. The tokens themselves never show up in `repr`, so they stay out of logs."""

    access_token: str = field(repr=False)
    expires_at: float
    scope: str = ""
    refresh_token: str | None = field(default=None, repr=False)

    def expired(self, now: float, leeway: float = 30.0) -> bool:
        """Tell whether the access token ends within `leeway` seconds, which is the time to refresh it."""
        return now >= self.expires_at - leeway


@dataclass(frozen=True)
class Client:
    """A registered client; a public client has no secret."""

    client_id: str
    client_secret: str | None = field(default=None, repr=False)


class _NoRedirects(HTTPRedirectHandler):
    """Refuses redirects: a redirect would carry tokens and secrets to another host."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def new_verifier() -> str:
    """Return a PKCE code verifier of 43 random characters (RFC 7636 section 4.1)."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """Return the S256 code challenge: base64url of the SHA-256 hash, without padding (RFC 7636 section 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def authorization_url(base_url: str, client_id: str, redirect_uri: str, scope: str, state: str, challenge: str) -> str:
    """Return the URL that the user opens in a browser to start the authorization code grant."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": scope,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{_secure(base_url)}/oauth2/authorize?{urlencode(query)}"


def exchange_code(base_url: str, client: Client, code: str, verifier: str, redirect_uri: str) -> Token:
    """Exchange an authorization code for tokens. Raises OAuthError `invalid_grant` if the code is no longer valid."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": redirect_uri,
    }
    return _token(_post(base_url, "/oauth2/token", form, client))


def refresh(base_url: str, client: Client, token: Token) -> Token:
    """Return a new token. Store the new refresh token: the old one is invalid from now on."""
    if token.refresh_token is None:
        raise OAuthError("invalid_grant", "there is no refresh token; sign in again")
    form = {"grant_type": "refresh_token", "refresh_token": token.refresh_token}
    return _token(_post(base_url, "/oauth2/token", form, client))


def client_credentials(base_url: str, client: Client, scope: str) -> Token:
    """Return a token for the client itself. Only a client with a secret may use this grant (RFC 6749 section 4.4)."""
    if client.client_secret is None:
        raise OAuthError("unauthorized_client", "the client credentials grant needs a client secret")
    return _token(_post(base_url, "/oauth2/token", {"grant_type": "client_credentials", "scope": scope}, client))


def revoke(base_url: str, client: Client, token: str) -> None:
    """Make a token invalid. A token that was invalid before is no error (RFC 7009 section 2.2)."""
    _post(base_url, "/oauth2/revoke", {"token": token}, client)


def sign_in(
    base_url: str,
    client: Client,
    scope: str,
    open_url: Callable[[str], object] = webbrowser.open,
    timeout: float = 120.0,
) -> Token:
    """Run the whole authorization code grant with PKCE: open the browser, wait for the redirect, fetch the tokens.

    Raises OAuthError `access_denied` when the user refuses, and TimeoutError when no answer comes within `timeout`
    seconds.
    """
    verifier, state = new_verifier(), secrets.token_urlsafe(16)
    with RedirectReceiver(state) as receiver:
        open_url(
            authorization_url(base_url, client.client_id, receiver.redirect_uri, scope, state, challenge_of(verifier))
        )
        code = receiver.wait(timeout)
        return exchange_code(base_url, client, code, verifier, receiver.redirect_uri)


class RedirectReceiver(HTTPServer):
    """Waits on a free loopback port for the redirect of the authorization server (RFC 8252 section 7.3)."""

    def __init__(self, state: str) -> None:
        super().__init__(("127.0.0.1", 0), _RedirectHandler)
        self.state = state
        self.answer: Mapping[str, str] = {}

    @property
    def redirect_uri(self) -> str:
        """The redirect URI of this receiver, with the port that the operating system chose."""
        return f"http://127.0.0.1:{self.server_port}/callback"

    def wait(self, timeout: float) -> str:
        """Return the authorization code; answers with a wrong `state` are refused and do not end the waiting."""
        deadline = time.monotonic() + timeout
        while not self.answer:
            self.timeout = deadline - time.monotonic()
            if self.timeout <= 0:
                raise TimeoutError(f"no redirect arrived within {timeout:g} seconds")
            self.handle_request()
        if "error" in self.answer:
            raise OAuthError(self.answer["error"], self.answer.get("error_description", ""))
        return self.answer["code"]


class _RedirectHandler(BaseHTTPRequestHandler):
    """Takes one redirect, and shows the user that the window can be closed."""

    server: RedirectReceiver
    timeout = 5

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        answer = {name: values[0] for name, values in parse_qs(parts.query).items()}
        genuine = hmac.compare_digest(answer.get("state", "").encode(), self.server.state.encode())
        if parts.path != "/callback" or not genuine or not answer.keys() & {"code", "error"}:
            self.send_error(400)
            return
        self.server.answer = answer
        body = b"You can close this window now."
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the request line holds the authorization code."""


def get_json(
    url: str, token: Token, attempts: int = 4, pause: Callable[[float], object] = time.sleep
) -> dict[str, Any]:
    """Return the JSON body of a GET request. Retries 429, 500 and 503 as told by Retry-After, `attempts` times at most.

    Raises urllib.error.HTTPError for every other status and after the last attempt.
    """
    request = Request(_secure(url), headers={"Authorization": f"Bearer {token.access_token}"})
    for attempt in range(1, attempts + 1):
        try:
            with build_opener(_NoRedirects).open(request, timeout=TIMEOUT) as response:
                body: dict[str, Any] = json.load(response)
                return body
        except HTTPError as error:
            if error.code not in RETRYABLE or attempt == attempts:
                raise
            with error:
                pause(_seconds(error.headers.get("Retry-After"), 2.0**attempt))
    raise ValueError("attempts must be at least 1")


def is_genuine(header: str, body: bytes, secret: bytes, now: float, tolerance: float = 300.0) -> bool:
    """Tell whether a webhook delivery is signed with `secret` and at most `tolerance` seconds old.

    `header` is the value of Tidewater-Signature, `t=TIMESTAMP,v1=SIGNATURE`; after a rotation it holds two signatures.
    """
    fields = [part.strip().partition("=") for part in header.split(",")]
    timestamp = next((value for name, _, value in fields if name == "t"), "")
    if not (timestamp.isascii() and timestamp.isdecimal()) or abs(now - int(timestamp)) > tolerance:
        return False
    expected = hmac.new(secret, timestamp.encode("ascii") + b"." + body, hashlib.sha256).hexdigest().encode("ascii")
    signatures = [value.encode("utf-8") for name, _, value in fields if name == "v1"]
    return any(hmac.compare_digest(expected, signature) for signature in signatures)


def _post(base_url: str, path: str, form: Mapping[str, str], client: Client) -> dict[str, Any]:
    headers = {"Accept": "application/json"}
    if client.client_secret is None:
        form = {**form, "client_id": client.client_id}
    else:
        # RFC 6749 section 2.3.1 encodes both parts as form values before they become Basic credentials.
        pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode("ascii")).decode("ascii")
    request = Request(_secure(base_url) + path, data=urlencode(form).encode("ascii"), headers=headers)
    try:
        with build_opener(_NoRedirects).open(request, timeout=TIMEOUT) as response:
            body = response.read()
    except HTTPError as error:
        with error:
            raise _refusal(error.code, error.read()) from error
    return _object(body) if body else {}


def _refusal(status: int, body: bytes) -> OAuthError:
    answer = _object(body)
    code = str(answer.get("error", "server_error"))
    return OAuthError(code, str(answer.get("error_description", f"status {status}")), status)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _token(answer: Mapping[str, Any]) -> Token:
    if str(answer.get("token_type", "")).lower() != "bearer" or "access_token" not in answer:
        raise OAuthError("server_error", "the answer of the token endpoint holds no bearer token")
    return Token(
        access_token=str(answer["access_token"]),
        expires_at=time.time() + float(answer.get("expires_in", 0)),
        scope=str(answer.get("scope", "")),
        refresh_token=answer.get("refresh_token"),
    )


def _secure(url: str) -> str:
    """Return the URL without a final slash, or refuse one that would send secrets over an open line."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url.rstrip("/")
    raise ValueError(f"refusing {parts.scheme or 'a URL without scheme'}: tokens travel over HTTPS only")


def _seconds(value: str | None, default: float) -> float:
    return float(value) if value is not None and value.isdecimal() else default
