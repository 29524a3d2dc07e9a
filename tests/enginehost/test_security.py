"""Who is refused, what is not written down, and what does not bring the engine down."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack

import httpx2
import pytest

from chatbt.engine.client import Address
from chatbt.engine.places import Places
from chatbt.engine.shapes import ChatRequest, Message
from tests.enginehost.test_server import sent, told

pytestmark = pytest.mark.slow

ROUTES = [
    ("GET", "/v1/models"),
    ("POST", "/v1/completions"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/health"),
    ("GET", "/metrics"),
    ("GET", "/api/metrics"),
    ("GET", "/api/events"),
    ("GET", "/api/dsde/performance"),
    ("GET", "/api/dsde/optimize"),
    ("POST", "/api/dsde/optimize"),
    ("DELETE", "/api/dsde/optimize"),
    ("POST", "/api/outcomes"),
    ("POST", "/api/stop"),
    ("POST", "/api/chat"),
    ("GET", "/openapi.json"),
    ("GET", "/nowhere"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_but_one_wants_the_token(engine: Address, method: str, path: str) -> None:
    assert sent(engine, method, path, headers={"Authorization": ""}).status_code == 401


def test_every_route_that_there_is_was_tried(engine: Address) -> None:
    paths = sent(engine, "GET", "/openapi.json").json()["paths"]
    there = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert there - {("GET", "/live")} <= {*ROUTES}


@pytest.mark.parametrize("host", ["evil.example", "engine.evil.example:80", "", "127.0.0.1.evil.example", "[::2]:1"])
def test_another_host_is_refused(engine: Address, host: str) -> None:
    assert sent(engine, "GET", "/health", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["engine", "localhost:8000", "127.0.0.1:1", "[::1]:9", "[::1]"])
def test_this_host_is_not(engine: Address, host: str) -> None:
    assert sent(engine, "GET", "/health", headers={"Host": host}).status_code == 200


def test_a_web_page_learns_nothing(engine: Address) -> None:
    asking = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
    response = sent(engine, "OPTIONS", "/v1/completions", headers=asking)
    assert response.status_code == 403
    assert not [name for name in response.headers if name.lower().startswith("access-control")]


def test_a_request_of_100_mb_is_refused_before_it_has_come(engine: Address) -> None:
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(engine.socket or "")
        head = f"POST /v1/completions HTTP/1.1\r\nHost: engine\r\nAuthorization: Bearer {engine.key}\r\n"
        raw.sendall(f"{head}Content-Length: 104857600\r\n\r\n{{".encode())
        assert raw.recv(64).startswith(b"HTTP/1.1 413")
    assert sent(engine, "GET", "/health").status_code == 200


def test_a_body_without_a_length_is_cut_off_where_it_is_too_large(engine: Address) -> None:
    def endless() -> object:
        for _ in range(100):
            yield b" " * 2**16

    try:
        status = sent(engine, "POST", "/v1/completions", content=endless()).status_code
    except httpx2.HTTPError:  # the connection was closed while it was being sent
        status = 413
    assert status == 413
    assert sent(engine, "GET", "/health").status_code == 200


def test_100_connections_that_send_nothing_stop_nobody(engine: Address) -> None:
    with ExitStack() as silent:
        for _ in range(100):
            silent.enter_context(socket.socket(socket.AF_UNIX)).connect(engine.socket or "")
        assert sent(engine, "GET", "/health").status_code == 200
        assert asyncio.run(told(engine))[0]


@pytest.mark.parametrize("raw", [b"\x00" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 100_000])
def test_what_is_no_http_stops_nobody(engine: Address, raw: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as own:
        own.connect(engine.socket or "")
        own.sendall(raw)
    assert sent(engine, "GET", "/health").status_code == 200


def test_a_path_of_the_caller_is_never_opened(engine: Address) -> None:
    for path in ("/../../etc/passwd", "/%2e%2e/etc/passwd", "/v1/../../etc/passwd", "/static/etc/passwd"):
        response = sent(engine, "GET", path)
        assert response.status_code == 404
        assert "root:" not in response.text
    asked = ChatRequest(messages=[Message("user", "x")], max_tokens=2, model="/etc/passwd", document="/etc/passwd")
    assert asyncio.run(told(engine, asked))[1]["completion_tokens"] <= 2


def test_nothing_that_is_written_down_has_code_or_the_token_in_it(home: Places, engine: Address) -> None:
    marked = "def zwetschgenknoedel(): pass"
    asked = ChatRequest(messages=[Message("user", marked)], max_tokens=4, document=marked, user=marked, stop=[marked])
    asyncio.run(told(engine, asked))
    sent(engine, "POST", "/v1/completions", json={"prompt": marked, "temperature": -1})
    sent(engine, "POST", "/v1/completions", content=marked.encode())
    sent(engine, "POST", f"/{marked}", headers={"X-ChatBT-Session": marked})
    sent(engine, "GET", "/health", headers={"Authorization": f"Bearer {engine.key}x"})
    sent(engine, "GET", "/api/metrics")
    written = [path for path in home.runtime.rglob("*") if path.is_file() and path != home.token]
    assert {home.log, home.audit} <= {*written}
    for path in written:
        data = path.read_bytes()
        assert b"zwetschgenknoedel" not in data, path
        assert engine.key.encode() not in data, path


def test_the_audit_log_has_who_came_and_who_was_refused(home: Places, engine: Address) -> None:
    session = {"X-ChatBT-Session": "abcdefgh-and-more"}
    sent(engine, "POST", "/v1/completions", json={"prompt": ""}, headers=session)
    sent(engine, "GET", "/health", headers={**session, "Authorization": "Bearer no\n"[:9]})
    lines = home.audit.read_text().splitlines()
    assert any(line.endswith("connected abcdefgh") for line in lines)
    assert any("refused abcdefgh GET /health 401" in line for line in lines)
    assert home.audit.stat().st_mode & 0o077 == 0
