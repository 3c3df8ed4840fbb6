// A clock a test can move while the page is hidden or frozen. Playwright's waits for real timers in
// between, which a hidden page throttles and a frozen one never runs.

/** To be run in the page before its scripts. */
function install() {
  const native = { now: performance.now.bind(performance), date: Date.now, set: window.setTimeout.bind(window), clear: window.clearTimeout.bind(window) };
  let skew = 0;
  const pending = new Map();
  performance.now = () => native.now() + skew;
  Date.now = () => native.date() + skew;
  window.setTimeout = (act, ms = 0, ...words) => {
    const run = () => {
      if (pending.delete(id)) act(...words);
    };
    const id = native.set(run, ms);
    pending.set(id, { due: performance.now() + ms, run });
    return id;
  };
  window.clearTimeout = (id) => {
    pending.delete(id);
    native.clear(id);
  };
  const fireDue = () => {
    const due = [...pending].filter(([, timer]) => timer.due <= performance.now()).sort(([, a], [, b]) => a.due - b.due);
    for (const [id, { run }] of due) {
      native.clear(id);
      run();
    }
  };
  // Thawed, a page runs the timers that came due before the frames that wait: as measured.
  document.addEventListener('resume', fireDue);
  window.ownClock = {
    sleep(ms) { skew += ms; },
    lapse(ms) {
      skew += ms;
      fireDue();
    },
  };
}

export const installOwnClock = (page) => page.addInitScript(install);

/** Time passes, and no timer fires: the page sleeps. What came due fires when it is thawed. */
export const sleep = (page, ms) => page.evaluate((ms) => window.ownClock.sleep(ms), ms);

/** Time passes, and what came due fires at its end, as where timers are throttled. */
export const lapse = (page, ms) => page.evaluate((ms) => window.ownClock.lapse(ms), ms);
