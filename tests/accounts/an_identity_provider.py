"""An identity provider on loopback: OpenID Connect with PKCE and RS256, told what to say and how to lie."""

import base64
import hashlib
import json
import secrets
import threading
import time
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import WSGIRequestHandler, make_server

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, SECRET = "doublerandom", "a secret of the client"


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class IdentityProvider:
    """What it says of whoever comes (`claims`); `lies` changes the token it gives out."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims, self.lies, self.asked, self.signs = {}, {}, {}, self.key
        self.issuer = ""

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        status, told = self.answer(environ["PATH_INFO"], parse_qs(environ["QUERY_STRING"]), parse_qs(body))
        headers = [("Content-Type", "application/json")]
        if status.startswith("302"):
            headers, told = [("Location", told)], ""
        start_response(status, headers)
        return [(told if isinstance(told, str) else json.dumps(told)).encode()]

    def answer(self, path, query, form):
        if path == "/.well-known/openid-configuration":
            return "200 OK", {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        if path == "/keys":
            numbers = self.key.public_key().public_numbers()
            modulus, exponent = (
                b64(n.to_bytes((n.bit_length() + 7) // 8, "big")) for n in (numbers.n, numbers.e)
            )
            return "200 OK", {"keys": [{"kty": "RSA", "kid": "1", "use": "sig", "n": modulus, "e": exponent}]}
        if path == "/authorize":
            code = secrets.token_hex(8)
            self.asked[code] = {name: values[0] for name, values in query.items()}
            back = {"code": code, "state": query["state"][0]}
            return "302 Found", f"{query['redirect_uri'][0]}?{urlencode(back)}"
        return self.token({name: values[0] for name, values in form.items()})

    def token(self, form):
        asked = self.asked.pop(form.get("code", ""), None)
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or asked.get("code_challenge") != challenge:
            return "400 Bad Request", {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300}
        claims |= {"auth_time": now, "nonce": asked["nonce"], **self.claims, **self.lies}
        return "200 OK", {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(claims)}

    def signed(self, claims):
        head = b64(json.dumps({"alg": "RS256", "kid": "1"}).encode())
        text = f"{head}.{b64(json.dumps(claims).encode())}"
        return f"{text}.{b64(self.signs.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_facts):
        pass


@contextmanager
def identity_provider():
    """The provider, served on a free port of this machine."""
    provider = IdentityProvider()
    server = make_server("127.0.0.1", 0, provider, handler_class=_Quiet)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
