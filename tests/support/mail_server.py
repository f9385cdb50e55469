#!/usr/bin/python3
"""A real SMTP server on 127.0.0.1 (python3-aiosmtpd). Prints its port, then runs until its standard input closes.

Each mail that it takes is written to the folder as N.eml, and what the envelope and the session said as N.json.
"""
import argparse
import asyncio
import json
import logging
import pathlib
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--certificate", help="PEM file with the key and the certificate")
    parser.add_argument("--login", help="USER:PASSWORD, needed for every mail")
    parser.add_argument("--without", action="append", default=[], help="a login mechanism that is not offered")
    parser.add_argument("--size", type=int, default=33554432, help="most bytes of a mail")
    parser.add_argument("--recipient", action="append", default=[], metavar="ADDRESS=REPLY")
    parser.add_argument("--data", help="the reply to every mail instead of taking it")
    parser.add_argument("--drop", action="store_true", help="take the mail, and hang up instead of replying")
    parser.add_argument("--mute-quit", action="store_true", help="never reply to QUIT")
    return parser.parse_args()


class Handler:
    def __init__(self, options):
        self.options = options
        self.replies = dict(one.split("=", 1) for one in options.recipient)
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.options.data:
            return self.options.data
        self.count += 1
        about = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "login": session.auth_data,
            "tls": server.transport.get_extra_info("ssl_object") is not None,
        }
        (self.options.folder / f"{self.count}.eml").write_bytes(envelope.content)
        (self.options.folder / f"{self.count}.json").write_text(json.dumps(about))
        if self.options.drop:
            server.transport.abort()
        return "250 OK"


class Server(SMTP):
    options = None

    async def smtp_QUIT(self, arg):
        if self.options.mute_quit:
            await asyncio.sleep(3600)
        await super().smtp_QUIT(arg)


def authenticator(login):
    def judge(server, session, envelope, mechanism, data):
        if isinstance(data, LoginPassword) and f"{data.login.decode()}:{data.password.decode()}" == login:
            return AuthResult(success=True, auth_data=data.login.decode())
        return AuthResult(success=False, handled=False)
    return judge


async def serve(options):
    context = None
    if options.tls != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate)
    Server.options = options
    settings = {"data_size_limit": options.size, "enable_SMTPUTF8": True, "auth_exclude_mechanism": options.without}
    if options.tls == "starttls":
        settings |= {"tls_context": context, "require_starttls": True}
    if options.login:
        settings |= {"authenticator": authenticator(options.login), "auth_required": True,
                     "auth_require_tls": options.tls == "starttls"}
    handler = Handler(options)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(handler, loop=loop, **settings), "127.0.0.1", 0,
                                      ssl=context if options.tls == "implicit" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


# What a test does to it is no news.
logging.disable()
warnings.simplefilter("ignore")
options = arguments()
try:
    asyncio.run(serve(options))
except asyncio.CancelledError:
    pass
