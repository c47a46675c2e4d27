"""An echo server on 127.0.0.1 whose WebSocket protocol is the websockets library's: echo_server.py PORT TALLY.

Prints its port when it listens. Appends one byte to the file TALLY for each message, at once, so that a SIGKILL loses no count.
"""
import asyncio
import os
import sys

import websockets


async def main(port, tally):
    async def echo(connection, path=None):
        async for message in connection:
            os.write(tally, b".")
            await connection.send(message)

    async with websockets.serve(echo, "127.0.0.1", port) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


asyncio.run(main(int(sys.argv[1]), os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)))
