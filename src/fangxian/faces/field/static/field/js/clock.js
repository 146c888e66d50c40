/* The phone's clock may be wrong. How far, the server tells each time it answers; each entry carries what was known. */

import * as db from "./db.js";

const UNUSUAL_MS = 5 * 60 * 1000;
let offset = null;

export async function load() {
    offset = (await db.get("meta", "offset")) ?? null;
}

/** Remember the server's time of an answer; half the way there and back is taken off. */
export async function heard(serverMs, askedAt) {
    const answered = Date.now();
    offset = Math.round(serverMs - (askedAt + (answered - askedAt) / 2));
    await db.put("meta", offset, "offset");
}

/** Milliseconds to add to the phone's time; null before the server was ever heard. */
export const known = () => offset;

/** The moment it is, as the server would say. */
export const now = () => Date.now() + (offset ?? 0);

export const isFarOff = () => Math.abs(offset ?? 0) > UNUSUAL_MS;
