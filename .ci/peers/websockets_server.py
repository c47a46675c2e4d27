"""A server on 127.0.0.1 whose WebSocket protocol is the websockets library's: websockets_server.py PORT.

The first part of a request's path says what is done with a message: /echo sends it back, /plain does too, and declines compression,
/ping sends it back in a ping, and tells of the pong, /close takes it for the code and reason of a Close, /wire tells how many bytes have
been received on the connection. Prints a line when it listens, and one at the end of each connection: its path, code and reason.
"""
import asyncio
import sys

from websockets.exceptions import ConnectionClosed
from websockets.legacy.server import WebSocketServerProtocol, serve


class Connection(WebSocketServerProtocol):
    received = 0

    def data_received(self, data):
        self.received += len(data)
        super().data_received(data)

    def process_extensions(self, headers, available_extensions):
        return super().process_extensions(headers, None if self.path.startswith("/plain/") else available_extensions)


async def answer(connection, kind, message):
    if kind == "close":
        code, reason = message.split(" ", 1)
        await connection.close(int(code), reason)
    elif kind == "ping":
        await (await connection.ping(message))
        await connection.send(f"pong {message}")
    elif kind == "wire":
        await connection.send(str(connection.received))
    else:
        await connection.send(message)


async def handle(connection, path=None):
    kind = connection.path.split("/")[1]
    try:
        async for message in connection:
            await answer(connection, kind, message)
    except ConnectionClosed:
        pass
    await connection.wait_closed()
    print("closed", connection.path, connection.close_code, connection.close_reason, flush=True)


async def main(port):
    settings = {"create_protocol": Connection, "max_size": 32 * 1024 * 1024, "ping_interval": None}
    async with serve(handle, "127.0.0.1", port, **settings):
        print("listening", flush=True)
        await asyncio.Future()


asyncio.run(main(int(sys.argv[1])))
