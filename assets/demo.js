// The demo's worker: loads its wasm, which takes over. What a page sends before that waits here.
import init from "./switchboard-demo.js";

const early = [];
onmessage = (event) => early.push(event);
await init({ module_or_path: fetch(new URL("./switchboard-demo_bg.wasm", import.meta.url)) });
for (const event of early) onmessage(event);
