"""`telecare-simulator scaip-receiver`: shows what a receiving centre would get."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from typing import Any

from api.channels.scaip.sip import NotSip, content_length, read_datagram, read_head, with_body
from simulator.receiving.receiver import Receiver


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.add_argument("--host", default="127.0.0.1", help="to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=5060, help="%(default)s; 0 takes any free one")
    parser.add_argument("--transport", choices=["udp", "tcp"], default="udp")
    parser.add_argument(
        "--snu", type=int, default=0, help="what it says of each alarm: 0 taken, 6 busy, ..."
    )
    parser.add_argument(
        "--separate", action="store_true", help="say so in a MESSAGE of its own, not in the 200 OK"
    )


def run(args: argparse.Namespace) -> int:
    """Takes alarms until Ctrl-C."""
    try:
        asyncio.run(_serve(args))
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        where = f"{args.host}:{args.port}"
        print(f"telecare-simulator: cannot listen on {where}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


async def _serve(args: argparse.Namespace) -> None:
    one = Receiver(args.transport.upper(), "", args.snu, args.separate)
    loop = asyncio.get_running_loop()
    if args.transport == "udp":
        wire, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(one), local_addr=(args.host, args.port)
        )
        name = wire.get_extra_info("sockname")
    else:
        server = await asyncio.start_server(lambda r, w: _stream(one, r, w), args.host, args.port)
        name = server.sockets[0].getsockname()
    one.local = f"{name[0]}:{name[1]}"
    print(f"takes SCAIP over {one.kind} at {one.local}", flush=True)
    await asyncio.Event().wait()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._wire: Any = None

    def connection_made(self, transport: Any) -> None:
        self._wire = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        try:
            message = read_datagram(data)
        except NotSip as error:
            print(f"no SIP: {error}", flush=True)
            return
        _take(self._receiver, message, lambda said: self._wire.sendto(said, addr))


async def _stream(
    receiver: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        while True:
            message = read_head((await reader.readuntil(b"\r\n\r\n")).lstrip(b"\r\n")[:-4])
            body = await reader.readexactly(content_length(message) or 0)
            _take(receiver, with_body(message, body), writer.write)
    except asyncio.IncompleteReadError:
        pass  # it hung up
    except (NotSip, asyncio.LimitOverrunError, OSError) as error:
        print(f"no SIP: {error}", flush=True)
    finally:
        writer.close()


def _take(receiver: Receiver, message: Any, say: Callable[[bytes], None]) -> None:
    told, answers = receiver.take(message)
    if told:
        print(told, flush=True)
    for said in answers:
        say(said)
