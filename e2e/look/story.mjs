// The story the pictures tell: who is there, and what was said when. Times are fixed.

/** The wall clock of the pictures: a Thursday, 10:24 in Zurich. */
export const NOW = Date.UTC(2026, 2, 12, 9, 24, 5);
export const ZONE = 'Europe/Zurich';
export const EPOCH = 'look';

export const ME = 'Ines';
const [TOMAS, MAYA, AYA, KENJI] = ['Tomás', 'Maya', 'آية', '健二'];
export const PEOPLE = { TOMAS, MAYA, AYA, KENJI };
export const ONLINE = [KENJI, MAYA, TOMAS];
/** How the group is called on the page. */
export const GROUP_NAME = `${MAYA}, ${TOMAS}`;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The conversation of these people and the person here, as both ends derive it (by code point). */
export const conversation = (...people) => `c:${[ME, ...people].sort((a, b) => (a < b ? -1 : 1)).join(',')}`;

export const GROUP = conversation(TOMAS, MAYA);
export const WITH_TOMAS = conversation(TOMAS);
export const WITH_AYA = conversation(AYA);
export const WITH_KENJI = conversation(KENJI);

/** A log: each line is who, minutes before now, what, and further fields. */
function log(conv, lines) {
  return lines.map(([from, minutes, content, more], index) => ({
    conv, seq: index + 1, id: `m${conv.length}x${index + 1}`, from, at: NOW - Math.round(minutes * MINUTE), kind: 'text', content, ...more,
  }));
}

/** `count` messages that two people had written before the entry `first`. */
export const past = (first, count) => Array.from({ length: count }, (_, index) => ({
  conv: first.conv, id: `past${index + 1}`, from: index % 2 ? TOMAS : MAYA, at: first.at - (count - index) * MINUTE, kind: 'text',
  content: `Socket ${index + 1} of ${count} has been moved.`,
}));

const yesterday = DAY / MINUTE;

export const LOGS = {
  lobby: log('lobby', [
    [MAYA, yesterday + 240, 'Welcome to the demo server. Be kind, and mind the 32 KB.'],
    [KENJI, yesterday + 200, 'おはようございます。新しいステージを試しています。'],
    [TOMAS, 190, 'Deploy at eleven. Sockets will rotate, nothing else should be noticed.'],
  ]),
  [GROUP]: log(GROUP, [
    [TOMAS, yesterday + 62, 'The lift test is still open. Who has a phone with mobile data?'],
    [ME, yesterday + 60, 'Me, tomorrow morning.'],
    [TOMAS, 54, 'Morning! The new stage is up: wss://chat.example/staging. Can somebody try it from outside?'],
    [ME, 52, 'On it. Connecting from my phone on mobile data.'],
    [ME, 51, 'Works. **41 ms** to the first welcome, and it survived the lift.'],
    [MAYA, 44, 'Same here, from the train. It dropped twice in the tunnel and caught up by itself.'],
    [TOMAS, 43, '👍', { kind: 'reaction', re: `m${GROUP.length}x6` }],
    [ME, 43, '👍', { kind: 'reaction', re: `m${GROUP.length}x6` }],
    [MAYA, 42, '🎉', { kind: 'reaction', re: `m${GROUP.length}x5` }],
    [TOMAS, 30, 'Then let’s switch the demo over at two.\nI’ll put the old URL into `config.json` as a fallback.'],
    [ME, 22, 'Could we keep S5 on the second screen for the workshop? `wscat` on one side, the page on the other.', { re: `m${GROUP.length}x10` }],
    [MAYA, 6, 'Yes, I’ll bring the adapter. And cake.'],
    [TOMAS, 5, 'Best infrastructure announcement of the week.'],
  ]),
  [WITH_TOMAS]: log(WITH_TOMAS, [
    [TOMAS, 95, 'Did you see the trace I sent yesterday?'],
    [ME, 93, 'Yes: case 69 again. I have a fix.'],
    [TOMAS, 3, 'Great. Can you review it before lunch?'],
  ]),
  [WITH_AYA]: log(WITH_AYA, [
    [AYA, yesterday + 30, 'صباح الخير! هل تعمل القناة الجديدة من الهاتف أيضًا؟'],
    [ME, yesterday + 28, 'Yes! From right to left, too: نعم، من اليمين إلى اليسار.'],
    [AYA, yesterday + 27, 'ممتاز، شكرًا جزيلًا 🙏'],
  ]),
  [WITH_KENJI]: log(WITH_KENJI, [
    [KENJI, 2 * yesterday, '日本語の入力も問題なく動きました。ありがとうございます！'],
  ]),
};
