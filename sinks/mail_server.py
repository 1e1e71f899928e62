#!/usr/bin/python3
"""A real SMTP server (aiosmtpd) for sinks_peer_test, with STARTTLS when a certificate and a key are given.

Says its port first, then each message as a line of JSON; ends with its standard input.
"""
import json
import socket
import ssl
import sys

from aiosmtpd.controller import Controller


class Handler:
    async def handle_DATA(self, _server, session, envelope):
        print(json.dumps({"tls": session.ssl is not None, "from": envelope.mail_from, "to": envelope.rcpt_tos,
                          "data": envelope.content.decode()}), flush=True)
        return "250 kept"


def main():
    context = None
    if len(sys.argv) == 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port, tls_context=context)
    controller.start()
    print(port, flush=True)
    sys.stdin.read()
    controller.stop()


main()
