// The tokens' promise, computed: every text colour stands at 7:1 or more on every surface it
// stands on, what only marks something at 3:1, in both themes; and every colour exists on a screen.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { inRepository } from './support/paths.mjs';

const source = await readFile(inRepository('style/tokens.css'), 'utf8');
const [ordinary, contrasty] = source.split('@media (prefers-contrast: more)');

const declared = (css) => new Map([...css.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]));

/** `light-dark(a, b)` of two `oklch()`, one `oklch()` for both, or another token. */
function resolve(tokens, name, theme) {
  const value = tokens.get(name);
  const [, other] = /^var\((--[\w-]+)\)$/.exec(value) ?? [];
  if (other) return resolve(tokens, other, theme);
  const colours = value.match(/oklch\([^)]+\)/g);
  return colours[theme === 'dark' && colours.length > 1 ? 1 : 0].match(/[\d.]+/g).map(Number);
}

/** Linear sRGB of an oklch colour (Björn Ottosson's matrices). */
function linear([lightness, chroma, hue = 0]) {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

const luminance = (colour) => {
  const [red, green, blue] = linear(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** The contrast ratio of WCAG 2. */
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ['--bg', '--surface', '--raised', '--hover', '--chosen', '--other'];
const TINTS = ['--lamp-bg', '--warn-bg', '--danger-bg'];

/** What is written on what, from 7:1; and what is only seen on what, from 3:1. */
const WRITTEN = [
  ['--text', [...SURFACES, ...TINTS]],
  ['--soft', [...SURFACES, ...TINTS]],
  ['--accent', [...SURFACES]],
  ['--danger', ['--bg', '--surface', '--raised', '--other', '--danger-bg']],
  ['--warn', ['--bg', '--surface', '--raised', '--warn-bg']],
  ['--on-accent', ['--accent', '--accent-hover']],
  ['--on-lamp', ['--lamp']],
  ['--on-danger', ['--danger']],
];
const SEEN = [
  ['--edge', ['--bg', '--surface', '--raised']],
  ['--focus', [...SURFACES, ...TINTS]],
  ['--ok', ['--bg', '--surface', '--raised', '--hover', '--chosen']],
];

const sets = {
  ordinary: declared(ordinary),
  'more contrast': new Map([...declared(ordinary), ...declared(contrasty)]),
};

for (const [set, tokens] of Object.entries(sets)) {
  for (const theme of ['light', 'dark']) {
    const colour = (name) => resolve(tokens, name, theme);
    const holds = (least, pairs) => {
      for (const [front, backs] of pairs) {
        for (const back of backs) {
          const ratio = contrast(colour(front), colour(back));
          assert.ok(ratio >= least, `${set}, ${theme}: ${front} on ${back} is ${ratio.toFixed(2)}:1, below ${least}:1`);
        }
      }
    };

    test(`${set}, ${theme}: texts stand at 7:1, signs at 3:1`, () => {
      holds(7, WRITTEN);
      holds(3, SEEN);
      // An own bubble is an island of the dark theme in both.
      for (const name of ['--text', '--soft', '--accent', '--danger', '--focus']) {
        const ratio = contrast(resolve(tokens, name, 'dark'), colour('--own'));
        assert.ok(ratio >= 7, `${set}, ${theme}: ${name} on --own is ${ratio.toFixed(2)}:1`);
      }
    });

    test(`${set}, ${theme}: every colour is one a screen can show`, () => {
      for (const [name, value] of tokens) {
        if (!/^(light-dark\(|oklch\()/.test(value)) continue;
        for (const channel of linear(colour(name))) {
          assert.ok(channel > -0.002 && channel < 1.002, `${name} is outside sRGB in the ${theme} theme`);
        }
      }
    });
  }
}
