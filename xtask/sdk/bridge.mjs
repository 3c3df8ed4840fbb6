// AWS's SDK for JavaScript by the same lines of JSON as xtask/python/bridge.py:
// `[service, operation, arguments]` in, the answer or `{"error": code, "message"}` out.

import { createInterface } from "node:readline";

import * as management from "@aws-sdk/client-apigatewaymanagementapi";
import * as queue from "@aws-sdk/client-sqs";

const [endpoint, secretAccessKey] = process.argv.slice(2);
const settings = {
  endpoint,
  region: "eu-central-1",
  credentials: { accessKeyId: "test", secretAccessKey },
};
const services = {
  apigatewaymanagementapi: [new management.ApiGatewayManagementApiClient(settings), management],
  sqs: [new queue.SQSClient(settings), queue],
};

/** `post_to_connection` is made by `PostToConnectionCommand`. */
const commandOf = (operation) =>
  `${operation.replace(/(^|_)(.)/gu, (_, __, letter) => letter.toUpperCase())}Command`;

const answer = async ([service, operation, input]) => {
  const [client, { [commandOf(operation)]: Command }] = services[service];
  try {
    return await client.send(new Command(input));
  } catch (error) {
    // What the service did not say is a defect of the test, which is to end.
    if (error.$response === undefined) throw error;
    return { error: error.name, message: error.message };
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
