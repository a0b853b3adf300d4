"""Local servers that play the two organisations, in good days and bad ones."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Played:
    """What a server saw, and how it behaves next.

    `script` holds what to do with the coming calls, one entry each: a number is an HTTP status without a
    body, "slow" waits, "cut" closes the line without a word, "half" sends half of the answer,
    "cut after" does the work and closes the line, "rubbish" is no JSON.
    """

    def __init__(self):
        self.calls = []
        self.script = []
        self.claims = {}
        self.files = []
        self.logins = 0
        self.expired = False

    def next_trouble(self, path):
        """Return what goes wrong with this call, None for nothing."""
        return self.script.pop(0) if self.script and not path.endswith("/login") else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    played: Played
    slowness = 0.5

    def log_message(self, *_args):
        """Say nothing."""

    def do_GET(self):
        self._serve("GET")

    def do_POST(self):
        self._serve("POST")

    def do_PUT(self):
        self._serve("PUT")

    def do_DELETE(self):
        self._serve("DELETE")

    def _serve(self, method):
        length = int(self.headers.get("Content-Length", 0))
        data = self.rfile.read(length)
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.played.calls.append((method, parts.path, query, dict(self.headers), data))
        trouble = self.played.next_trouble(parts.path)
        if isinstance(trouble, int):
            return self._send(trouble, b"")
        if trouble == "slow":
            time.sleep(self.slowness)
        if trouble == "cut":
            return self._cut()
        status, answer = self.answer(method, parts.path, query, data)
        if trouble == "cut after":
            return self._cut()
        if trouble == "rubbish":
            return self._send(200, b"<html>Bonjour</html>")
        body = json.dumps(answer).encode() if answer is not None else b""
        if trouble == "half":
            self._head(status, len(body))
            self.wfile.write(body[: len(body) // 2])
            return self._cut()
        return self._send(status, body)

    def _cut(self):
        self.close_connection = True
        self.connection.close()

    def _send(self, status, body):
        self._head(status, len(body))
        self.wfile.write(body)

    def _head(self, status, length):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.end_headers()


class EcosystemHandler(_Handler):
    """Sessions, claims, files to pre-signed addresses."""

    def answer(self, method, path, query, data):
        played = self.played
        if path == "/login":
            played.logins += 1
            played.expired = False
            return 200, {"IdToken": f"token{played.logins}", "ExpiresIn": 3600}
        if path.startswith("/store/"):
            played.files.append((path, data))
            return 200, {}
        if played.expired or not self.headers.get("Authorization"):
            return 401, {"error": {"code": "401", "message": "expired"}}
        name = path.removeprefix("/reimbursement-claims").strip("/")
        if name == "new_claim":
            return self._created(json.loads(data))
        if not name:
            wanted = list(played.claims.values())
            return 200, [c for c in wanted if all(c.get(k) == v for k, v in query.items())]
        claim_id, _, verb = name.partition("/")
        claim = played.claims.get(claim_id)
        if claim is None:
            return 404, {"error": {"code": "CLAIMID", "message": "inconnu"}}
        if verb == "upload-file":
            host, port = self.server.server_address[:2]
            return 200, {"url": f"http://{host}:{port}/store/{json.loads(data)['FileType']}"}
        if verb == "confirm-claim":
            claim["RequestStatus"] = "Envoyé, en cours vérification"
        return 200, claim

    def _created(self, body):
        if not body.get("RepairerId"):
            problem = {"code": "REPAIRERID", "status": 400, "message": "REPAIRERID non valide"}
            return 400, {"error": problem}
        claim_id = f"C{len(self.played.claims) + 1}"
        number = body.get("PurchaseOrderByCustomer", "")
        self.played.claims[claim_id] = {
            "ClaimId": claim_id,
            "RequestStatus": "En cours de création",
            "PurchaseOrderByCustomer": number,
        }
        return 201, self.played.claims[claim_id]


class EcologicHandler(_Handler):
    """One envelope for everything; a new claim is never valid."""

    def answer(self, _method, path, query, data):
        if self.headers.get("api_key") != "secret":
            return 403, {"ResponseMessage": "forbidden"}
        call = path.rpartition("/")[2]
        told = getattr(self, f"_{call.lower()}")(query, json.loads(data or b"{}"))
        return 200, {"ResponseData": told, "IsValid": told["IsValid"], "ResponseStatus": "OK"}

    def _calculateecosupport(self, query, _body):
        paid = query.get("productId") == "TV"
        return {"IsValid": True, "SupportAmount": {"Amount": 60 if paid else 0, "Currency": "EUR"}}

    def _createsupportrequest(self, _query, body):
        missing = [n for n in ("IRISSymptom", "IRISRepair") if not body["Product"].get(n)]
        errors = [{"Field": n, "ErrorMessage": f"{n} est requis"} for n in missing]
        return {"RequestId": 77, "IsValid": not errors, "ValidationErrors": errors}

    def _createclaim(self, query, _body):
        self.played.claims["900"] = {"LastStatus": "NOTVALID", "query": query}
        wanted = {"Field": "", "ErrorMessage": "Des pièces jointes sont requises"}
        return {"ClaimId": 900, "IsValid": False, "ValidationErrors": [wanted]}

    def _attachfile(self, query, body):
        self.played.files.append((query["documentType"], body["FileContent"]))
        return {"IsValid": True}

    def _submitclaim(self, query, _body):
        self.played.claims[query["ClaimId"]]["LastStatus"] = "VALID"
        return {"ClaimId": int(query["ClaimId"]), "IsValid": True, "LastStatus": "VALID"}

    def _getclaimstatus(self, query, _body):
        status = self.played.claims[query["ClaimId"]]["LastStatus"]
        return {"ClaimId": int(query["ClaimId"]), "IsValid": True, "LastStatus": status}


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_args):
        """Say nothing: a caller that hangs up is what is played."""


@contextlib.contextmanager
def organisation(handler):
    """Start a server for the handler's organisation; yields its URL and what it plays."""
    played = Played()
    bound = type("Bound", (handler,), {"played": played})
    server = _Server(("127.0.0.1", 0), bound)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", played
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
