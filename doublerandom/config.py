"""Settings by environment (`DOUBLERANDOM_…`); the defaults work on one machine without a network."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LONGEST_ADDRESS = 255


class Settings(BaseSettings):
    """What an operator may set; docs/operators.md explains each for its reader."""

    model_config = SettingsConfigDict(env_prefix="DOUBLERANDOM_", env_file=".env", extra="ignore")

    data_dir: Path = Field(
        default=Path("var"), description="database, file store, keys; made for its owner alone"
    )
    database_url: str = Field(default="", description="SQLAlchemy address; empty: SQLite under data_dir")
    log_origin: str = Field(
        default="doublerandom.local/log", description="origin line of the public log's checkpoints"
    )
    base_url: str = Field(
        default="", description="address printed on pages and QR codes; empty: as the request says"
    )
    demo: bool = Field(default=False, description="marks every page as a demonstration")
    secure_cookies: bool = Field(default=False, description="cookies over HTTPS only; set it in production")
    proxies: int = Field(default=0, ge=0, description="reverse proxies in front that are believed")
    session_hours: int = Field(default=12, gt=0, description="how long a sign-in lasts")
    session_idle_minutes: int = Field(default=120, gt=0, description="a sign-in that is not used ends after")
    fresh_minutes: int = Field(
        default=15, gt=0, description="acts that sign or grant ask who it is again after so long"
    )
    second_factor_roles: str = Field(
        default="planner,supervisor,administrator",
        description="roles that cannot work without a second factor",
    )
    invitation_hours: int = Field(default=72, gt=0, description="validity of the link that opens an account")
    sign_in_attempts: int = Field(
        default=5, gt=0, description="failures within the window that lock a user name"
    )
    sign_in_window_minutes: int = Field(default=15, gt=0, description="the window of the lock-out")
    access_code_days: int = Field(default=365, gt=0, description="validity of an access code")
    enterprise_minutes: int = Field(
        default=30, gt=0, description="how long an enterprise stays signed in by OIDC"
    )
    oidc_issuer: str = Field(default="", description="identity provider; empty: sign-in by password only")
    oidc_client_id: str = Field(default="", description="name of this site at the identity provider")
    oidc_client_secret: str = Field(default="", repr=False, description="its secret there")
    oidc_label: str = Field(default="", description="what the button says; empty: a general name")
    oidc_claim: str = Field(default="preferred_username", description="claim that holds the user name")
    oidc_enterprise_claim: str = Field(default="", description="claim that holds an enterprise's code")
    oidc_second_factor: str = Field(
        default="", description="values of amr or acr that count as a second factor"
    )
    import_file_mb: int = Field(default=100, gt=0, description="largest file that may be uploaded for import")
    import_unpacked_mb: int = Field(default=1024, gt=0, description="largest workbook for import, unpacked")
    import_memory_mb: int = Field(
        default=4096, gt=0, description="memory (address space) of the process that reads a workbook"
    )
    calendar_reminder: str = Field(
        default="11-01",
        pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
        description="month and day from which next year's missing working-day calendar is a task",
    )
    witness_name: str = Field(
        default="", description="name under which this office cosigns others' logs; empty: <origin>/witness"
    )
    witnesses: str = Field(
        default="", description="who cosigns this log: pairs of address and key, divided by blanks"
    )
    stamp_url: str = Field(default="", description="RFC 3161 stamp server for checkpoints; empty: none")
    stamp_certificate: str = Field(
        default="", description="PEM file of the certificates trusted for stamps (root first, others after)"
    )
    outside_seconds: float = Field(
        default=5, gt=0, description="how long a witness or stamp server may take to answer"
    )
    smtp_host: str = Field(default="", description="mail server for messages; empty: no e-mail is sent")
    smtp_port: int = Field(default=25, gt=0, description="its port")
    smtp_security: str = Field(
        default="none", pattern=r"^(none|starttls|tls)$", description="none, starttls or tls"
    )
    smtp_user: str = Field(default="", description="name at the mail server; empty: none is asked for")
    smtp_password: str = Field(default="", repr=False, description="its password there")
    mail_from: str = Field(default="doublerandom@localhost", description="sender of e-mails")
    drand_relays: str = Field(
        default="https://api.drand.sh,https://api2.drand.sh,https://api3.drand.sh,https://drand.cloudflare.com",
        description="drand relays that are asked for due rounds, by commas; empty: no network",
    )
    drand_seconds: float = Field(
        default=5, gt=0, le=30, description="how long all relays together are waited for"
    )
    testing: bool = False

    @field_validator("drand_relays")
    @classmethod
    def _relays_are_addresses(cls, value: str) -> str:
        """Every relay is an http or https address, without user, question mark or fragment."""
        for relay in filter(None, map(str.strip, value.split(","))):
            parts = urlsplit(relay)
            if parts.scheme not in {"http", "https"} or not parts.hostname or len(relay) > LONGEST_ADDRESS:
                raise ValueError(f"a drand relay is an http or https address, not {relay!r}")
            if "@" in parts.netloc or parts.query or parts.fragment:
                raise ValueError(f"the address of a drand relay has no user, query or fragment: {relay!r}")
        return value

    @property
    def relays(self) -> tuple[str, ...]:
        """The drand relays, each once; none without a network."""
        found = (relay.strip().rstrip("/") for relay in self.drand_relays.split(","))
        return tuple(dict.fromkeys(filter(None, found)))

    @property
    def resolved_database_url(self) -> str:
        """The database address, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'doublerandom.db').absolute()}"

    @property
    def roles_with_second_factor(self) -> frozenset[str]:
        """Whoever holds one of these has a second factor or reaches nothing."""
        return frozenset(filter(None, map(str.strip, self.second_factor_roles.split(","))))

    @property
    def keys_dir(self) -> Path:
        """Where keys lie, outside the database."""
        return self.data_dir / "keys"

    @property
    def files_dir(self) -> Path:
        """Where the file store keeps files by hash."""
        return self.data_dir / "files"


def secret_from_file(path: Path, size: int = 32) -> bytes:
    """
    Random bytes kept in a file only its owner may read, made on first use.

    Two processes starting at once agree: whoever loses the race to create the file reads the winner's. File
    and folder are on the disk before the secret is used: a power cut must not leave an empty key.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    if not path.exists():
        fresh.touch(mode=0o600)
        try:
            with fresh.open("w") as file:
                file.write(secrets.token_bytes(size).hex() + "\n")
                file.flush()
                os.fsync(file.fileno())
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        _sync_folder(path.parent)
    return bytes.fromhex(path.read_text().strip())


def _sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, and the folder's own name."""
    for place in (folder, folder.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
