// What no well-behaved peer sends.

const combining = '\u0301'.repeat(10_000);

/** Texts that are no frame of anybody, or try to do harm when shown. */
export const hostileTexts = {
  'nothing': '',
  'white space': ' \n\t ',
  'null': 'null',
  'an array': '[]',
  'an array of arrays': `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  'a number': '1e999',
  'a string': '"hello"',
  'half an object': '{"event":',
  'no event': '{}',
  'an unknown event': '{"event":"upgrade","to":"v9"}',
  'an event that is no string': '{"event":{"event":"message"}}',
  'a known event without fields': '{"event":"message"}',
  'a known event with fields of wrong types':
    '{"event":"message","conv":7,"seq":"1","id":null,"from":[],"at":-1,"content":{}}',
  'a number past 2^53': '{"event":"ack","id":"a","conv":"lobby","seq":18446744073709551616,"at":0}',
  'a lone surrogate, escaped': '{"event":"message","content":"\\ud800"}',
  'a lone surrogate as a key': '{"\\udc00":1}',
  'bidi controls': '\u202Egnp.exe\u202C\u2066\u2067\u2069',
  'a NUL': '\u0000',
  'a script': '<script>window.hacked = true; alert(1)</script>',
  'an image with a handler': '<img src=x onerror="window.hacked = true; alert(1)">',
  'a javascript: link': '<a href="javascript:window.hacked = true">x</a>',
  'a prototype': '{"__proto__":{"hacked":true},"constructor":{"prototype":{"hacked":true}}}',
  '10,000 combining marks': `Z${combining}`,
  '100 KB': 'x'.repeat(100_000),
};
