// Serves this build without a network. The release build (xtask/npm/finish.mjs) writes in what the
// build consists of; nothing else is touched: no ticket, no management API, no other site.

/* BUILD */

const CACHE = `switchboard-${VERSION}`;
const CONFIG = "config.json";
/** How long a network that is there but does not answer is waited for, ms. */
const PATIENCE = 3_000;

const path = (url) => new URL(url, registration.scope).href;
/** What is asked for and how it is stored; the page itself as "". */
const known = new Map([...SHELL, ...LATER].map((name) => [name, name]));
known.set("index.html", "");

const pathOf = (url) => url.split(/[?#]/)[0].slice(registration.scope.length);
/** A name without its hash: the same file of another build. */
const kind = (name) => name.replace(/-[0-9a-f]{12,16}(?=[._])/, "-");

/** The page, whole, before this build may take over; and what the person has used of it before. */
addEventListener("install", (event) => {
  const install = async () => {
    const cache = await caches.open(CACHE);
    const current = (name) => new Request(path(name), name === "" ? { cache: "no-cache" } : {});
    await cache.addAll(SHELL.map(current));
    const used = new Set();
    for (const name of await caches.keys()) {
      if (name === CACHE || !name.startsWith("switchboard-")) continue;
      for (const { url } of await (await caches.open(name)).keys()) used.add(kind(pathOf(url)));
    }
    // These may fail: they are fetched again when they are used.
    const later = LATER.filter((name) => used.has(kind(name)));
    await Promise.allSettled([CONFIG, ...later].map((name) => cache.add(path(name))));
  };
  event.waitUntil(install());
});

/** Older builds go. The first page of all is served from here on, too. */
addEventListener("activate", (event) => {
  const activate = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("switchboard-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(activate());
});

/** The person has pressed Reload. */
addEventListener("message", ({ data }) => {
  if (data === "take over") skipWaiting();
});

/** A notification that the page may not show itself (Android's Chrome) is pressed: it leads to its
 * conversation, in a page that is open where there is one. */
addEventListener("notificationclick", (event) => {
  const { notification } = event;
  notification.close();
  const open = async () => {
    const [page] = await clients.matchAll({ type: "window" });
    if (!page) return clients.openWindow(path(notification.data));
    await page.focus().catch(() => {});
    // What stands after the page's `#` alone: it is not loaded anew.
    return page.navigate(new URL(notification.data, page.url));
  };
  event.waitUntil(open());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  const name = pathOf(request.url);
  if (name === CONFIG) event.respondWith(newest(request));
  else if (known.has(name)) event.respondWith(stored(known.get(name), request));
});

/** What is stored; else what the network has, which is stored then. */
async function stored(name, request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(path(name));
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await cache.put(path(name), response.clone()).catch(() => {});
  return response;
}

/** What the network has; what is stored where it has nothing or takes too long. */
async function newest(request) {
  const cache = await caches.open(CACHE);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const asked = fetch(request).then(async (response) => {
    if (response.ok) await cache.put(path(CONFIG), response.clone()).catch(() => {});
    return response;
  });
  const first = await Promise.race([asked.catch(() => undefined), late]);
  return first ?? (await cache.match(path(CONFIG))) ?? asked;
}
