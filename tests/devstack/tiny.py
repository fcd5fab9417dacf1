"""A server that says all is well on the port it is given; with `die`, one that never lives."""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Ready(BaseHTTPRequestHandler):
    """Answers every GET."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()


if __name__ == "__main__":
    if sys.argv[1] == "die":
        sys.exit("no life in me")
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
