/* The list of a page for the day: fetched when there is a network, kept sealed, shown without. */

import * as clock from "./clock.js";
import * as db from "./db.js";
import { call } from "./sync.js";
import * as vault from "./vault.js";

const place = (page) => `${vault.who().officer} ${page}`;

/** What the phone has: { day, at, tag, list } or null. */
export async function kept(page) {
    const row = await db.get("days", place(page));
    return row ? { ...row.about, list: await vault.unseal(place(page), row.box) } : null;
}

/** Fetch the list if it has changed; answers "new", "same", "offline", "signin" or "refused". */
export async function refresh(page) {
    const row = await db.get("days", place(page));
    const answer = await call(`/field/day/${page}`, { headers: row ? { "X-Have": row.about.tag } : {} });
    if (!answer || answer.status >= 500) return "offline";
    if (answer.status === 304) {
        await db.put("days", { ...row, about: { ...row.about, at: clock.now() } }, place(page));
        return "same";
    }
    if (answer.status === 401 || answer.type === "opaqueredirect") return "signin";
    if (!answer.ok) return "refused";
    const { list, ...about } = await answer.json();
    await db.put("days", { about, box: await vault.seal(place(page), list) }, place(page));
    return "new";
}
