/** Times in ms, in what is told of them. */
export function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const round = (ms) => Math.round(ms * 100) / 100;
  const at = (share) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
  return { medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
}

/** A row of a table: what comes before the figures, and the figures. */
export const row = (start, { medianMs, p95Ms, maxMs }) =>
  start + [medianMs, p95Ms, maxMs].map((ms) => ms.toFixed(2).padStart(9)).join('');
