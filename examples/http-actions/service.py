"""A parcel service to try HTTP actions on: python service.py [PORT]. It knows the parcels P1001 and P1002."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "example-key"
PARCELS: dict[str, dict[str, Any]] = {
    "P1001": {"number": "P1001", "state": "MOVING", "eta": "2026-06-20"},
    "P1002": {"number": "P1002", "state": "HOME", "eta": "2026-06-12"},
}
DONE: dict[str, Any] = {}
"""Answers by idempotency key: a request that comes again has no second effect."""


class Handler(BaseHTTPRequestHandler):
    """Answers in JSON."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A parcel, or 404."""
        self._answer(*self._find(self.path.split("/")))

    def do_POST(self) -> None:
        """Holds a parcel that is on its way."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers.get("Idempotency-Key", "")
        status, parcel = self._find(self.path.split("/"))
        if status == 200 and parcel["state"] == "HOME":
            status, parcel = 409, {"error": "it was delivered already"}
        elif status == 200 and key not in DONE:
            print(f"holding {parcel['number']} until {body['until']}", flush=True)
            DONE[key] = {"until": body["until"]}
        self._answer(status, DONE[key] if status == 200 else parcel)

    def _find(self, parts: list[str]) -> tuple[int, dict[str, Any]]:
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return 401, {"error": "the key is missing"}
        found = PARCELS.get(parts[2]) if len(parts) > 2 and parts[1] == "parcels" else None
        return (200, found) if found else (404, {"error": "there is no such parcel"})

    def _answer(self, status: int, data: Any) -> None:
        out = json.dumps(data).encode()
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the server's
        """Says nothing of each request."""


def main() -> None:
    """Serves until it is stopped."""
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8765), Handler)
    print(f"parcels at http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
