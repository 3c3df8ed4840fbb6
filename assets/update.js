// Keeps the page for days without a network, and tells when a newer build waits. The release build
// puts this into the page; `browser/update.rs` is the other side.
(() => {
  const { serviceWorker: workers } = navigator;
  if (!workers) return;
  const HOUR = 3_600_000;
  const root = document.documentElement.dataset;
  let reloads = false;
  const tell = () => {
    root.update = "ready";
    dispatchEvent(new Event("switchboard-update"));
  };
  const start = async () => {
    const registration = await workers.register("sw.js", { updateViaCache: "none" });
    const look = (worker) => {
      const waits = () => {
        if (worker.state !== "installed" || !workers.controller) return;
        if (reloads) worker.postMessage("take over");
        else tell();
      };
      waits();
      worker.onstatechange = waits;
    };
    for (const worker of [registration.installing, registration.waiting]) if (worker) look(worker);
    registration.onupdatefound = () => look(registration.installing);
    let first = !workers.controller;
    workers.oncontrollerchange = () => {
      if (reloads) location.reload();
      // Another tab has changed over: what this one still has to fetch is gone.
      else if (!first) tell();
      first = false;
    };
    // Where no newer build is known yet, there may be one all the same: the kept page would only come again.
    addEventListener("switchboard-reload", async () => {
      reloads = true;
      if (!registration.waiting) await registration.update().catch(() => {});
      if (registration.waiting) registration.waiting.postMessage("take over");
      else if (!registration.installing) location.reload();
    });
    root.update ??= "";
    let asked = Date.now();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || Date.now() - asked < HOUR) return;
      asked = Date.now();
      registration.update().catch(() => {});
    });
  };
  // The page loads this when the app can be used; a browser that forbids it does without.
  (window.requestIdleCallback ?? setTimeout)(() => start().catch(() => {}));
})();
