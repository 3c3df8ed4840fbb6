// Functions that ask the test for their answers: a line out, a line in.

const { connect } = require("node:net");

const ask = (name, event) =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(process.env.PEER_FUNCTIONS), "127.0.0.1");
    let said = "";
    socket.setEncoding("utf8");
    socket.on("data", (text) => (said += text));
    socket.on("end", () => resolve(JSON.parse(said)));
    socket.on("error", reject);
    socket.write(`${JSON.stringify([name, event])}\n`);
  });

const answer = async (name, event) => {
  const { error, value } = await ask(name, event);
  if (error !== undefined) throw new Error(error);
  return value ?? undefined;
};

const NAMES = "authorizer connect disconnect default echo2 one echo join digit another";
for (const name of NAMES.split(" ")) exports[name] = (event) => answer(name, event);
