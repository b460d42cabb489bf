"""Bytes from the network must be read as SIP says, or refused; never be a fault of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.channels.scaip.digest import CannotAnswer, respond
from api.channels.scaip.sip import NotSip, SipMessage, answer, read_datagram, write

HEADERS = (
    ("Via", "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKa;rport"), ("From", "<sip:a@b>;tag=1"),
    ("To", "<sip:c@d>"), ("Call-ID", "x"), ("CSeq", "7 MESSAGE"),
)  # fmt: skip


@given(st.binary(max_size=300))
def test_what_is_written_is_read(body: bytes) -> None:
    read = read_datagram(write("MESSAGE sip:c@d SIP/2.0", HEADERS, body))
    assert (read.method, read.uri, read.body) == ("MESSAGE", "sip:c@d", body)
    assert (read.branch, read.cseq) == ("z9hG4bKa", (7, "MESSAGE"))


@given(st.binary(max_size=400) | st.binary(max_size=60).map(lambda b: b"SIP/2.0 200 OK\r\n" + b))
def test_nonsense_is_refused_and_never_a_fault(data: bytes) -> None:
    with pytest.raises(NotSip):
        read_datagram(data)


def test_short_names_folded_lines_and_odd_cases_are_understood() -> None:
    read = read_datagram(
        b"\r\n\r\nSIP/2.0 200 \r\nv: SIP/2.0/UDP h ; BRANCH = z9hG4bKb\r\nf: <sip:a@b>\r\n"
        b"t: <sip:c@d>;\r\n tag=2\r\ni: x\r\ncseq: 7   MESSAGE\r\nl: 2\r\n\r\nhi there"
    )
    assert (read.status, read.body, read.branch) == (200, b"hi", "z9hG4bKb")
    assert read.one("to") == "<sip:c@d>; tag=2"
    assert read.cseq == (7, "MESSAGE")


@pytest.mark.parametrize("length", ["99", "-1", "x", "1e3", "9999999"])
def test_a_length_that_cannot_be_is_refused(length: str) -> None:
    data = write("SIP/2.0 200 OK", HEADERS).replace(b"Length: 0", f"Length: {length}".encode())
    with pytest.raises(NotSip):
        read_datagram(data)


def test_no_value_can_add_a_header() -> None:
    with pytest.raises(NotSip):
        write("MESSAGE sip:c@d SIP/2.0", [("To", "<sip:c@d>\r\nRoute: <sip:evil>")])


def test_an_answer_goes_back_the_way_the_request_came() -> None:
    request = SipMessage("MESSAGE", "sip:c@d", headers=tuple((n.lower(), v) for n, v in HEADERS))
    read = read_datagram(answer(request, 200, "OK", "t9"))
    for name in ("via", "from", "call-id", "cseq"):
        assert read.all(name) == request.all(name)
    assert read.one("to") == "<sip:c@d>;tag=t9"


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
     ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")],
)  # fmt: skip
def test_who_we_are_is_worked_out_as_in_the_standard_s_own_example(
    algorithm: str, response: str
) -> None:
    challenge = (
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=' + algorithm
        + ', nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjC"'
    )  # fmt: skip
    said = respond(
        [challenge], method="GET", uri="/dir/index.html", username="Mufasa",
        password="Circle of Life", nonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )  # fmt: skip
    assert f'response="{response}"' in said


@pytest.mark.parametrize(
    "challenge",
    ["", "Basic realm=x", "Digest", 'Digest realm="x", nonce="n", algorithm=ROT13',
     'Digest realm="x", nonce="n", qop="auth-int"'],
)  # fmt: skip
def test_a_way_of_asking_that_we_do_not_know_is_said_to_be_one(challenge: str) -> None:
    with pytest.raises(CannotAnswer):
        respond([challenge], method="M", uri="u", username="a", password="b", nonce="c")
