"""What a SCAIP receiver says to each message that it gets. Pure."""

from dataclasses import dataclass, field

from api.channels.scaip.codec import Malformed, Mrq, Mrs, read_mrq, write_mrs
from api.channels.scaip.sip import SipMessage, answer, write


@dataclass
class Receiver:
    """A receiver.

    Attributes:
        kind: `UDP` or `TCP`, as `Via` names it.
        local: Its address and port.
        snu: What it says of each alarm that it can read.
        separate: Whether it says so in a MESSAGE of its own; else in the body of its 200 OK.
        known: The references that it has had, in their order.
    """

    kind: str
    local: str
    snu: int = 0
    separate: bool = False
    known: list[str] = field(default_factory=list)

    def take(self, message: SipMessage) -> tuple[str, list[bytes]]:
        """What there is to tell of a message, empty for nothing, and what to answer."""
        if message.status:
            return "", []
        if message.method != "MESSAGE":
            return f"{message.method}: refused", [answer(message, 405, "Method Not Allowed", "r")]
        try:
            mrq = read_mrq(message.body)
        except Malformed as error:
            return f"cannot be read: {error}", [answer(message, 400, "Bad Request", "r")]
        told = _line(mrq, again=mrq.ref in self.known)
        self.known.append(mrq.ref)
        return told, self._answers(message, mrq)

    def _answers(self, message: SipMessage, mrq: Mrq) -> list[bytes]:
        said = write_mrs(Mrs(ref=mrq.ref, snu=self.snu, mre="0"))
        if not self.separate:
            return [answer(message, 200, "OK", "r", said)]
        sender = message.one("from").partition("<")[2].partition(">")[0]
        number = len(self.known)
        headers = [
            ("Via", f"SIP/2.0/{self.kind} {self.local};branch=z9hG4bK{mrq.ref}{number};rport"),
            ("Max-Forwards", "70"),
            ("From", f"<sip:alarm@{self.local}>;tag=r{number}"),
            ("To", f"<{sender}>"),
            ("Call-ID", f"{mrq.ref}{number}"),
            ("CSeq", "1 MESSAGE"),
            ("Content-Type", "application/scaip+xml"),
        ]
        own = write(f"MESSAGE {sender} SIP/2.0", headers, said)
        return [answer(message, 200, "OK", "r"), own]


def _line(mrq: Mrq, *, again: bool) -> str:
    line = f"{mrq.mty} cid {mrq.cid} dty {mrq.dty} stc {mrq.stc} lco {mrq.lco or '-'} ref {mrq.ref}"
    return line + (": " + mrq.ite if mrq.ite else "") + (" (again)" if again else "")
