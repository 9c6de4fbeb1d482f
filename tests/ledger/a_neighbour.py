"""Servers on loopback that tests talk to: another office's whole site, a stamp authority."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.serving import make_server

from doublerandom.config import Settings

AUTHORITY = """\
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@contextmanager
def served(app: Callable) -> Iterator[str]:
    """A real server on a loopback port; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def another_office(folder: Path, template: Path) -> Iterator[tuple[Flask, Settings, str]]:
    """Another office's whole site with a database of its own, served; app, settings, address."""
    from doublerandom.app import create_app
    from doublerandom.web import db

    folder.mkdir()
    (folder / "doublerandom.db").write_bytes(template.read_bytes())
    house = Settings(data_dir=folder, log_origin="other.test/dr", testing=True, _env_file=None)
    app = create_app(house)
    with served(app) as address:
        yield app, house, address
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def an_authority(folder: Path) -> Flask:
    """A stamp authority that `openssl ts` answers for; its root is `ca.pem` in the folder."""
    folder.mkdir()
    run = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    root = ["-keyout", "ca.key", "-out", "ca.pem", "-days", "3000", "-subj", "/CN=Root of stamps"]
    usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
    _quietly([*run, *root, *usage], folder)
    leaf = ["-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", "tsa.key", "-out", "tsa.pem", "-days", "3000"]
    leaf += ["-subj", "/CN=Stamps", "-addext", "basicConstraints=critical,CA:FALSE"]
    leaf += ["-addext", "extendedKeyUsage=critical,timeStamping"]
    leaf += ["-addext", "keyUsage=critical,digitalSignature"]
    _quietly([*run, *leaf], folder)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(AUTHORITY.format(folder=folder))
    app = Flask("authority")

    @app.post("/")
    def stamp() -> Response:
        (folder / "query").write_bytes(request.get_data())
        _quietly(
            ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "answer"], folder
        )
        return Response((folder / "answer").read_bytes(), mimetype="application/timestamp-reply")

    return app


def _quietly(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
