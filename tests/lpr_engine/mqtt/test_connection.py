"""Who may connect and how: passwords, certificates, versions of the protocol."""

import contextlib
import subprocess
import threading

import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from lpr_engine.model.errors import MqttError
from lpr_engine.mqtt.address import BrokerAddress, TlsChoice
from lpr_engine.mqtt.connection import Connection, ProtocolRefusedError
from lpr_engine.mqtt.messages import Will
from lpr_engine.mqtt.patience import Patience

SECRET = "correct horse battery"
V5 = MQTTProtocolVersion.MQTTv5
V3 = MQTTProtocolVersion.MQTTv311


@pytest.fixture
def make_connection():
    made = []

    def make(port, protocol=V5, **fields):
        address = BrokerAddress("localhost", port, "lpr_test", **fields)
        patience = Patience(connect_timeout_s=2.0)
        connection = Connection(
            address, Will("lpr/test/status", b"offline"), protocol, patience, lambda: None
        )
        made.append(connection)
        return connection

    yield make
    for connection in made:
        connection.close()


@pytest.fixture
def password_broker(make_broker, tmp_path):
    passwords = tmp_path / "passwords"
    passwords.touch(mode=0o600)
    subprocess.run(
        ["mosquitto_passwd", "-b", str(passwords), "engine", SECRET], check=True, timeout=30
    )
    return make_broker("allow_anonymous false", f"password_file {passwords}")


@pytest.mark.parametrize("protocol", [V5, V3])
def test_password(password_broker, make_connection, protocol):
    connection = make_connection(password_broker.port, protocol, username="engine", password=SECRET)
    connection.open()
    assert connection.lost is None


@pytest.mark.parametrize("protocol", [V5, V3])
@pytest.mark.parametrize("fields", [{}, {"username": "engine", "password": "guess-work"}])
def test_wrong_or_no_password(password_broker, make_connection, protocol, fields):
    with pytest.raises(MqttError, match="refuses the connection: Not authorized") as caught:
        make_connection(password_broker.port, protocol, **fields).open()
    assert not isinstance(caught.value, ProtocolRefusedError)
    assert "guess-work" not in str(caught.value)


def test_secrets_are_in_no_repr(tmp_path):
    address = BrokerAddress("h", 1, "c", "engine", SECRET, TlsChoice(key_file=tmp_path / "k"))
    assert SECRET not in repr(address)
    assert str(tmp_path) not in repr(address)


def test_nobody_listens(make_connection, broker):
    broker.kill()
    with pytest.raises(MqttError, match="cannot be reached"):
        make_connection(broker.port).open()


def test_unknown_host(make_connection):
    address = BrokerAddress("no-such-host.invalid", 1883, "lpr_test")
    connection = Connection(address, Will("t", b""), V5, Patience(), lambda: None)
    with pytest.raises(MqttError, match=r"no-such-host\.invalid:1883 cannot be reached"):
        connection.open()


def test_broker_that_never_answers(make_connection, broker):
    broker.pause()
    with pytest.raises(MqttError, match="does not answer"):
        make_connection(broker.port).open()
    broker.resume()


@pytest.fixture
def strange_server():
    """A server that answers each connection with given bytes and hangs up."""
    import socket

    server = socket.create_server(("127.0.0.1", 0))
    answers = []

    def serve():
        while True:
            try:
                near, _ = server.accept()
            except OSError:
                return
            with near, contextlib.suppress(OSError):
                near.recv(1024)
                near.sendall(answers[0])
                near.shutdown(socket.SHUT_WR)
                near.recv(1024)

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1], answers
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"",  # hangs up, as brokers before 3.1.1 did
        b"\x20\x02\x00\x01",  # 3.1.1's "unacceptable protocol version"
        b"\x20\x03\x00\x84\x00",  # 5's
    ],
)
def test_broker_that_knows_no_mqtt_5(strange_server, make_connection, answer):
    port, answers = strange_server
    answers.append(answer)
    with pytest.raises(ProtocolRefusedError):
        make_connection(port).open()


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x20\x03\x00\x77\x00", b"\x00" * 40]
)
def test_something_that_is_no_broker(strange_server, make_connection, answer):
    port, answers = strange_server
    answers.append(answer)
    with pytest.raises(MqttError):
        make_connection(port).open()


class Certificates:
    """A small authority, a server's certificate and a client's, made by openssl."""

    def __init__(self, directory):
        self.directory = directory
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                      "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem")  # fmt: skip
        self._issue("server", "subjectAltName=DNS:localhost")
        self._issue("stranger", "subjectAltName=DNS:elsewhere.invalid")
        self._issue("client", "extendedKeyUsage=clientAuth")

    def __getitem__(self, name):
        return self.directory / name

    def _issue(self, name, extension):
        (self.directory / f"{name}.ext").write_text(extension)
        self._openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
                      "-keyout", f"{name}.key", "-out", f"{name}.csr")  # fmt: skip
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                      "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext",
                      "-out", f"{name}.pem")  # fmt: skip

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.directory, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def make_tls_broker(make_broker, certificates):
    def make(name="server", *lines):
        return make_broker(
            "allow_anonymous true",
            f"cafile {certificates['ca.pem']}",
            f"certfile {certificates[f'{name}.pem']}",
            f"keyfile {certificates[f'{name}.key']}",
            *lines,
        )

    return make


def test_tls_with_our_authority(make_tls_broker, certificates, make_connection):
    tls = TlsChoice(ca_file=certificates["ca.pem"])
    connection = make_connection(make_tls_broker().port, tls=tls)
    connection.open()
    assert connection.lost is None


def test_tls_with_an_unknown_authority(make_tls_broker, make_connection):
    with pytest.raises(MqttError, match="CERTIFICATE_VERIFY_FAILED"):
        make_connection(make_tls_broker().port, tls=TlsChoice()).open()


def test_tls_with_another_hosts_certificate(make_tls_broker, certificates, make_connection):
    tls = TlsChoice(ca_file=certificates["ca.pem"])
    with pytest.raises(MqttError, match="CERTIFICATE_VERIFY_FAILED"):
        make_connection(make_tls_broker("stranger").port, tls=tls).open()


def test_tls_insecure_takes_any_certificate(make_tls_broker, make_connection):
    connection = make_connection(make_tls_broker("stranger").port, tls=TlsChoice(insecure=True))
    connection.open()
    assert connection.lost is None


def test_client_certificate(make_tls_broker, certificates, make_connection):
    broker = make_tls_broker("server", "require_certificate true")
    tls = TlsChoice(certificates["ca.pem"], certificates["client.pem"], certificates["client.key"])
    connection = make_connection(broker.port, tls=tls)
    connection.open()
    assert connection.lost is None


def test_client_certificate_is_missing(make_tls_broker, certificates, make_connection):
    broker = make_tls_broker("server", "require_certificate true")
    with pytest.raises(MqttError):
        make_connection(broker.port, tls=TlsChoice(ca_file=certificates["ca.pem"])).open()


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"ca_file": "none.pem"}, "CA file .*none.pem cannot be used"),
        ({"ca_file": "ca.key"}, "CA file .*ca.key cannot be used"),
        ({"certificate_file": "none.pem"}, "client certificate .*none.pem cannot be used"),
        ({"certificate_file": "client.pem"}, "client certificate .*client.pem cannot be used"),
    ],
)
def test_unusable_files_are_named(certificates, make_connection, broker, choice, words):
    tls = TlsChoice(**{key: certificates[name] for key, name in choice.items()})
    with pytest.raises(MqttError, match=words):
        make_connection(broker.port, tls=tls).open()


def test_plain_client_at_a_tls_broker(make_tls_broker, make_connection):
    with pytest.raises(MqttError):
        make_connection(make_tls_broker().port).open()


def test_messages_beyond_the_brokers_window_wait_their_turn(make_broker, make_connection):
    broker = make_broker("allow_anonymous true")
    text = broker.config.read_text().replace(
        "max_inflight_messages 1000", "max_inflight_messages 3"
    )
    broker.kill()
    broker.config.write_text(text)
    broker.start()
    connection = make_connection(broker.port)
    connection.open()
    tickets = [connection.publish("t", b"x", 1) for _ in range(30)]

    receipts = []
    while len(receipts) < 30:
        assert connection.lost is None
        receipts += connection.take_receipts()
    assert [receipt.message for receipt in receipts] == tickets
    assert not any(receipt.refusal for receipt in receipts)
