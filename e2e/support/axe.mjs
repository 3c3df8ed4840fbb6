// axe-core with every rule on, in a world of its own in the page: whatever a test does to the page's
// clock does not stop it.

import { readFile } from 'node:fs/promises';

import { inRepository } from './paths.mjs';

const SOURCE = await readFile(inRepository('e2e/node_modules/axe-core/axe.min.js'), 'utf8');

/** Run beside axe. No run-only list: the best practices, the experimental rules and those of AAA too. */
async function audit() {
  // Colours are measured as they are, so transitions must be over; some animations never are.
  const ends = document.getAnimations().filter((animation) => animation.effect.getComputedTiming().endTime < Infinity);
  await Promise.all(ends.map((animation) => animation.finished.catch(() => {})));
  const rules = Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }]));
  const { violations } = await axe.run(document, { rules, resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`));
}

/** A function that lists what is wrong with the page now, in words. */
export async function auditor(page) {
  const browser = await page.context().newCDPSession(page);
  const evaluate = async (expression, contextId) => {
    const { result, exceptionDetails } = await browser.send('Runtime.evaluate', { expression, contextId, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  return async () => {
    const { frameTree } = await browser.send('Page.getFrameTree');
    const { executionContextId } = await browser.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'axe' });
    if (!await evaluate("'axe' in globalThis", executionContextId)) await evaluate(SOURCE, executionContextId);
    return evaluate(`(${audit})()`, executionContextId);
  };
}
