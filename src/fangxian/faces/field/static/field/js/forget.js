/* Signing out on a desk page of the same browser also empties the phone pages: lists, key and name go, entries stay
   sealed. Needs nothing of the shell, so any page may import it. */

import * as db from "./db.js";

export async function forget() {
    await db.clear("days");
    await db.clear("keys");
    await db.remove("meta", "me");
}

document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.action.endsWith("/accounts/logout/") || form.dataset.forgotten) return;
    event.preventDefault();
    form.dataset.forgotten = "yes";
    try {
        await forget();
    } finally {
        form.submit();
    }
});
