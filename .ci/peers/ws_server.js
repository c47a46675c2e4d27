// A server on 127.0.0.1 whose WebSocket protocol is npm's ws: ws_server.js PORT. websockets_server.py says what it does.
"use strict";
const http = require("node:http");
const { WebSocketServer } = require("ws");

const options = { noServer: true, maxPayload: 32 * 1024 * 1024 };
const compressing = new WebSocketServer({ ...options, perMessageDeflate: { threshold: 0 } });
const plain = new WebSocketServer({ ...options, perMessageDeflate: false });

function close(connection, message) {
  const [code, ...reason] = message.split(" ");
  connection.close(Number(code), reason.join(" "));
}

function answer(connection, kind, message, isBinary) {
  if (kind === "close") close(connection, message.toString());
  else if (kind === "ping") connection.ping(message);
  else if (kind === "wire") connection.send(String(connection._socket.bytesRead));
  else connection.send(message, { binary: isBinary });
}

const server = http.createServer();
server.on("upgrade", (request, socket, head) => {
  const kind = request.url.split("/")[1];
  const protocol = kind === "plain" ? plain : compressing;
  protocol.handleUpgrade(request, socket, head, (connection) => {
    connection.on("message", (message, isBinary) => answer(connection, kind, message, isBinary));
    connection.on("pong", (data) => connection.send(`pong ${data}`));
    connection.on("error", (failure) => console.log(`failed ${failure.message}`));
    connection.on("close", (code, reason) => console.log(`closed ${request.url} ${code} ${reason}`));
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("listening"));
