// What `cargo xtask peers` measures of serverless-offline: an S5 message goes to everyone connected by
// `@connections`, on connections to it that stay open. In its process, where it is quickest.

const { Agent, request } = require("node:http");

const port = JSON.parse(process.env.PEER_API).ports[2];
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const connections = new Set();
const fine = { statusCode: 200 };

const post = (id, text) =>
  new Promise((resolve, reject) => {
    const path = `/@connections/${encodeURIComponent(id)}`;
    const sent = request({ agent, host: "127.0.0.1", port, method: "POST", path }, (response) => {
      if (response.statusCode >= 300) connections.delete(id);
      response.resume().on("end", resolve);
    });
    sent.on("error", reject).end(text);
  });

exports.health = async () => fine;

exports.connect = async ({ requestContext }) => {
  connections.add(requestContext.connectionId);
  return fine;
};

exports.disconnect = async ({ requestContext }) => {
  connections.delete(requestContext.connectionId);
  return fine;
};

exports.sendmessage = async ({ body }) => {
  const { data } = JSON.parse(body);
  await Promise.all([...connections].map((id) => post(id, data)));
  return fine;
};
