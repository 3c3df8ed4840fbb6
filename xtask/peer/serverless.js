// The API that `PEER_API` describes, for serverless-offline: crates/gateway/tests/peers and
// xtask/src/peers.rs start it.

const { routes, expression, authorizer, ports, file, inProcess } = JSON.parse(process.env.PEER_API);

const functions = {};
const add = (name) => (functions[name] ??= { handler: `${file}.${name}`, events: [] });
for (const [route, name, twoWay] of routes) {
  const websocket = { route };
  if (twoWay) websocket.routeResponseSelectionExpression = "$default";
  if (authorizer && route === "$connect")
    websocket.authorizer = { name: "authorizer", identitySource: ["route.request.querystring.ticket"] };
  add(name).events.push({ websocket });
}
if (authorizer) add("authorizer");
// By which it is known to be up.
if (file === "chat") add("health").events.push({ http: { path: "/health", method: "get" } });

module.exports = {
  service: "peer",
  provider: {
    name: "aws",
    runtime: "nodejs20.x",
    stage: "dev",
    region: "eu-central-1",
    websocketsApiRouteSelectionExpression: expression,
    // A function sees nothing else of the environment.
    environment: { PEER_FUNCTIONS: process.env.PEER_FUNCTIONS ?? "" },
  },
  plugins: ["serverless-offline"],
  custom: {
    "serverless-offline": {
      host: "127.0.0.1",
      httpPort: ports[0],
      lambdaPort: ports[1],
      websocketPort: ports[2],
      useInProcess: inProcess,
      noPrependStageInUrl: true,
    },
  },
  functions,
};
