"""The technical sample library agrees with itself, its code works, and the standard library pages are as promised."""

from __future__ import annotations

import ast
import base64
import hashlib
import hmac
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest
import yaml

from assay.errors import InputError
from assay.samples import stdlib_docs
from assay.samples.stdlib_docs import STDLIB_MODULES, build_stdlib_docs
from assay.samples.technical import auth_samples

LIBRARY = Path(auth_samples.__file__).parent
VERSIONS = ("v1", "v2")
METHODS = ("get", "put", "post", "patch", "delete")
TEXT = {path.name: path.read_text(encoding="utf-8") for path in sorted(LIBRARY.glob("[!_.]*.*"))}
MARKDOWN = sorted(name for name in TEXT if name.endswith(".md"))
ERRORS: dict[str, dict[str, Any]] = {each["code"]: each for each in json.loads(TEXT["errors.json"])["errors"]}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Endpoint(NamedTuple):
    """One `### METHOD /path` section of a reference page."""

    name: str
    text: str

    def parameters(self) -> set[tuple[str, str, bool]]:
        rows = re.findall(r"^\| `([^`]+)` \| (\w+) \| [^|]+ \| (yes|no) \|", self.text, re.MULTILINE)
        return {(name, where, required == "yes") for name, where, required in rows}

    def errors(self) -> list[str]:
        (line,) = re.findall(r"^Errors(?: besides the common ones)?: (.*)$", self.text, re.MULTILINE)
        return re.findall(r"`(\w+)`", line)


def endpoints(version: str) -> dict[str, Endpoint]:
    pattern = r"^### ((?:GET|PUT|POST|PATCH|DELETE) /\S+)\n(.*?)(?=^##|\Z)"
    found = re.findall(pattern, TEXT[f"api-{version}.md"], re.MULTILINE | re.DOTALL)
    assert len(found) == len(dict(found))
    return {name: Endpoint(name, text) for name, text in found}


@cache
def openapi(version: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(TEXT[f"openapi-{version}.yaml"])
    return loaded


def operations(version: str) -> dict[str, dict[str, Any]]:
    paths = openapi(version)["paths"]
    return {f"{m.upper()} {path}": item[m] for path, item in paths.items() for m in METHODS if m in item}


def resolve(version: str, node: dict[str, Any]) -> dict[str, Any]:
    """The node itself, or what its `$ref` points to in the same file."""
    value: Any = openapi(version) if "$ref" in node else node
    for step in node["$ref"].removeprefix("#/").split("/") if "$ref" in node else ():
        value = value[step]
    return dict(value)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(each)


def changelog(heading: str) -> list[list[str]]:
    section = TEXT["CHANGELOG.md"].split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if "|" in line]
    return rows[2:]


@pytest.mark.parametrize("name", MARKDOWN)
def test_every_page_says_what_it_is_and_that_it_is_an_invented_sample(name: str) -> None:
    matter = yaml.safe_load(TEXT[name].split("---\n")[1])
    assert {"title", "doc_type", "domain", "product", "version", "date", "sample", "reviewed"} <= set(matter)
    assert (matter["domain"], matter["sample"], matter["reviewed"]) == ("technical", True, False)
    assert date.fromisoformat(matter["date"]) and isinstance(matter["version"], str)
    assert "Tidewater is an invented service" in TEXT[name]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_page_and_the_openapi_file_describe_the_same_endpoints(version: str) -> None:
    assert set(endpoints(version)) == set(operations(version)) and len(endpoints(version)) >= 14


@pytest.mark.parametrize("version", VERSIONS)
def test_each_parameter_table_equals_the_openapi_operation(version: str) -> None:
    for name, operation in operations(version).items():
        described = {(each["name"], each["in"], each["required"]) for each in operation.get("parameters", [])}
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            schema = resolve(version, content["schema"])
            where = "form" if media == "application/x-www-form-urlencoded" else "body"
            described |= {(key, where, key in schema.get("required", [])) for key in schema["properties"]}
        assert endpoints(version)[name].parameters() == described, name


@pytest.mark.parametrize("version", VERSIONS)
def test_each_endpoint_names_the_same_errors_in_both_files_with_their_statuses(version: str) -> None:
    for name, operation in operations(version).items():
        codes = endpoints(version)[name].errors()
        assert codes == operation["x-error-codes"] == sorted(set(codes)), name
        where = "oauth" if "/oauth2/" in name else version
        assert all(where in ERRORS[code]["returned_by"] for code in codes), name
        common = [code for code, each in ERRORS.items() if each["common"] and where in each["returned_by"]]
        redirected = name == "GET /oauth2/authorize"
        statuses = {"302"} if redirected else {str(ERRORS[code]["http_status"]) for code in [*codes, *common]}
        assert {each for each in operation["responses"] if each >= "3"} == statuses, name


@pytest.mark.parametrize("version", VERSIONS)
def test_the_scope_of_each_endpoint_is_the_same_in_both_files_and_exists(version: str) -> None:
    flows = openapi(version)["components"]["securitySchemes"]["oauth2"]["flows"]
    for name, operation in operations(version).items():
        named = re.findall(r"needs the scope `([^`]+)`", endpoints(version)[name].text)
        required = [scope for each in operation["security"] for scope in each["oauth2"]]
        assert named == required, name
        assert all(scope in flow["scopes"] for scope in required for flow in flows.values())
        assert bool(required) != ("/oauth2/" in name)


def test_every_error_code_that_is_mentioned_is_explained_and_the_reverse() -> None:
    pages = "\n".join(TEXT[name] for name in MARKDOWN)
    shown = set(re.findall(r'"(?:code|error)": "(\w+)"', pages))
    for version in VERSIONS:
        shown.update(code for each in endpoints(version).values() for code in each.errors())
        for schema in openapi(version)["components"]["schemas"].values():
            shown.update(
                code for key in ("code", "error") for code in schema["properties"].get(key, {}).get("enum", ())
            )
    assert shown <= set(ERRORS)
    assert all(f"`{code}`" in pages for code in ERRORS)


def test_every_error_code_says_what_it_means_and_what_to_do() -> None:
    for code, each in ERRORS.items():
        assert all(each[key].endswith(".") for key in ("meaning", "cause", "remedy")), code
        assert isinstance(each["retryable"], bool) and 300 <= each["http_status"] < 600
        assert set(each["returned_by"]) <= {"v1", "v2", "oauth"}
    assert all(e["retryable"] for e in ERRORS.values() if e["http_status"] in auth_samples.RETRYABLE)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_changelog_lists_exactly_the_deprecations_that_openapi_flags(version: str) -> None:
    flagged = set()
    for name, operation in operations(version).items():
        if operation.get("deprecated"):
            flagged.add(("operation", name))
        flagged |= {
            ("parameter", f"{name} {e['name']}") for e in operation.get("parameters", []) if e.get("deprecated")
        }
    for schema, body in openapi(version)["components"]["schemas"].items():
        flagged |= {("field", f"{schema} {key}") for key, each in body["properties"].items() if each.get("deprecated")}
    listed = {
        (kind, item.strip("`")) for api, kind, item, *_ in changelog("Deprecated and still available") if api == version
    }
    assert listed == flagged and flagged


@pytest.mark.parametrize("version", VERSIONS)
def test_the_pages_warn_of_each_deprecation_with_the_dates_of_the_changelog(version: str) -> None:
    kinds = {"operation": "endpoint", "parameter": "parameter", "field": "field"}
    rows = [row for row in changelog("Deprecated and still available") if row[0] == version]
    warned = re.findall(r"\*\*Deprecated (\w+):\*\* ([^\n]*)", TEXT[f"api-{version}.md"])
    assert len(warned) == len(rows)
    for _, kind, item, since, removal, replacement in rows:
        day, minor = re.findall(r"(\S+) \((\S+)\)", since)[0]
        *whole, last = item.strip("`").rsplit(" ", 1) if kind != "operation" else [item.strip("`")]
        named = [f"`{last}`", *(f"`{each}`" if kind == "parameter" else each.lower() for each in whole)]
        (text,) = [text for found, text in warned if found == kinds[kind] and all(each in text for each in named)]
        assert f"since version {minor} ({day})" in text and f"removed on {removal}" in text
        assert all(name in text for name in re.findall(r"`([^`]+)`", replacement))


def test_a_deprecation_comes_a_year_before_the_removal_and_names_a_replacement_that_exists() -> None:
    for _, _, item, since, removal, replacement in [
        *changelog("Deprecated and still available"),
        *changelog("Removed"),
    ]:
        assert date.fromisoformat(removal[:10]) - date.fromisoformat(since[:10]) >= timedelta(days=365), item
        for name in re.findall(r"v2 `([A-Z]+ /[^`]+)`", replacement):
            assert not operations("v2")[name].get("deprecated")


def test_what_was_removed_is_in_no_openapi_file() -> None:
    for version in VERSIONS:
        assert all("api_key" not in str(node.get("name", "")) for node in nodes(openapi(version)))
        grants = operations(version)["POST /oauth2/token"]["requestBody"]["content"][
            "application/x-www-form-urlencoded"
        ]
        assert "password" not in grants["schema"]["properties"]["grant_type"]["enum"]


def test_the_header_samples_give_the_dates_of_the_changelog() -> None:
    dates = {cell[:10] for row in changelog("Deprecated and still available") for cell in row[3:5]}
    pages = TEXT["api-v1.md"] + TEXT["api-v2.md"]
    for seconds in re.findall(r"Deprecation: @(\d+)", pages):
        assert datetime.fromtimestamp(int(seconds), UTC).isoformat().removesuffix("T00:00:00+00:00") in dates
    for stamp in re.findall(r"Sunset: (.*? GMT)", pages):
        moment = datetime.strptime(stamp, "%a, %d %b %Y %H:%M:%S GMT")
        assert moment.strftime("%a, %d %b %Y %H:%M:%S GMT") == stamp and moment.date().isoformat() in dates


@pytest.mark.parametrize("version", VERSIONS)
def test_the_openapi_file_is_well_formed(version: str) -> None:
    spec = openapi(version)
    assert spec["openapi"] == "3.1.0" and spec["info"]["x-sample"] is True and "invented" in spec["info"]["description"]
    assert all(resolve(version, node) for node in nodes(spec) if "$ref" in node)
    found = operations(version)
    assert len({each["operationId"] for each in found.values()}) == len(found)
    for name, operation in found.items():
        in_path = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", name))
        assert all(resolve(version, each)["description"] for each in operation["responses"].values())
    for content in [node for node in nodes(spec) if "example" in node]:
        schema, example = resolve(version, content["schema"]), content["example"]
        body = resolve(version, schema["items"]) if schema["type"] == "array" else schema
        for item in example if schema["type"] == "array" else [example]:
            assert set(body["required"]) <= set(item) <= set(body["properties"])


@pytest.mark.parametrize("name", MARKDOWN)
def test_every_code_block_has_a_language_and_its_code_is_sound(name: str) -> None:
    assert TEXT[name].count("```") == 2 * len(FENCE.findall(TEXT[name]))
    for language, code in FENCE.findall(TEXT[name]):
        assert language in {"bash", "http", "json", "python"}
        if language == "json":
            json.loads(code)
        if language == "bash":
            assert "--max-time" in code
        if language == "python":
            check_python(code)


def check_python(code: str) -> None:
    """The code parses, every request has a time limit, and no secret is written into it."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"urlopen", "open"}:
            assert "timeout" in {each.arg for each in node.keywords}, ast.unparse(node)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            assert not re.search("secret|password", ast.unparse(node.targets[0]), re.IGNORECASE)


def test_only_reserved_host_names_appear() -> None:
    allowed = re.compile(r"(?:[\w-]+\.)*example\.(?:com|org)$|^(?:localhost|127\.0\.0\.1)$")
    for name, text in TEXT.items():
        hosts = {urlsplit(url).hostname or "" for url in re.findall(r"https?://[\w.:-]+", text)}
        outside = {host for host in hosts if not allowed.search(host)}
        standards = {"www.rfc-editor.org", "spec.openapis.org", "datatracker.ietf.org"}
        assert outside <= (standards if name == "SOURCES.json" else set()), name


def test_every_standard_that_is_mentioned_stands_in_the_sources_and_the_reverse() -> None:
    sources = json.loads(TEXT["SOURCES.json"])
    listed = {each["id"] for each in sources["standards"] if each["id"].startswith("RFC")}
    texts = [text for name, text in TEXT.items() if name != "SOURCES.json"]
    mentioned = {each for text in texts for each in re.findall(r"RFC \d{4}", text)}
    assert sources["invented"] is True and all(each["facts"] and each["checked"] for each in sources["standards"])
    assert mentioned <= listed and listed - mentioned <= {"RFC 2606"}


def test_each_sample_question_is_answered_by_the_cited_file_and_each_unanswerable_one_by_none() -> None:
    library = json.loads(TEXT["library.json"])
    assert {each["path"] for each in library["documents"]} == set(TEXT) - {"library.json", "SOURCES.json"}
    assert 4 <= len(library["questions"]) <= 6 and 2 <= len(library["unanswerable"]) <= 3
    for each in library["questions"]:
        assert each["expect"] in TEXT[each["cites"]], each["question"]
    everything = "\n".join(TEXT[each["path"]] for each in library["documents"]).lower()
    assert not any(word in everything for word in ("graphql", "subscription", "cost", "price", "country"))


class Server(ThreadingHTTPServer):
    """A small authorization server that checks PKCE, uses a code once, rotates refresh tokens, and counts requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.codes: dict[str, dict[str, str]] = {}
        self.refresh_tokens: set[str] = set()
        self.revoked: list[str] = []
        self.refuse = False
        self.busy = 0
        self.seen: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if parts.path == "/oauth2/authorize":
            self.server.codes["code-1"] = query
            answer = {"error": "access_denied"} if self.server.refuse else {"code": "code-1"}
            self.redirect(f"{query['redirect_uri']}?{urlencode({**answer, 'state': query['state']})}")
        elif parts.path == "/away":
            self.redirect(f"{self.server.url}/stolen")
        elif self.server.busy:
            self.server.busy -= 1
            self.reply(429, {"code": "rate_limited"}, {"Retry-After": "7"})
        else:
            self.reply(200, {"authorization": self.headers["Authorization"]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
        form = {key: values[0] for key, values in parse_qs(body).items()}
        if self.path == "/oauth2/revoke":
            self.server.revoked.append(form["token"])
            self.reply(200, None)
        elif form["grant_type"] == "authorization_code":
            asked = self.server.codes.pop(form["code"], {})
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            same = asked.get("code_challenge") == challenge and asked.get("redirect_uri") == form["redirect_uri"]
            self.tokens(same and form["client_id"] == asked["client_id"], "stations:read")
        elif form["grant_type"] == "refresh_token":
            known = form["refresh_token"] in self.server.refresh_tokens
            self.server.refresh_tokens.discard(form["refresh_token"])
            self.tokens(known, "stations:read")
        else:
            basic = "Basic " + base64.b64encode(b"robot:p%3Aass+word").decode()
            self.tokens(self.headers["Authorization"] == basic, form["scope"], rotate=False)

    def tokens(self, allowed: bool, scope: str, rotate: bool = True) -> None:
        if not allowed:
            self.reply(400, {"error": "invalid_grant", "error_description": "no such grant"})
            return
        answer = {"access_token": "access", "token_type": "Bearer", "expires_in": 3600, "scope": scope}
        if rotate:
            answer["refresh_token"] = f"refresh-{len(self.server.seen)}-{id(answer)}"
            self.server.refresh_tokens.add(str(answer["refresh_token"]))
        self.reply(200, answer)

    def redirect(self, place: str) -> None:
        self.send_response(302)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def reply(self, status: int, answer: object, headers: dict[str, str] | None = None) -> None:
        body = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output clean."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def browse(url: str) -> None:
    """What a browser does: fetch the page and follow the redirect, beside the waiting program."""
    threading.Thread(target=lambda: urlopen(url, timeout=5).close()).start()


ROBOT = auth_samples.Client("robot", "p:ass word")
PERSON = auth_samples.Client("person")


def test_the_code_challenge_is_the_one_of_the_standard() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert auth_samples.challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert 43 <= len(auth_samples.new_verifier()) <= 128


def test_a_user_signs_in_refreshes_and_revokes(server: Server) -> None:
    token = auth_samples.sign_in(server.url, PERSON, "stations:read", browse, timeout=10)
    assert (token.scope, token.expired(token.expires_at - 60)) == ("stations:read", False)
    assert token.expired(token.expires_at - 10)
    renewed = auth_samples.refresh(server.url, PERSON, token)
    assert renewed.refresh_token != token.refresh_token
    with pytest.raises(auth_samples.OAuthError) as used_twice:
        auth_samples.refresh(server.url, PERSON, token)
    assert used_twice.value.code == "invalid_grant" and used_twice.value.status == 400
    auth_samples.revoke(server.url, PERSON, token.access_token)
    assert server.revoked == ["access"]


def test_a_refusal_is_told_as_access_denied_and_a_code_is_worthless_without_its_verifier(server: Server) -> None:
    server.refuse = True
    with pytest.raises(auth_samples.OAuthError, match="access_denied"):
        auth_samples.sign_in(server.url, PERSON, "stations:read", browse, timeout=10)
    where = "http://127.0.0.1:1/callback"
    server.codes["code-1"] = {"code_challenge": "other", "redirect_uri": where, "client_id": "person"}
    with pytest.raises(auth_samples.OAuthError, match="invalid_grant"):
        auth_samples.exchange_code(server.url, PERSON, "code-1", auth_samples.new_verifier(), where)


def test_an_answer_with_a_foreign_state_is_refused_and_the_right_one_still_counts() -> None:
    with auth_samples.RedirectReceiver("right") as receiver:

        def answer() -> None:
            with pytest.raises(HTTPError) as refused:
                urlopen(f"{receiver.redirect_uri}?code=stolen&state=wrong", timeout=5)
            refused.value.close()
            browse(f"{receiver.redirect_uri}?code=mine&state=right")

        threading.Thread(target=answer).start()
        assert receiver.wait(10) == "mine"
    with auth_samples.RedirectReceiver("state") as lonely, pytest.raises(TimeoutError):
        lonely.wait(0.05)


def test_a_program_gets_a_token_for_itself_and_a_public_client_does_not(server: Server) -> None:
    assert auth_samples.client_credentials(server.url, ROBOT, "readings:read").refresh_token is None
    with pytest.raises(auth_samples.OAuthError, match="unauthorized_client"):
        auth_samples.client_credentials(server.url, PERSON, "readings:read")


def test_a_busy_server_is_asked_again_as_it_wishes_and_not_for_ever(server: Server) -> None:
    token = auth_samples.Token("access", 0.0)
    pauses: list[float] = []
    server.busy = 2
    answer = auth_samples.get_json(f"{server.url}/v2/stations", token, 4, pauses.append)
    assert answer == {"authorization": "Bearer access"} and pauses == [7.0, 7.0]
    server.busy = 9
    with pytest.raises(HTTPError) as given_up:
        auth_samples.get_json(f"{server.url}/v2/stations", token, 3, pauses.append)
    given_up.value.close()
    assert given_up.value.code == 429 and server.busy == 6


def test_a_token_never_follows_a_redirect_or_leaves_over_an_open_line(server: Server) -> None:
    token = auth_samples.Token("access", 0.0, refresh_token="refresh")
    with pytest.raises(HTTPError) as redirected:
        auth_samples.get_json(f"{server.url}/away", token)
    redirected.value.close()
    assert server.seen == ["/away"]
    with pytest.raises(ValueError, match="HTTPS only"):
        auth_samples.get_json("http://api.tidewater.example.com/v2/stations", token)
    assert "access" not in repr(token).replace("access_token", "") and "refresh" not in repr(token)
    assert "p:ass word" not in repr(ROBOT)


def sample(name: str) -> Any:
    """The function `name` as the version 2 page prints it."""
    (code,) = [code for language, code in FENCE.findall(TEXT["api-v2.md"]) if f"def {name}(" in code]
    scope: dict[str, Any] = {}
    exec(compile(code, "api-v2.md", "exec"), scope)
    return scope[name]


@pytest.mark.parametrize("where", ["file", "page"])
def test_a_webhook_is_accepted_only_with_a_fresh_genuine_signature(where: str) -> None:
    check = auth_samples.is_genuine if where == "file" else sample("is_genuine")
    body, secret, now = b'{"type": "reading.created"}', b"key", 1_778_580_000
    good = hmac.new(secret, f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    assert check(f"t={now},v1={good}", body, secret, now + 299)
    assert check(f"t={now},v1={'0' * 64},v1={good}", body, secret, now)
    assert not check(f"t={now},v1={good}", body, secret, now + 301)
    assert not check(f"t={now},v1={good}", body + b" ", secret, now)
    assert not check(f"t={now + 1},v1={good}", body, secret, now)
    for broken in ("", "t=,v1=", f"v1={good}", f"t={now}", f"t=soon,v1={good}", f"t={now},v1=\u00e9"):
        assert not check(broken, body, secret, now)


def test_the_sign_in_sample_of_the_page_builds_a_complete_request() -> None:
    url, state, verifier = sample("authorization_request")("person", "http://127.0.0.1:8765/callback", "stations:read")
    query = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    assert query["state"] == state and query["code_challenge"] == auth_samples.challenge_of(verifier)
    wanted = {name for name, _, required in endpoints("v2")["GET /oauth2/authorize"].parameters() if required}
    assert set(query) == wanted


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    target = tmp_path_factory.mktemp("stdlib")
    docs = build_stdlib_docs(target)
    assert sorted(target.iterdir()) == sorted(docs.pages)
    assert len(docs.pages) + len(docs.skipped) == len(STDLIB_MODULES)
    return {path.stem: path.read_text(encoding="utf-8") for path in docs.pages}


def section(page: str, heading: str) -> str:
    return page.split(f"# {heading}\n", 1)[1].split("\n## ")[0].split("\n### ")[0]


def test_the_json_page_has_the_version_the_signature_and_the_words_of_dumps(pages: dict[str, str]) -> None:
    text = section(pages["json"], "json.dumps")
    assert "def dumps(\n    obj,\n    *,\n    skipkeys=False," in text
    assert "Serialize ``obj`` to a JSON formatted ``str``." in text
    matter = yaml.safe_load(pages["json"].split("---\n")[1])
    assert (matter["library"], matter["module"]) == ("python", "json")
    assert matter["version"] == sys.version.split()[0]


def test_every_page_has_sections_and_every_python_block_parses(pages: dict[str, str]) -> None:
    assert all("\n## " in text for text in pages.values())
    blocks = [code for text in pages.values() for language, code in FENCE.findall(text) if language == "python"]
    assert len(blocks) > 2_000
    for code in blocks:
        ast.parse(code)


def test_methods_properties_and_inherited_names_stand_where_users_import_them_from(pages: dict[str, str]) -> None:
    assert "def read_text(self, encoding=None, errors=None" in section(pages["pathlib"], "pathlib.Path.read_text")
    assert "@property" in section(pages["pathlib"], "pathlib.PurePath.suffix")
    assert "@classmethod\ndef fromkeys(" in section(pages["builtins"], "builtins.dict.fromkeys")
    assert re.search(r"`pathlib.Path` inherits from `pathlib.PurePath`: .*`joinpath`", pages["pathlib"])
    assert "def open(" in section(pages["builtins"], "builtins.open")
    assert "def sqrt(x, /): ..." in section(pages["math"], "math.sqrt")
    assert "`math.pi`: float, value `3.14159" in pages["math"]

    assert "def gather(*coros_or_futures" in section(pages["asyncio.tasks"], "asyncio.gather")
    assert "`asyncio.gather`" in pages["asyncio"] and "# asyncio.gather\n" not in pages["asyncio"]


def test_deprecations_are_pointed_out_code_is_fenced_and_terms_become_a_list(pages: dict[str, str]) -> None:
    notified = section(pages["threading"], "threading.Condition.notifyAll")
    assert "**Deprecation note:** This method is deprecated, use notify_all() instead." in notified
    assert 'with the message "notifyAll() is deprecated, use notify_all() instead"' in notified
    assert "slated for removal" in section(pages["locale"], "locale.getdefaultlocale")
    assert "Deprecation note" not in section(pages["json"], "json.dumps")

    assert "```pycon\n>>> import json\n" in pages["json"]
    assert "- `sep`: string inserted between values, default a space." in section(pages["builtins"], "builtins.print")


def test_two_runs_give_the_same_bytes_whatever_the_hash_seed(pages: dict[str, str], tmp_path: Path) -> None:
    script = "import sys, pathlib, assay.samples.stdlib_docs as d; d.build_stdlib_docs(pathlib.Path(sys.argv[1]))"
    source = str(Path(stdlib_docs.__file__).parents[2])
    environment = {"PYTHONHASHSEED": "7", "PYTHONPATH": source, "TZ": "Asia/Tokyo", "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "out")], check=True, env=environment, timeout=60)
    again = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()}
    assert again == pages


def test_no_page_tells_where_this_machine_keeps_its_files(pages: dict[str, str]) -> None:
    places = {sys.prefix, sys.base_prefix, str(Path.home()), str(Path.cwd())} - {"/"}
    private = re.compile("|".join([r" at 0x[0-9a-f]{6,}", *(re.escape(f"{place}/") for place in places)]))
    assert not [name for name, text in pages.items() if private.search(text)]


def test_nothing_outside_the_target_is_written_not_even_through_a_link(tmp_path: Path) -> None:
    target, outside = tmp_path / "target", tmp_path / "outside.md"
    target.mkdir()
    outside.write_text("mine", encoding="utf-8")
    for name in ("json.md", "json.md.part"):
        (target / name).symlink_to(outside)
    docs = build_stdlib_docs(target, ["json", "json"])
    assert [path.name for path in docs.pages] == ["json.md"] and not docs.pages[0].is_symlink()
    assert outside.read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["json.md", "outside.md", "target"]


def test_a_module_outside_the_list_or_a_file_as_target_is_refused_before_anything_happens(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="antigravity"):
        build_stdlib_docs(tmp_path / "target", ["json", "antigravity"])
    assert "antigravity" not in sys.modules and not (tmp_path / "target").exists()

    (tmp_path / "target").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="not a folder"):
        build_stdlib_docs(tmp_path / "target")


def test_a_module_that_cannot_be_imported_is_reported_and_the_rest_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sched", None)  # Python's own way to forbid an import.
    docs = build_stdlib_docs(tmp_path, ["sched", "json"])
    assert [path.name for path in docs.pages] == ["json.md"]
    assert [line.partition(" (")[0] for line in docs.skipped] == ["sched: cannot be imported by this interpreter"]
