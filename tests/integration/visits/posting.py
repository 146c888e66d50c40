"""What a device does: make ids, post, read the receipt."""

import http.client
import json
import time
from contextlib import closing

from fangxian.core.ids import uuid7


def scan(**given) -> dict:
    """A visit that began a minute ago."""
    made = {"visit_id": uuid7(), "person": uuid7(), "place": uuid7(), "entered_at": int(time.time()) - 60, **given}
    return {name: str(value) if name in ("visit_id", "person", "place") else value for name, value in made.items()}


def post(port: int, token: str | None, body: object, *, method: str = "POST", path: str = "/ingest/visits", **headers):
    """(status, answer, headers) of one request."""
    raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(method, path, raw, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()), dict(answer.getheaders())
