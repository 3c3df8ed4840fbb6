// Every screen, and every component of the gallery, light and dark, on a phone and a desktop, looks as its
// reference picture does.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { review } from './look/album.mjs';
import { development } from './support/paths.mjs';

const SEE = 'see e2e/results/look/*-difference.png; `cargo xtask look --update` accepts what is there';

test('every screen looks as its reference picture', async () => {
  assert.deepEqual(await review(), [], SEE);
});

test('the gallery looks as its reference pictures', async () => {
  assert.deepEqual(await review({ act: 'gallery', development: true, folder: development() }), [], SEE);
});
