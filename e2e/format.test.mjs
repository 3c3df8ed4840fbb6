// Formatted messages: what is shown, where links lead, what is copied.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { scene } from './support/scene.mjs';
import { becomes } from './support/until.mjs';

const stage = scene();

/** The text of the newest message as elements: a name and what is in it. */
const shown = (chat) => chat.page.locator('.message-text').last().evaluate((text) => {
  const read = (node) => (node.nodeType === Node.TEXT_NODE
    ? node.data
    : `<${node.localName}>${[...node.childNodes].map(read).join('')}</${node.localName}>`);
  return [...text.childNodes].filter((node) => node.nodeType !== Node.COMMENT_NODE).map(read).join('');
});

describe('formatted messages', () => {
  test('both sides see emphasis, lists, quotes and mentions, and the sidebar only words', async () => {
    const [ana, bo] = await stage.people('ana', 'bo');
    await ana.start('bo');
    await ana.send('**Hi** @bo, _read_ `this`:\n1. one\n2. two\n> quoted');
    await bo.open('ana');
    const expected = '<strong>Hi</strong> <bdi>@bo</bdi>, <em>read</em> <code>this</code>:'
      + '<ol><li>one</li><li>two</li></ol><blockquote>quoted</blockquote>';
    await becomes(() => shown(bo), expected);
    assert.equal(await shown(ana), expected);
    assert.equal(await bo.page.locator('.mention.me').count(), 1);
    assert.equal(await ana.page.locator('.mention.me').count(), 0);
    assert.match(await bo.page.locator('.row-last').first().innerText(), /Hi @bo, read this: 1\. one 2\. two quoted$/);
  });

  test('links open safely, say where they lead, and scripts are never links', async () => {
    const [ana] = await stage.people('ana');
    await ana.send('https://a.example/x. [bank](https://evil.example/y) https://аррӏе.example [x](javascript:alert(1)) javascript:alert(1)');
    const links = await ana.page.locator('.message-text a').evaluateAll((all) => all.map((link) => [
      link.getAttribute('href'), link.textContent, link.rel, link.target,
    ]));
    const how = ['noopener noreferrer nofollow', '_blank'];
    assert.deepEqual(links, [
      ['https://a.example/x', 'https://a.example/x', ...how],
      ['https://evil.example/y', 'bankevil.example', ...how],
      ['https://аррӏе.example', 'https://аррӏе.examplexn--80ak6aa92e.example', ...how],
    ]);
  });

  test('code is copied as it was written, and what hides in it is seen', async () => {
    const chat = await stage.visitor({ permissions: ['clipboard-read', 'clipboard-write'] });
    await chat.signIn({ user: 'ana' });
    const code = 'fn main() {\n\tlet x = "**\u202e";\n}';
    await chat.send(`Look:\n\`\`\`rust\n${code}\n\`\`\``);
    await chat.page.getByRole('group', { name: 'Code' }).focus();
    assert.equal(await chat.page.locator('.unseen').getAttribute('data-code'), '\\u{202e}');
    await chat.button('Copy code').click();
    await becomes(() => chat.page.evaluate(() => navigator.clipboard.readText()), code);
  });

  test('one emoji alone is large', async () => {
    const [ana] = await stage.people('ana');
    await ana.send('🎉');
    assert.equal(await ana.page.locator('.message-text[data-large]').count(), 1);
    await ana.send('🎉 hurray');
    assert.equal(await ana.page.locator('.message-text[data-large]').count(), 1);
  });
});
