"""Where a request may go: allowed hosts, addresses that were checked, also after redirects and when names change."""

from __future__ import annotations

import ssl
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from convagent.errors import ActionError
from convagent.outbound.guard import Guard, host_fault, network_fault, redirected, split_url

if TYPE_CHECKING:
    from tests.actions.http_actions.conftest import Caller, Service

GET = '[actions.get]\nkind = "lookup"\nrequest = { url = "/x" }\n'
TLS = Path(__file__).parent / "tls"


def _head(url: str, *, hosts: str = "", networks: str = "") -> str:
    return f'[service]\nurl = "{url}"\nhosts = [{hosts}]\nprivate_networks = [{networks}]\n'


def _guard(host: str, *addresses: str, networks: tuple[str, ...] = ()) -> None:
    guard = Guard.of((host,), networks, lambda _host, _port: addresses)
    target = split_url(f"https://{host}/")
    guard.check(target)
    guard.addresses(target, until=time.monotonic() + 5)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "169.254.1.1", "100.64.0.1",
     "100.100.100.200", "168.63.129.16", "192.0.0.192", "0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1",
     "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
     "2002:7f00:1::", "2002:a9fe:a9fe::1", "::127.0.0.1", "2001:db8::1", "2001:0:4136:e378:8000:63bf:80ff:fffe"],
)  # fmt: skip
def test_no_address_that_is_not_public_is_connected_to(address: str) -> None:
    with pytest.raises(ActionError, match="not public"):
        _guard("api.example.com", address)
    with pytest.raises(ActionError, match="not public"):
        _guard("api.example.com", "93.184.216.34", address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"]
)
def test_public_addresses_are(address: str) -> None:
    _guard("api.example.com", address)


def test_a_private_network_may_be_named_and_its_metadata_service_only_by_itself() -> None:
    _guard("api.example.com", "10.1.2.3", networks=("10.0.0.0/8",))
    _guard("api.example.com", "::ffff:10.1.2.3", networks=("10.0.0.0/8",))
    with pytest.raises(ActionError, match="not public"):
        _guard("api.example.com", "169.254.169.254", networks=("169.254.0.0/16",))
    _guard("api.example.com", "169.254.169.254", networks=("169.254.169.254/32",))


def test_the_hosts_that_a_file_names_are_all_that_may_be_called() -> None:
    guard = Guard.of(("api.example.com", "*.shops.example", "db.example:8443"), ())
    for good in (
        "https://api.example.com/",
        "https://API.Example.com./",
        "https://a.shops.example/",
        "https://db.example:8443/",
    ):
        guard.check(split_url(good))
    bad = (
        "https://example.com/", "https://api.example.com:22/", "https://api.example.com.evil.example/", "https://shops.example/",
        "https://db.example/", "https://evilshops.example/", "https://127.0.0.1/",
    )  # fmt: skip
    for url in bad:
        with pytest.raises(ActionError, match="allowed hosts"):
            guard.check(split_url(url))


@pytest.mark.parametrize(
    "url",
    ["https://user:pass@api.example.com/", "https://api.example.com\\@evil.example/", "file:///etc/passwd", "gopher://x/",
     "https:///x", "https://api.example.com:0/", "https://api.example.com:99999/", "https://a b/", "https://[::1/", "//x/y",
     "https://api.example.com/\r\nX: y", "https://-a-.example/", "https://" + "a" * 300 + ".example/"],
)  # fmt: skip
def test_addresses_that_can_be_read_in_two_ways_are_not_read(url: str) -> None:
    with pytest.raises(ActionError):
        split_url(url)


def test_addresses_in_place_of_names_are_compared_as_such() -> None:
    guard = Guard.of(("[2001:db8::1]:8443", "2001:db8::2", "[2001:db8::3]"), ())
    for good in ("https://[2001:db8::1]:8443/", "https://[2001:db8::2]/", "https://[2001:DB8::3]:443/"):
        guard.check(split_url(good))
    for bad in ("https://[2001:db8::1]/", "https://[2001:db8::4]/"):
        with pytest.raises(ActionError):
            guard.check(split_url(bad))
    assert host_fault("[2001:db8::1]:8443") is None
    assert host_fault("[2001:db8::1]:port")


def test_hosts_and_networks_that_allow_everything_are_faults() -> None:
    assert host_fault("*.com")
    assert host_fault("*")
    assert host_fault("https://api.example.com/x")
    assert host_fault("api.example.com:70000")
    assert host_fault("api.example.com") is None
    assert network_fault("0.0.0.0/0")
    assert network_fault("10.0.0.1/8")
    assert network_fault("10.0.0.0/8") is None


def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(caller: Caller) -> None:
    caller.resolve = lambda _host, _port: ("127.0.0.1",)
    port = caller.service.port
    done = caller(GET, head=_head(f"https://api.example.com:{port}"))
    assert done.result.status == "failed"
    assert "not public" in done.result.error
    assert caller.service.asked == []


def test_the_address_that_was_checked_is_the_one_that_is_called(caller: Caller) -> None:
    answers = [("127.0.0.1",), ("10.255.255.1",)]
    caller.resolve = lambda _host, _port: answers.pop(0)
    head = _head(f"http://api.example.com:{caller.service.port}", networks='"127.0.0.1/32"')
    assert caller(GET, head=head).result.status == "done"
    assert caller.service.asked[0].headers["host"] == f"api.example.com:{caller.service.port}"
    assert len(answers) == 1, "it was looked up once: a second answer could have been another"
    assert caller(GET, head=head).result.status == "failed", "at the next call the name leads elsewhere"
    assert len(caller.service.asked) == 1


def test_without_encryption_only_a_named_network_is_called(caller: Caller) -> None:
    caller.resolve = lambda _host, _port: ("93.184.216.34",)
    done = caller(GET, head=_head("http://api.example.com", networks='"127.0.0.1/32"'))
    assert "without encryption" in done.result.error


def test_a_redirect_is_followed_only_where_requests_may_go(caller: Caller, service: Service) -> None:
    secret = GET.replace('url = "/x"', 'url = "/x", headers = { Authorization = "Bearer {{ env.KEY }}" }')
    service.says((302, {"Location": "/y?a=1"}, b""), {"ok": 1})
    assert caller(secret).result.status == "done"
    assert [asked.path for asked in service.asked] == ["/x", "/y?a=1"]
    assert service.asked[1].headers["authorization"] == "Bearer s3cret-key"
    for location in (
        "http://169.254.169.254/latest/meta-data/", f"http://localhost:{service.port}/", f"http://[::1]:{service.port}/", "file:///etc/passwd",
        "http://2130706433/", "//evil.example/", "http://user@127.0.0.1/", "\\\\evil", "http://[", "http://127.0.0.1:1/",
    ):  # fmt: skip
        service.asked.clear()
        service.says((302, {"Location": location}, b""), {"ok": 1})
        assert caller(GET).result.status == "failed", location
        assert all(asked.path.startswith(("/x", "/%5C", "/\\")) for asked in service.asked), location


def test_a_redirect_to_an_allowed_host_that_leads_inside_is_refused(caller: Caller, service: Service) -> None:
    caller.resolve = lambda host, _port: ("127.0.0.1",) if host == "a.example" else ("10.0.0.5",)
    port = service.port
    service.says((302, {"Location": f"http://b.example:{port}/"}, b""))
    head = _head(f"http://a.example:{port}", hosts=f'"a.example:{port}", "b.example:{port}"', networks='"127.0.0.1/32"')
    done = caller(GET, head=head)
    assert "not public" in done.result.error
    assert len(service.asked) == 1


def test_a_secret_does_not_travel_to_another_host(caller: Caller, service: Service) -> None:
    caller.resolve = lambda _host, _port: ("127.0.0.1",)
    port = service.port
    service.says((307, {"Location": f"http://b.example:{port}/z"}, b""), {"ok": 1})
    head = _head(f"http://a.example:{port}", hosts=f'"a.example:{port}", "b.example:{port}"', networks='"127.0.0.1/32"')
    text = GET.replace('url = "/x"', 'url = "/x", headers = { X-Key = "{{ env.KEY }}" }')
    assert caller(text, head=head).result.status == "done"
    assert service.asked[1].headers["host"] == f"b.example:{port}"
    assert "x-key" not in service.asked[1].headers


def test_redirects_end(caller: Caller, service: Service) -> None:
    service.says((302, {"Location": "/x"}, b""))
    assert caller(GET).result.status == "failed"
    assert len(service.asked) == 4


def test_a_redirect_never_gives_up_encryption() -> None:
    with pytest.raises(ActionError, match="https to http"):
        redirected(split_url("https://a.example/"), "http://a.example/")


def test_a_write_follows_no_redirect(caller: Caller, service: Service) -> None:
    service.says((307, {"Location": "/y"}, b""), {"ok": 1})
    text = '[actions.do]\nkind = "write"\nrequest = { method = "POST", url = "/x" }\n'
    assert caller(text).result.status == "uncertain"
    assert len(service.asked) == 1


def test_a_resolver_that_hangs_is_not_waited_for(caller: Caller) -> None:
    def hang(_host: str, _port: int) -> tuple[str, ...]:
        time.sleep(12)
        return ("127.0.0.1",)

    caller.resolve = hang
    head = _head(f"http://api.example.com:{caller.service.port}", networks='"127.0.0.1/32"')
    started = time.monotonic()
    done = caller(GET, head=head, seconds=0.2)
    assert done.result.status == "failed"
    assert time.monotonic() - started < 8


@pytest.fixture
def secure(service: Service) -> Any:
    """The service behind TLS, as api.parcels.example."""
    import socket
    import threading

    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    listening = socket.create_server(("127.0.0.1", 0))
    names: list[str | None] = []
    server.sni_callback = lambda _socket, name, _context: names.append(name)
    hosts: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            try:
                with server.wrap_socket(connection, server_side=True) as stream:
                    hosts.append(
                        next(line for line in stream.recv(65536).split(b"\r\n") if line.lower().startswith(b"host:"))
                    )
                    stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            except OSError:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1], names, hosts
    listening.close()
    thread.join(2)


def test_the_name_stays_in_tls_though_the_address_is_called(caller: Caller, secure: Any) -> None:
    port, names, hosts = secure
    caller.resolve = lambda _host, _port: ("127.0.0.1",)
    caller.context = ssl.create_default_context(cafile=str(TLS / "certificate.pem"))
    networks = '"127.0.0.1/32"'
    assert caller(GET, head=_head(f"https://api.parcels.example:{port}", networks=networks)).result.status == "done"
    assert names == ["api.parcels.example"]
    assert hosts == [f"Host: api.parcels.example:{port}".encode()]
    other = caller(GET, head=_head(f"https://other.example:{port}", networks=networks))
    assert other.result.status == "failed", "a certificate of another name is none"
    caller.context = None
    unknown = caller(GET, head=_head(f"https://api.parcels.example:{port}", networks=networks))
    assert unknown.result.status == "failed", "nor is one that nobody vouches for"
    assert len(hosts) == 1
