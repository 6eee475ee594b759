"""Where the broker is, and how we prove who we are and who it is."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path

from lpr_engine.config.sections import MqttSection
from lpr_engine.model.errors import MqttError


class _TidySocket(ssl.SSLSocket):
    """A socket that is closed when its handshake fails; the network library forgets to."""

    def do_handshake(self, block: bool = False) -> None:
        """Agree with the broker on keys."""
        try:
            super().do_handshake(block)
        except (OSError, ValueError):
            self.close()
            raise


@dataclass(frozen=True, slots=True)
class TlsChoice:
    """How a connection is encrypted; `insecure` takes any certificate for the broker's."""

    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = field(default=None, repr=False)
    insecure: bool = False

    def context(self) -> ssl.SSLContext:
        """The context for one connection, read anew so that renewed certificates are used.

        Raises:
            MqttError: a file is missing or not what it should be.
        """
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
        except OSError as err:
            raise MqttError(f"CA file {self.ca_file} cannot be used: {err}") from err
        context.sslsocket_class = _TidySocket
        if self.certificate_file is not None:
            self._load_certificate(context, self.certificate_file)
        if self.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _load_certificate(self, context: ssl.SSLContext, certificate_file: Path) -> None:
        # The empty password keeps OpenSSL from asking for one on the terminal.
        try:
            context.load_cert_chain(certificate_file, self.key_file, password="")
        except OSError as err:
            raise MqttError(f"client certificate {certificate_file} cannot be used: {err}") from err


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """All that a connection needs to reach its broker."""

    host: str
    port: int
    client_id: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: TlsChoice | None = None

    @classmethod
    def of(cls, section: MqttSection, host: str, engine: str) -> BrokerAddress:
        """The address that the configuration names."""
        tls = TlsChoice(
            section.ca_file, section.certificate_file, section.key_file, section.tls_insecure
        )
        return cls(
            host,
            section.port,
            section.client_id or f"lpr_{engine}",
            section.username,
            section.password,
            tls if section.tls else None,
        )

    @property
    def display(self) -> str:
        """Host and port, for logs and errors."""
        return f"{self.host}:{self.port}"
