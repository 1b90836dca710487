"""Connections to public addresses only: the name is resolved once, every address is checked, and the checked one is connected to.

So neither a redirect, nor a name that points inwards, nor one whose answer changes between check and connection (DNS
rebinding) reaches a private network. Knows nothing of HTTP.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

PRIVATE: tuple[Network, ...] = tuple(
    ipaddress.ip_network(n) for n in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)  # fmt: skip
"""What `--allow-private` without a network opens. Link-local and metadata addresses are not among them."""

_CLOSED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(n)
    for n in (
        "0.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/3",
        "::/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::/32",
    )
)  # fmt: skip
"""Never a shop: shared, link-local, test and multicast ranges, among them the clouds' metadata services (one of which,
168.63.129.16, lies in public space)."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(OSError):
    """The name or address lies where a crawler has no business; the message says which, and the cure."""


def inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (mapped, 6to4, NAT64); else the address itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or address.sixtofour:
            return address.ipv4_mapped or address.sixtofour or address
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def permitted(text: str, allow: Iterable[Network] = ()) -> bool:
    """Whether an IP address may be connected to: public, or in one of `allow`. What is closed for everyone (metadata services)
    opens only for a network that lies inside the closed range, so named on purpose."""
    try:
        address = inner(ipaddress.ip_address(text.split("%")[0]))
    except ValueError:
        return False
    opened = [network for network in allow if _holds(network, address)]
    closed = [network for network in _CLOSED if _holds(network, address)]
    if closed:
        return any(network.prefixlen >= shut.prefixlen for network in opened for shut in closed)
    return bool(opened) or address.is_global


def _holds(network: Network, address: Address) -> bool:
    return network.version == address.version and address in network


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order, without repeats. Raises OSError (socket.gaierror)."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked(host: str, port: int, allow: Iterable[Network] = (), lookup: Resolve = resolve) -> list[str]:
    """The addresses of a host, when all of them may be connected to; one that may not closes the host.

    Raises AddressRefused; OSError when the name is not found.
    """
    allow = tuple(allow)
    addresses = list(lookup(host, port))
    bad = [address for address in addresses if not permitted(address, allow)]
    if bad or not addresses:
        raise AddressRefused(
            f"{host} is at {bad[0] if bad else 'no address'}, which is no public address; if it is your own server, pass --allow-private"
        )
    return addresses


class _Timed(httpcore.NetworkStream):
    """A connection whose every read and write must end before the backend's deadline, however the bytes drip in."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[float | None], float | None]) -> None:
        self._stream, self._left = stream, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> "_Timed":
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """httpcore's way to the network, over checked addresses. TLS still checks the certificate against the host's name.

    `deadline` (time.monotonic seconds) bounds whatever is under way; None does not.
    """

    def __init__(
        self,
        allow: Iterable[Network] = (),
        lookup: Resolve = resolve,
        network: httpcore.NetworkBackend | None = None,
    ) -> None:
        self.allow, self.lookup = tuple(allow), lookup
        self.network = network or httpcore.SyncBackend()
        self.deadline: float | None = None

    def _left(self, timeout: float | None) -> float | None:
        if self.deadline is None:
            return timeout
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the answer took too long as a whole")
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = checked(host, port, self.allow, self.lookup)
        except AddressRefused:
            raise
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} is not found ({error})") from error
        failure: Exception | None = None
        for address in addresses:
            try:
                stream = self.network.connect_tcp(address, port, self._left(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Timed(stream, self._left)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        raise AddressRefused("a crawler opens no local sockets")

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
