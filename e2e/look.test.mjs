// Every screen, light and dark, on a phone and a desktop, looks as its reference picture does.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { review } from './look/album.mjs';

test('every screen looks as its reference picture', async () => {
  const findings = await review();
  assert.deepEqual(findings, [], 'see e2e/results/look/*-difference.png; `cargo xtask look --update` accepts what is there');
});
