// The baseline of `cargo xtask bench`: node's `ws` doing what the gateway is measured at, and
// nothing else. One S5 message goes to everyone connected, bare; no roster, no store, no log.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const [port] = process.argv.slice(2);
const server = createServer((_request, response) => response.end("ok"));
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

sockets.on("connection", (socket) => {
  socket.on("message", (frame) => {
    const { data } = JSON.parse(frame);
    for (const client of sockets.clients) client.send(data);
  });
});

server.listen(Number(port), "127.0.0.1", 4096);
