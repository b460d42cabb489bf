"""What an alarm says must be read as it was meant, and a receiver's answer as it meant it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.channels.conformance import message
from api.channels.scaip.codec import (
    Malformed,
    Mrq,
    Mrs,
    fit,
    read_mrq,
    read_mrs,
    write_mrq,
    write_mrs,
)
from api.channels.scaip.mapping import CODES, PLACES, NoIdentity, mrq_of, reference
from contract import SEVERITY, Condition, Severity

HOMES = {"hsecret": "8031372"}
TEXT = st.text(max_size=400)
MRQ = st.builds(
    Mrq,
    ref=st.from_regex(r"[A-Za-z0-9]{1,16}", fullmatch=True),
    cid=st.from_regex(r"[0-9]{1,16}", fullmatch=True),
    dty=st.from_regex(r"[0-9]{4}", fullmatch=True),
    stc=st.from_regex(r"[0-9]{4}", fullmatch=True),
    lco=st.from_regex(r"[0-9]{3}", fullmatch=True) | st.just(""),
    mty=st.sampled_from(["ME", "RE", "IN", "PI"]),
    ite=TEXT.map(lambda text: fit(text, "ite")),
    dte=TEXT.map(lambda text: fit(text, "dte")),
    crd=st.sampled_from(["", "no-voice:", "sip:a@b.example", "gsm:+"]),
    lva=st.sampled_from(["", "07"]),
)


@given(MRQ)
def test_what_is_written_is_read_as_it_was_meant(mrq: Mrq) -> None:
    assert read_mrq(write_mrq(mrq)) == mrq


@given(MRQ, st.sampled_from([b" ", b"\r\n\t", b""]))
def test_unpadded_codes_and_stray_spaces_are_put_right(mrq: Mrq, space: bytes) -> None:
    loose = write_mrq(mrq).replace(b"</", space + b"</").replace(b"<dty>000", b"<dty>")
    assert read_mrq(space + loose) == mrq


@given(TEXT, st.sampled_from(["ite", "dte", "did"]))
def test_no_text_is_too_long_for_its_tag(text: str, tag: str) -> None:
    longest = {"ite": 128, "dte": 32, "did": 8}[tag]
    assert len(fit(text, tag).encode()) <= longest
    write_mrq(Mrq(**{"ref": "1", "cid": "1", "dty": "0005", tag: fit(text, tag)}))


@given(st.binary(max_size=300))
def test_nonsense_is_refused_and_never_a_fault(body: bytes) -> None:
    for read in (read_mrq, read_mrs):
        with pytest.raises(Malformed):
            read(body)


@given(st.integers(min_value=0, max_value=99), st.from_regex(r"[A-Za-z0-9]{1,16}", fullmatch=True))
def test_an_answer_is_read_as_it_was_written(snu: int, ref: str) -> None:
    mrs = Mrs(ref=ref, snu=snu, ste="busy & <gone>", mre="0")
    assert read_mrs(write_mrs(mrs)) == mrs


GOLDEN = (
    b"<mrq><ref>%s</ref><ver>01.00</ver><mty>ME</mty><cid>8031372</cid><dty>0005</dty>"
    b"<crd>no-voice:</crd><stc>0009</stc><lco>011</lco><ite>%s</ite></mrq>"
)


def test_a_fall_in_the_bathroom_is_told_in_these_very_bytes() -> None:
    told = message(text="No movement for 25 minutes & the door is shut.")
    body = write_mrq(mrq_of(told, HOMES, ""))
    ite = b"No movement for 25 minutes &amp; the door is shut."
    assert body == GOLDEN % (reference(told.key).encode(), ite)


def test_samples_of_other_makers_are_read() -> None:
    beat = read_mrq(b"<mrq><mty>PI</mty><ref>1998218577</ref><cid>10149471</cid><dty>2</dty></mrq>")
    assert (beat.mty, beat.ref, beat.cid, beat.dty) == ("PI", "1998218577", "10149471", "0002")
    alarm = read_mrq(
        b"<mrq><ref>803137200003</ref><mty>ME</mty><cid>8031372</cid><dty>0004</dty>"
        b"<stc>0010</stc><crd>gsm:+</crd></mrq>"
    )
    assert (alarm.stc, alarm.crd, alarm.ver) == ("0010", "gsm:+", "01.00")


@pytest.mark.parametrize(
    "body",
    [b"<scaip><mrs><ref>a1</ref><snu> 06 </snu></mrs></scaip>",
     b"<scaip><ref>a1</ref><snu>6</snu><mre>1</mre></scaip>",
     b'<?xml version="1.0" encoding="UTF-8"?>\n<mrs xmlns="urn:x"><snu>6</snu><ref>a1</ref></mrs>'],
)  # fmt: skip
def test_each_form_of_answer_is_known(body: bytes) -> None:
    assert (read_mrs(body).ref, read_mrs(body).snu) == ("a1", 6)


@pytest.mark.parametrize("snu", ["-1", "OK", "12345", "٣"])
def test_a_number_that_is_none_is_anything_but_a_yes(snu: str) -> None:
    assert read_mrs(f"<mrs><ref>a</ref><snu>{snu}</snu></mrs>".encode()).snu == 99


def test_a_document_that_would_swell_without_end_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><mrs><ref>&b;</ref></mrs>'
    with pytest.raises(Malformed, match="declares"):
        read_mrs(bomb)


@pytest.mark.parametrize(
    "wrong", [{"ref": "x" * 17}, {"ref": "a b"}, {"cid": ""}, {"cid": "12a"}, {"dty": "5"},
              {"ite": "x" * 129}, {"ite": "é" * 65}, {"mty": "XX"}, {"lco": "11"}, {"ite": "a\nb"}],
)  # fmt: skip
def test_what_a_receiver_would_refuse_is_never_sent(wrong: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        write_mrq(Mrq(**{"ref": "1", "cid": "1", "dty": "0005", **wrong}))


@pytest.mark.parametrize("condition", list(Condition))
def test_every_condition_has_codes_and_an_urgent_one_never_those_of_an_advisory(
    condition: Condition,
) -> None:
    severity = SEVERITY[condition]
    mrq = mrq_of(message(condition=condition, lane=severity), HOMES, "")
    write_mrq(mrq)
    assert mrq.crd == "no-voice:"
    assert (mrq.dty, mrq.stc) != ("0049", "0011") or severity is not Severity.URGENT
    if severity is Severity.ADVISORY:
        assert (mrq.dty, mrq.stc) == ("0049", "0011")
    assert set(CODES) <= set(Condition)


def test_what_only_informs_does_not_ring_like_an_alarm() -> None:
    types = {
        action: mrq_of(message(action=action), HOMES, "").mty
        for action in ("raise", "escalate", "report", "clear", "resolve", "withdraw", "note")
    }
    assert types == {
        "raise": "ME", "escalate": "ME", "report": "ME",
        "clear": "IN", "resolve": "IN", "withdraw": "IN", "note": "IN",
    }  # fmt: skip


def test_a_try_of_the_channel_is_a_test_that_rings_nowhere() -> None:
    tried = message(action="test", condition="test_alert", home=None, lane="", text="A test.")
    mrq = mrq_of(tried, {}, "1000")
    assert (mrq.mty, mrq.cid, mrq.dty, mrq.stc) == ("IN", "1000", "0002", "0102")


@pytest.mark.parametrize(
    ("condition", "raised", "over"),
    [("hub_silent", "0023", "0112"), ("battery_low", "0016", "0015"), ("hub_deaf", "0073", "0075")],
)
def test_what_is_over_has_the_code_for_that(condition: str, raised: str, over: str) -> None:
    codes = [
        mrq_of(message(condition=condition, action=action, home=None), {}, "1").stc
        for action in ("raise", "clear")
    ]
    assert codes == [raised, over]


def test_a_place_that_no_code_knows_is_the_home() -> None:
    assert mrq_of(message(place="conservatory"), HOMES, "").lco == "002"
    assert mrq_of(message(place="Bathroom"), HOMES, "").lco == PLACES["bathroom"]


def test_no_home_is_ever_told_under_another_s_number() -> None:
    for told in (message(home="h2"), message(home=None)):
        with pytest.raises(NoIdentity):
            mrq_of(told, HOMES, "")
