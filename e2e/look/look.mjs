// `cargo xtask look`: every picture into e2e/results/look/, compared with e2e/look/reference/.
//
//   node e2e/look/look.mjs [--update] [--look LOOK] [--act ACT]

import { parseArgs } from 'node:util';

import { review } from './album.mjs';

const { values } = parseArgs({
  options: { update: { type: 'boolean' }, look: { type: 'string' }, act: { type: 'string' } },
});
const findings = await review({ development: true, ...values });
for (const finding of findings) console.log(finding);
if (findings.length === 0) {
  console.log('Every screen looks as its reference picture.');
} else if (values.update) {
  console.log(`Accepted ${findings.length}. Look at each before you commit it.`);
} else {
  console.log('See e2e/results/look/*-difference.png (before, after, difference); `cargo xtask look --update` accepts.');
  process.exitCode = 1;
}
