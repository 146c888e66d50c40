/* What lies on the phone is sealed with the officer's own key (AES-GCM). The server gives the key at sign-in; the phone
   keeps it until the shift ends or the officer signs out, then removes it with the lists. Entries that are not sent yet
   stay, sealed: only the same officer's next sign-in opens them again. */

import * as clock from "./clock.js";
import * as db from "./db.js";

let held = null;

/** Who works with this phone now: { officer, name, until, pages, csrf } or null. */
export const who = () => held?.me ?? null;

/** Open with what the phone still has; answers "open", "over" (the shift has ended) or "none". */
export async function open() {
    const me = await db.get("meta", "me");
    if (!me) return "none";
    const key = await db.get("keys", me.officer);
    if (!key || clock.now() > me.until) {
        await lock();
        return "over";
    }
    held = { me, key };
    return "open";
}

/** The server said who is signed in. Another officer than before: the lists and the key of the other one go. */
export async function take(me) {
    const before = await db.get("meta", "me");
    const changed = before?.officer !== me.officer;
    if (changed) await lock();
    const raw = Uint8Array.from(atob(me.key), (letter) => letter.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    const kept = { officer: me.officer, name: me.name, until: me.until, pages: me.pages };
    await db.put("keys", key, me.officer);
    await db.put("meta", kept, "me");
    held = { me: kept, key };
    return changed;
}

/** Remove the lists, the keys and the name. Entries stay sealed. */
export async function lock() {
    held = null;
    await db.clear("days");
    await db.clear("keys");
    await db.remove("meta", "me");
}

/** Whether the shift ended meanwhile; then everything is locked. */
export async function isOver() {
    if (!held || clock.now() <= held.me.until) return false;
    await lock();
    return true;
}

export async function seal(name, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(value));
    return { iv, data: await crypto.subtle.encrypt(bound(iv, name), held.key, text) };
}

export async function unseal(name, box) {
    const text = await crypto.subtle.decrypt(bound(box.iv, name), held.key, box.data);
    return JSON.parse(new TextDecoder().decode(text));
}

/* A box opens only under the name and for the officer it was made for. */
function bound(iv, name) {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`${held.me.officer} ${name}`) };
}
