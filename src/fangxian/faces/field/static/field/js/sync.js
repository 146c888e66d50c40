/* Sending: whenever there is a network, one sender at a time (pages and the worker share the lock). An answer that was
   lost on the way does no harm: the same ids are sent again and the server knows them. */

import * as clock from "./clock.js";
import * as queue from "./queue.js";
import * as db from "./db.js";
import * as vault from "./vault.js";

const LOCK = "fangxian-field-send";
const AT_ONCE = 40;
const CHARACTERS = 4_000_000; // of one call: entries with photos go a few at a time
const PATIENCE_MS = 25_000;
const listeners = new Set();
const state = { net: "unknown", busy: false, officerChanged: false, version: null };

/** net: "online", "offline", "signin" (the session is over) or "unknown". */
export const now = () => state;

export function changed(listener) {
    listeners.add(listener);
}

function set(values) {
    Object.assign(state, values);
    for (const listener of listeners) listener(state);
}

/** A call to our own server: the answer, or null without a network. A redirect means: sign in. */
export async function call(address, options = {}) {
    const headers = { Accept: "application/json", ...options.headers };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
        return await fetch(address, { cache: "no-store", redirect: "manual", ...options, headers, signal });
    } catch {
        return null;
    }
}

/** Ask who is signed in; the answer's csrf token, or null when nothing can be sent now. */
export async function hello() {
    const asked = Date.now();
    const answer = await call("/field/me");
    if (!answer || answer.status >= 500) {
        set({ net: "offline" });
        return null;
    }
    if (!answer.ok) {
        set({ net: "signin" });
        return null;
    }
    const me = await answer.json();
    await clock.heard(me.at, asked);
    if (await leaving(me)) return null;
    const officerChanged = await vault.take(me);
    if (officerChanged) await queue.load();
    set({ net: "online", officerChanged, version: me.version });
    return me.csrf;
}

/* Somebody signed out without a network: now the server is told, unless it is another sign-in that is there by now. */
async function leaving(me) {
    const left = await db.get("meta", "leaving");
    if (!left) return false;
    await db.remove("meta", "leaving");
    if (left.officer !== me.officer || me.since > left.at) return false;
    await call("/accounts/logout/", { method: "POST", headers: { "X-CSRFToken": me.csrf } });
    set({ net: "signin" });
    return true;
}

/** Send what waits. */
export function sync() {
    return navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
        if (!lock) return;
        set({ busy: true });
        try {
            const csrf = await hello();
            if (csrf) await sendAll(csrf);
        } finally {
            set({ busy: false });
        }
    });
}

/** Do something with the queue while nothing is being sent. */
export const quietly = (work) => navigator.locks.request(LOCK, work);

async function sendAll(csrf) {
    await queue.load();
    const tried = new Set();
    for (;;) {
        const part = fitting(queue.waiting().filter((entry) => !tried.has(entry.id) && entry.payload));
        if (!part.length) return;
        part.forEach((entry) => tried.add(entry.id));
        if (!(await send(part, csrf))) return;
    }
}

/* As many entries as one call takes, at least one. */
function fitting(entries) {
    let left = CHARACTERS;
    return entries.slice(0, AT_ONCE).filter((entry, place) => {
        left -= JSON.stringify(entry.payload).length;
        return left > 0 || place === 0;
    });
}

async function send(part, csrf) {
    const entries = part.map(({ id, kind, at, offset, payload }) => ({ id, kind, made_at: at, offset, payload }));
    const body = JSON.stringify({ officer: vault.who().officer, sent_at: Date.now(), entries });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
    const answer = await call("/field/submissions", { method: "POST", body, headers });
    if (!answer || answer.status >= 500) {
        set({ net: "offline" });
        return false;
    }
    if (!answer.ok) {
        set({ net: "signin" });
        return false;
    }
    for (const one of (await answer.json()).answers) await queue.settle(one.id, one);
    return true;
}

/** Sign out: at once here, on the server as soon as it is reached. */
export async function leave() {
    await db.put("meta", { officer: vault.who().officer, at: clock.now() }, "leaving");
    await vault.lock();
    await hello();
}
