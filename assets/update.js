// Keeps the page for days without a network, and tells when a newer build waits. The release build
// puts this into the page; `browser/update.rs` is the other side.
(() => {
  const { serviceWorker: workers } = navigator;
  if (!workers) return;
  const HOUR = 3_600_000;
  let reloads = false;
  const tell = () => {
    document.documentElement.dataset.update = "ready";
    dispatchEvent(new Event("switchboard-update"));
  };
  const start = async () => {
    const registration = await workers.register("sw.js", { updateViaCache: "none" });
    const look = (worker) => {
      const waits = () => worker.state === "installed" && workers.controller && tell();
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
    addEventListener("switchboard-reload", () => {
      reloads = true;
      if (registration.waiting) registration.waiting.postMessage("take over");
      else location.reload();
    });
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
