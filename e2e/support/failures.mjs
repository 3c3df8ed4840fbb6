// A reporter for the end of a long log: a line for each test that failed, of where and of what.

/** Characters of what a test said, at most: the spec reporter has all of it. */
const SAID = 240;

/** Where the test's own file was left, else where the test begins. */
function place({ file, line }, error) {
  const name = file.replace(/^.*\/e2e\//, '');
  const inFile = (error.stack ?? '').split('\n').find((frame) => frame.includes(`/e2e/${name}:`));
  return `${name}:${inFile?.match(/:(\d+):\d+\)?$/)?.[1] ?? line}`;
}

export default async function* failures(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:fail') continue;
    const { error } = data.details;
    // Of a suite nothing is known that its tests do not say.
    if (error.failureType === 'subtestsFailed') continue;
    const cause = error.cause ?? error;
    const said = String(cause.message ?? cause).replace(/\s+/g, ' ').slice(0, SAID);
    yield `${place(data, cause)}: ${data.name}: ${said}\n`;
  }
}
