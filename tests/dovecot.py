"""A real IMAP server for tests: Dovecot in a temporary folder, on the loopback."""

from __future__ import annotations

import datetime
import ipaddress
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import free_ports

START_SECONDS = 30.0
STOP_SECONDS = 30.0
PASSWORD = "a-password-of-the-tests"
_SERVANT = "dovecot"  # the server refuses to read anybody's mail as root
_CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
ssl = required
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
mail_max_userip_connections = 50
first_valid_uid = 1
default_internal_user = {servant}
default_login_user = {login}
default_internal_group = {group}
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={servant} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
"""
# Tokens are good that the service at this port says to be good (RFC 7662).
_OAUTH = """
introspection_mode = post
introspection_url = http://127.0.0.1:{port}/introspect
username_attribute = username
active_attribute = active
active_value = true
"""


class MissingServerError(RuntimeError):
    """There is no Dovecot on this machine; the message says what to install."""


class DovecotServer:
    """A server that anybody may sign in to with the one password; TLS from the first byte.

    Attributes:
        port: Where it is.
        token_port: Where it asks whether an access token is good.
    """

    def __init__(self) -> None:
        self.port, self.token_port = free_ports(2)
        self.folder = Path(tempfile.mkdtemp(prefix="attune-dovecot-"))
        self.certificate = self.folder / "certificate.pem"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def key(self) -> Path:
        return self.folder / "key.pem"

    def start(self) -> None:
        """Write what it needs, and serve."""
        program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None:
            raise MissingServerError(
                "These tests need Dovecot. Install it with `apt-get install dovecot-imapd`, or "
                "leave such tests out with `-m 'not services'`."
            )
        if not self.certificate.exists():
            self._prepare()
        command = [program, "-F", "-c", str(self.folder / "dovecot.conf")]
        with (self.folder / "output").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self._wait()

    def stop(self) -> None:
        """End the server; mail stays."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(STOP_SECONDS)
            self._process = None

    def remove(self) -> None:
        """Leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _prepare(self) -> None:
        servant = login = pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            servant, login = _SERVANT, "dovenull"
        owner = pwd.getpwnam(servant)
        for name in ("run", "mail"):
            (self.folder / name).mkdir()
        make_certificate(self.certificate, self.key)
        configuration = _CONFIGURATION.format(
            folder=self.folder, servant=servant, login=login, port=self.port, password=PASSWORD,
            group=_group(owner.pw_gid),
        )  # fmt: skip
        (self.folder / "dovecot.conf").write_text(configuration, encoding="utf-8")
        oauth = _OAUTH.format(port=self.token_port)
        (self.folder / "oauth2.conf").write_text(oauth, encoding="utf-8")
        if os.getuid() == 0:
            self.folder.chmod(0o755)
            os.chown(self.folder / "mail", owner.pw_uid, owner.pw_gid)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self._process is not None
                if self._process.poll() is not None or time.monotonic() > deadline:
                    logs = [self.folder / "output", self.folder / "log"]
                    words = "\n".join(log.read_text() for log in logs if log.exists())
                    raise AssertionError(words) from None
                time.sleep(0.02)


def _group(number: int) -> str:
    import grp

    return grp.getgrgid(number).gr_name


def make_certificate(certificate: Path, key: Path) -> None:
    """Write a certificate for 127.0.0.1 that vouches for itself, and its key."""
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = secret.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key.write_bytes(private)
    key.chmod(0o600)
