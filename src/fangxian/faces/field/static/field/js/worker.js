/* The service worker: keeps the shell, serves it without asking the network, and sends the queue when the browser wakes
   it. Everything else (who I am, lists, entries, desk pages) goes to the server and is never kept here. */

import * as clock from "./clock.js";
import * as queue from "./queue.js";
import * as sync from "./sync.js";
import * as vault from "./vault.js";

const SHELL = "/field/";
const PREFIX = "fangxian-field-";

export function start({ version, assets }) {
    const name = PREFIX + version;
    const kept = new Set(assets);
    self.addEventListener("install", (event) => event.waitUntil(install(name, assets)));
    self.addEventListener("activate", (event) => event.waitUntil(activate(name)));
    self.addEventListener("message", (event) => event.data === "take over" && self.skipWaiting());
    self.addEventListener("sync", (event) => event.tag === "send" && event.waitUntil(send()));
    self.addEventListener("fetch", (event) => {
        const { pathname, origin } = new URL(event.request.url);
        if (event.request.method !== "GET" || origin !== self.location.origin || !kept.has(pathname)) return;
        event.respondWith(keptOrFetched(name, pathname, event.request));
    });
}

/* All or nothing: a half-kept version would fail on the staircase. */
async function install(name, assets) {
    const cache = await caches.open(name);
    await cache.addAll(assets.map((address) => new Request(address, { cache: "reload", redirect: "error" })));
}

async function activate(name) {
    const old = (await caches.keys()).filter((one) => one.startsWith(PREFIX) && one !== name);
    await Promise.all(old.map((one) => caches.delete(one)));
    await self.clients.claim();
}

async function keptOrFetched(name, pathname, request) {
    const cache = await caches.open(name);
    return (await cache.match(pathname === SHELL ? SHELL : pathname)) ?? fetch(request);
}

async function send() {
    await clock.load();
    if ((await vault.open()) !== "open") return;
    await queue.load();
    await sync.sync();
    for (const client of await self.clients.matchAll()) client.postMessage("sent");
    if (queue.waiting().length && sync.now().net === "offline") throw new Error("again later"); // the browser tries again
}
