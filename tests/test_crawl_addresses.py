"""Which addresses a crawler may connect to, and that it connects to the one that was checked."""

import ipaddress
import time

import httpcore
import pytest

from finetune.crawl.addresses import PRIVATE, AddressRefused, GuardedBackend, checked, permitted

INWARD = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.3.4", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.100.100.200", "168.63.129.16",
    "192.0.0.192", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fc00::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.1.1.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1", "ff02::1", "not an address",
]  # fmt: skip
PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INWARD)
def test_an_inward_address_is_refused(address: str) -> None:
    assert not permitted(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_permitted(address: str) -> None:
    assert permitted(address)


def test_private_networks_open_on_request_but_metadata_services_do_not() -> None:
    assert permitted("127.0.0.1", PRIVATE)
    assert permitted("192.168.1.9", PRIVATE)
    assert permitted("::1", PRIVATE)
    assert not permitted("169.254.169.254", PRIVATE)
    assert not permitted("fe80::1", PRIVATE)
    assert not permitted("168.63.129.16", PRIVATE)
    assert not permitted("fd00:ec2::254", PRIVATE)


def test_only_the_named_network_opens() -> None:
    only = [ipaddress.ip_network("192.168.1.0/24")]
    assert permitted("192.168.1.9", only)
    assert not permitted("192.168.2.9", only)
    assert not permitted("127.0.0.1", only)


def test_a_host_with_one_inward_address_among_public_ones_is_refused_with_the_cure() -> None:
    with pytest.raises(AddressRefused, match=r"shop\.example is at 10\.0\.0\.5.*--allow-private"):
        checked("shop.example", 80, (), lambda host, port: ["8.8.8.8", "10.0.0.5"])


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost", "0177.0.0.1"])
def test_other_spellings_of_this_machine_are_refused(host: str) -> None:
    with pytest.raises((AddressRefused, OSError)):
        checked(host, 80)


class Wire(httpcore.NetworkBackend):
    """Remembers where connections go."""

    def __init__(self) -> None:
        self.to: list[str] = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):  # type: ignore[no-untyped-def]
        self.to.append(host)
        return httpcore.MockStream([b"HTTP/1.1 200 OK\r\n", b"Content-Length: 2\r\n\r\nok"])


def test_a_name_whose_answer_changes_is_connected_to_where_it_was_checked() -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    wire, asked = Wire(), []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    backend = GuardedBackend(lookup=rebinding, network=wire)
    with httpcore.ConnectionPool(network_backend=backend) as pool:
        assert pool.request("GET", "http://shop.example/").content == b"ok"
    assert (wire.to, asked) == (["8.8.8.8"], ["shop.example"])
    with httpcore.ConnectionPool(network_backend=backend) as pool, pytest.raises(AddressRefused):
        pool.request("GET", "http://shop.example/")
    assert wire.to == ["8.8.8.8"]


def test_the_next_address_is_tried_when_the_first_does_not_answer() -> None:
    class Half(Wire):
        def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):  # type: ignore[no-untyped-def]
            stream = super().connect_tcp(host, port)
            if host == "8.8.8.8":
                raise httpcore.ConnectError("down")
            return stream

    wire = Half()
    GuardedBackend(lookup=lambda host, port: ["8.8.8.8", "8.8.4.4"], network=wire).connect_tcp("shop.example", 80)
    assert wire.to == ["8.8.8.8", "8.8.4.4"]


def test_nothing_is_read_after_the_deadline() -> None:
    backend = GuardedBackend(lookup=lambda host, port: ["8.8.8.8"], network=Wire())
    stream = backend.connect_tcp("shop.example", 80)
    backend.deadline = time.monotonic() - 1
    with pytest.raises(httpcore.ReadTimeout):
        stream.read(10)


def test_local_sockets_stay_closed() -> None:
    with pytest.raises(AddressRefused):
        GuardedBackend().connect_unix_socket("/run/x.sock")
