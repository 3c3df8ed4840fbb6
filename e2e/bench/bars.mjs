// Bars: what a bench holds its figures to. A figure that misses one is said, and the bench ends with MISSED,
// which `cargo xtask bench` takes for the failure that it is, after all that was asked for is measured.

const MISSED = 3;

/** Holds figures: `[what, figure, 'at most' | 'at least' | 'below', bar]`. */
export function hold(bars) {
  const keeps = { 'at most': (is, bar) => is <= bar, 'at least': (is, bar) => is >= bar, below: (is, bar) => is < bar };
  const round = (value) => Math.round(value * 100) / 100;
  for (const [what, is, how, bar] of bars) {
    if (keeps[how](is, bar)) continue;
    process.stderr.write(`missed: ${what} is ${round(is)}, and has to be ${how} ${round(bar)}\n`);
    process.exitCode = MISSED;
  }
}
