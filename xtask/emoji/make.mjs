// Makes assets/emoji.txt: every emoji with its short codes, name and key words, facts of Unicode,
// CLDR and the code lists that chats share; and assets/emoji, their names in other languages. Run by hand
// when the data is renewed:
//
//   cd xtask/emoji && npm ci && npm run make
//
// A line `=group` begins a group. Any other line has four columns, divided by tabs: the emoji (a `+`
// stands where a skin tone goes), its codes, its name unless the first code says it, and further
// words to find it by. A language's file has a line for each such emoji, in the same order: its name, and
// words after a tab. src/state/emoji.rs reads both.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const packed = (file) => JSON.parse(readFileSync(new URL(`node_modules/${file}`, import.meta.url)));
const read = (file) => packed(`emojibase-data/${file}`);
const assets = new URL('../../assets/', import.meta.url);

/** Newer ones are empty boxes on too many systems. */
const NEWEST = 15.1;
/** Most codes, and most words beside codes and name; and how long a word may be in another language. */
const CODES = 2;
const WORDS = 2;
/** Groups that are rarely looked through: one word must do. */
const RARE = new Set(['travel-places', 'objects', 'symbols']);
const LONGEST = 12;
const LIMIT = 72 * 1024;
const TONE = '\u{1F3FB}';

const groups = read('meta/groups.json').groups;
const github = read('en/shortcodes/github.json');
const common = read('en/shortcodes/emojibase.json');
const list = (codes) => [codes ?? []].flat();

/** The emoji with a `+` where its light variant has the tone; as it is where that is not so simple. */
function toned({ emoji, skins = [] }) {
  const light = skins.find(({ tone }) => tone === 1)?.emoji;
  if (!light) return emoji;
  const marked = light.replaceAll(TONE, '+');
  if (marked.replaceAll('+', '') === emoji) return marked;
  // With a tone, the sign that asks for a picture is left out.
  const picture = marked.replaceAll('+', '+\uFE0F');
  if (picture.replaceAll('+', '') === emoji) return picture;
  return emoji;
}

// Where the lists disagree, a code means what most people know it for.
const owner = new Map(Object.entries(github).flatMap(([hexcode, codes]) => list(codes).map((code) => [code, hexcode])));
const owned = (code, hexcode) => {
  if (!owner.has(code)) owner.set(code, hexcode);
  return owner.get(code) === hexcode;
};

const lines = [];
let group;
for (const entry of read('en/data.json').toSorted((a, b) => a.order - b.order)) {
  const name = groups[entry.group];
  if (name === undefined || name === 'component' || entry.version > NEWEST) continue;
  if (/facing right/.test(entry.label)) continue;
  if (name !== group) lines.push(`=${group = name}`);
  const codes = [...new Set([...list(github[entry.hexcode]), ...list(common[entry.hexcode])])]
    .filter((code) => /^[a-z0-9_+-]+$/.test(code) && owned(code, entry.hexcode));
  // A man or woman doing something is found by that; a country's code is told by its flag.
  const isSpecial = name === 'flags' || /^(man|woman|men|women)\b.* /.test(entry.label);
  const label = entry.label.replace(/^flag: /, '');
  const told = label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  // The code that says the name comes first.
  const good = codes.filter((code) => !/^flag_..$/.test(code))
    .toSorted((one, other) => Number(other === told && !isSpecial) - Number(one === told && !isSpecial));
  const short = good.slice(0, isSpecial ? 1 : CODES);
  const spoken = short[0] === told ? '' : label;
  const said = new Set([...short.flatMap((code) => code.split('_')), ...label.toLowerCase().split(/[^a-z0-9]+/)]);
  const words = list(entry.tags).filter((word) => /^[a-z]{3,8}$/.test(word) && !said.has(word)
    && ![...said].some((other) => other.startsWith(word)));
  const extra = isSpecial ? [] : words.slice(0, RARE.has(name) ? 1 : WORDS);
  // Pictures by themselves need no sign that asks for one.
  const emoji = toned(entry).replace(/(\p{Emoji_Presentation}\+?)\uFE0F/gu, '$1');
  lines.push([emoji, short.join(' '), spoken, extra.join(' ')].join('\t').trimEnd());
}
/** Writes a file, unless it has become large. */
function write(file, lines) {
  const text = `${lines.join('\n')}\n`;
  const size = Buffer.byteLength(text);
  if (size > LIMIT) throw new Error(`${file}: ${size} bytes are more than ${LIMIT}`);
  writeFileSync(new URL(file, assets), text);
  console.log(`${file}: ${lines.length} lines, ${size} bytes`);
}

const basics = (language) => packed(`cldr-annotations-full/annotations/${language}/annotations.json`).annotations.annotations;
const english = basics('en');

/** Every emoji's name and words in a language, as CLDR has them. */
function told(language) {
  const basic = basics(language);
  const derived = packed(`cldr-annotations-derived-full/annotationsDerived/${language}/annotations.json`)
    .annotationsDerived.annotations;
  let group;
  const told = [];
  for (const line of lines) {
    if (line.startsWith('=')) {
      group = line.slice(1);
      continue;
    }
    // CLDR lists them without tones, and without the sign that asks for a picture.
    const emoji = line.split('\t')[0].replaceAll(/[+\uFE0F]/g, '');
    const { tts: [name], default: all = [] } = basic[emoji] ?? derived[emoji];
    const known = name.toLowerCase();
    const international = new Set(english[emoji]?.default);
    const words = [];
    // What the name does not hold already and is not `lol` everywhere; the short ones first: they are typed.
    for (const word of all.toSorted((one, other) => one.length - other.length)) {
      const held = [known, ...words].some((other) => other.includes(word.toLowerCase()));
      if (!held && !international.has(word) && word.length > 1 && word.length <= LONGEST) words.push(word.toLowerCase());
    }
    const most = group === 'flags' || !basic[emoji] ? 0 : RARE.has(group) ? 1 : WORDS + 1;
    told.push([name, words.slice(0, most).join(' ')].join('\t').trimEnd());
  }
  return told;
}

write('emoji.txt', lines);
mkdirSync(new URL('emoji', assets), { recursive: true });
for (const language of ['ar', 'de', 'ja']) write(`emoji/${language}.txt`, told(language));
