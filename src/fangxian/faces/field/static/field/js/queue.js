/* What the officer entered: kept first, then sent. waiting → sent, or refused (field, reason) → mended → waiting.

   An entry as pages see it: { id, state, at, field, reason, kind, page, key, label, payload }. `key` says what it is
   about (one person, one morning), so that a page finds its entries again; the latest of a key counts. */

import * as clock from "./clock.js";
import * as db from "./db.js";
import { uuid7 } from "./ids.js";
import * as vault from "./vault.js";

const SENT_KEPT_MS = 16 * 3600 * 1000;
const listeners = new Set();
const channel = new BroadcastChannel("fangxian-field-queue");
let entries = [];
let writes = 0; // how often an entry was kept or removed here

channel.onmessage = async () => {
    await load();
    tell(false);
};

/** Be told whenever an entry came, went or changed. Answers the function that ends it. */
export function changed(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

function tell(others = true) {
    if (others) channel.postMessage("changed");
    for (const listener of listeners) listener();
}

/** Read the entries of the officer at work; what cannot be opened is another officer's. */
export async function load() {
    for (;;) {
        const before = writes;
        const me = vault.who();
        const rows = me ? (await db.all("entries")).filter((row) => row.officer === me.officer) : [];
        const read = await Promise.all(rows.map(opened));
        if (before !== writes) continue; // an entry was kept meanwhile: what was read is older than what is shown
        entries = read;
        return entries;
    }
}

async function opened(row) {
    const { box, ...plain } = row;
    try {
        return { ...plain, ...(await vault.unseal(row.id, box)) };
    } catch {
        return { ...plain, kind: "", page: "", key: "", label: "", payload: null };
    }
}

export const list = () => entries;
export const of = (page) => entries.filter((entry) => entry.page === page);
export const waiting = () => entries.filter((entry) => entry.state === "waiting");
export const refused = () => entries.filter((entry) => entry.state === "refused");

/** Entries on this phone that are not the officer's own and not sent. */
export async function ofOthers() {
    const me = vault.who()?.officer;
    return (await db.all("entries")).filter((row) => row.officer !== me && row.state !== "sent").length;
}

/** Keep one entry; only when this has come back may a page show it as kept. */
export async function add({ kind, page, key, label, payload }) {
    const row = { id: uuid7(), officer: vault.who().officer, state: "waiting", at: Date.now(), offset: clock.known() };
    await keep(row, { kind, page, key, label, payload });
    return row.id;
}

/** A refused entry with its mended content waits again, under the same id. */
export async function mend(id, payload) {
    const { kind, page, key, label, officer, at, offset } = find(id);
    await keep({ id, officer, at, offset, state: "waiting" }, { kind, page, key, label, payload });
}

/** Remove an entry that is not sent. */
export async function discard(id) {
    await db.remove("entries", id);
    writes += 1;
    entries = entries.filter((entry) => entry.id !== id);
    tell();
}

/** What the server said about an entry. What is stored there need not lie here: only its name stays for the day. */
export async function settle(id, answer) {
    const { kind, page, key, label, payload, state: _state, field: _field, reason: _reason, ...row } = find(id);
    const stored = answer.state === "accepted" || answer.state === "known";
    const state = stored ? "sent" : answer.state === "refused" ? "refused" : "waiting";
    const why = state === "sent" ? {} : { field: answer.field, reason: answer.reason };
    await keep({ ...row, state, ...why }, { kind, page, key, label, payload: stored ? shown(payload) : payload });
}

/* A page may mark what it needs to draw a sent entry (payload.shown); the rest goes. */
const shown = (payload) => (payload?.shown ? { shown: payload.shown } : null);

/** Forget what was sent long ago. */
export async function tidy() {
    const old = (await db.all("entries")).filter((row) => row.state === "sent" && Date.now() - row.at > SENT_KEPT_MS);
    for (const row of old) await db.remove("entries", row.id);
    if (old.length) await load();
}

async function keep(row, content) {
    const stored = { ...row, box: await vault.seal(row.id, content) };
    try {
        await db.put("entries", stored);
    } catch (error) {
        if (error?.name !== "QuotaExceededError") throw error;
        await db.clear("days"); // lists can be fetched again, entries cannot
        await db.put("entries", stored);
    }
    writes += 1;
    const place = entries.findIndex((entry) => entry.id === row.id);
    const entry = { ...row, ...content };
    entries = place < 0 ? [...entries, entry] : entries.with(place, entry);
    tell();
}

const find = (id) => entries.find((entry) => entry.id === id);
