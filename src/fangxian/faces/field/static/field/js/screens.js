/* The screens of the shell itself: my pages, signing in, the account, and the frame of a page of the field. */

import * as clock from "./clock.js";
import * as day from "./day.js";
import * as queue from "./queue.js";
import * as sync from "./sync.js";
import * as texts from "./texts.js";
import { moment, t } from "./texts.js";
import { ask, h, toast } from "./ui.js";
import * as vault from "./vault.js";

/** The pages of the officer's posts. */
export function start(pages) {
    if (!pages.length) return h("div", { class: "page" }, h("p", { class: "empty" }, t("no_page")), desk());
    return h("nav", { class: "page pages" }, pages.map((page) =>
        h("a", { class: "card tile", href: `#/p/${page.key}` }, h("span", { class: "sign", "aria-hidden": "true" },
            t(`${page.key}.title`).slice(0, 1)), h("strong", {}, t(`${page.key}.title`)))));
}

const desk = () => h("a", { class: "button wide", href: "/ledger/" }, t("to_desk"));

/** Where nobody is signed in. */
export async function signIn(over) {
    const waiting = await queue.ofOthers();
    return h("div", { class: "page" },
        h("p", { class: "empty" }, over ? t("shift_over") : t("sign_in_first")),
        waiting ? h("p", { class: "note" }, t("others_waiting", { n: waiting })) : null, signInLink());
}

export const signInLink = () =>
    h("a", { class: "button main wide", href: "/accounts/login/?next=/field/" }, t("sign_in"));

/** Name, language, what lies here until when, signing out. */
export async function account(version, redraw) {
    const me = vault.who();
    const space = await navigator.storage?.estimate?.();
    const switches = [["zh-hans", "简体中文"], ["en", "English"]].map(([code, name]) =>
        h("button", { class: "button", "aria-pressed": String(texts.language() === code), onclick: () => {
            texts.choose(code);
            redraw();
        } }, name));
    return h("div", { class: "page" },
        h("section", { class: "card" }, h("strong", {}, me?.name ?? ""),
            me ? h("p", {}, t("until", { at: moment(me.until) })) : null,
            space ? h("p", {}, t("space", { used: (space.usage / 1e6).toFixed(1) })) : null,
            h("p", {}, `${t("version")} ${version}`)),
        h("section", { class: "card" }, h("strong", {}, t("language")), h("div", { class: "row" }, switches)),
        desk(), me ? h("button", { class: "button danger wide", onclick: leave }, t("sign_out")) : null);
}

async function leave() {
    const n = queue.waiting().length + queue.refused().length;
    if (!(await ask(n ? t("sign_out_waiting", { n }) : t("sign_out_sure"), t("sign_out")))) return;
    await sync.leave();
    location.replace("/field/");
}

/** A page of the field: its list from the phone at once, then, with a network, the newer one. */
export async function fieldPage(page, load, root) {
    const module = await load(page.key);
    let shown = null;
    const draw = async () => {
        shown?.end();
        shown = null;
        const found = await day.kept(page.key).catch(() => null);
        if (!found) return root.replaceChildren(await missing());
        shown = context(page, found, fetchAnew);
        const scroll = scrollY;
        root.replaceChildren(module.render(shown));
        scrollTo(0, scroll);
    };
    const missing = async () => h("p", { class: "empty" }, sync.now().net === "online" ? t("fetching") : t("no_list"));
    const fetchAnew = async () => {
        const came = await day.refresh(page.key);
        if (came === "new") await (shown && busy(root) ? offer(root, draw) : draw());
        else if (!shown) root.replaceChildren(h("p", { class: "empty" }, t("no_list")));
        return came;
    };
    await draw();
    if (vault.who()) fetchAnew();
    return { end: () => shown?.end(), refresh: fetchAnew };
}

/* A form that is being filled in is not drawn over. */
const busy = (root) => root.querySelector("form, dialog[open]") !== null;

function offer(root, draw) {
    const bar = h("p", { class: "note" }, t("new_list"), " ",
        h("button", { class: "button", onclick: draw }, t("show_it")));
    root.prepend(bar);
}

/* What a page's script is given. */
function context(page, found, refresh) {
    const ends = [];
    return {
        page: page.key, list: found.list, day: found.day, at: found.at, refresh, h, now: clock.now,
        t: (key, values) => (texts.has(`${page.key}.${key}`) ? t(`${page.key}.${key}`, values) : t(key, values)),
        entries: () => queue.of(page.key),
        changed: (listener) => ends.push(queue.changed(listener)),
        add: (entry) => keep({ ...entry, page: page.key }),
        takeBack: (id) => sync.quietly(() => queue.discard(id)),
        end: () => ends.forEach((end) => end()),
    };
}

/* Kept first; only then may the page say so. */
async function keep(entry) {
    try {
        const id = await queue.add(entry);
        sync.sync();
        return id;
    } catch (error) {
        toast(t(error?.name === "QuotaExceededError" ? "phone_full" : "not_kept"), "bad");
        return null;
    }
}
