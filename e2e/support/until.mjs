// Waiting for something to become true: the only clock the tests have.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

// Ten tabs on two busy cores take their time.
const PATIENCE = 20_000;

/** Resolves with the first truthy value of `probe`; fails after `patience` ms with what was last seen. */
export async function until(what, probe, patience = PATIENCE) {
  const deadline = Date.now() + patience;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${patience} ms`);
    await pause(15);
  }
}

/** Waits until `read` gives exactly `expected`; otherwise fails with the difference. */
export async function becomes(read, expected, patience = PATIENCE) {
  const deadline = Date.now() + patience;
  for (;;) {
    const value = await read();
    if (isDeepStrictEqual(value, expected)) return;
    if (Date.now() > deadline) assert.deepEqual(value, expected);
    await pause(15);
  }
}

/** `promise`, or a failure that says what was waited for. */
export async function within(what, promise, patience = PATIENCE) {
  const alarm = new AbortController();
  const late = pause(patience, undefined, { signal: alarm.signal }).then(
    () => { throw new Error(`${what}: not within ${patience} ms`); },
    () => {},
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    alarm.abort();
  }
}
