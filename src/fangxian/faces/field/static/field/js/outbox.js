/* What this phone sends: refused first with the reason and the way to mend it, then what waits, then what is stored. */

import * as queue from "./queue.js";
import * as sync from "./sync.js";
import { has, moment, t } from "./texts.js";
import { ask, field, h, toast } from "./ui.js";

/** The screen. `modules(key)` loads the script of a page, for its own form of mending. */
export async function outbox(modules) {
    const others = await queue.ofOthers();
    const listed = (state) => queue.list().filter((entry) => entry.state === state).reverse();
    const [refused, waiting, sent] = ["refused", "waiting", "sent"].map(listed);
    const empty = !refused.length && !waiting.length && !sent.length;
    return h("div", { class: "page" },
        others ? h("p", { class: "note" }, t("others_waiting", { n: others })) : null,
        waiting.length ? h("button", { class: "button main wide", onclick: () => sync.sync() }, t("send_now")) : null,
        empty ? h("p", { class: "empty" }, t("outbox_empty")) : null,
        part("refused", refused, (entry) => refusedCard(entry, modules)),
        part("waiting", waiting, (entry) => card(entry, takeBack(entry))),
        part("sent", sent, (entry) => card(entry)));
}

function part(state, entries, draw) {
    if (!entries.length) return null;
    return h("section", {}, h("h2", {}, t(state), " ", h("small", {}, entries.length)), entries.map(draw));
}

function card(entry, ...more) {
    return h("article", { class: `card entry ${entry.state}`, "data-entry": entry.id },
        h("div", { class: "who" }, h("strong", {}, entry.label), h("span", { class: "at" }, moment(entry.at + (entry.offset ?? 0)))),
        entry.state === "waiting" && entry.reason ? h("p", { class: "why" }, t("server_fault")) : null, more);
}

function takeBack(entry) {
    const act = () => sync.quietly(async () => {
        if (queue.list().find((one) => one.id === entry.id)?.state === "waiting") await queue.discard(entry.id);
    });
    return h("button", { class: "button quiet", onclick: act }, t("take_back"));
}

function refusedCard(entry, modules) {
    const label = fieldLabel(entry, entry.field);
    const why = h("p", { class: "why" }, label ? `${label}: ` : "", entry.reason);
    const away = async () => (await ask(t("discard_sure"), t("discard"))) && queue.discard(entry.id);
    const mending = async (event) => event.target.closest("article").append(await form(entry, modules));
    return card(entry, why, h("div", { class: "row" },
        h("button", { class: "button main", onclick: (event) => { event.target.disabled = true; mending(event); } },
            t("mend")),
        h("button", { class: "button quiet", onclick: away }, t("discard"))));
}

/* The page's own form where it has one; else every plain value of the entry as a field, the one at fault marked. */
async function form(entry, modules) {
    const save = async (payload) => {
        await queue.mend(entry.id, payload);
        toast(t("kept"));
        sync.sync();
    };
    const own = (await modules(entry.page))?.mend?.(entry, save);
    return own ?? plain(entry, save);
}

function plain(entry, save) {
    const texts = Object.entries(entry.payload ?? {}).filter(([, value]) => typeof value !== "object");
    const asked = texts.filter(([name]) => has(`${entry.page}.field_${name}`) || name === entry.field);
    const inputs = asked.map(([name, value]) => h("input", { name, value: String(value ?? ""), autocomplete: "off" }));
    if (entry.field && !asked.some(([name]) => name === entry.field) && has(`${entry.page}.field_${entry.field}`)) {
        inputs.push(h("input", { name: entry.field, autocomplete: "off" }));
    }
    const rows = inputs.map((input) => field(fieldLabel(entry, input.name), input,
        input.name === entry.field ? entry.reason : ""));
    const submit = (event) => {
        event.preventDefault();
        const changed = Object.fromEntries(inputs.map((input) => [input.name, input.value.trim()]));
        save({ ...entry.payload, ...changed });
    };
    return h("form", { class: "mend", onsubmit: submit }, h("p", {}, t("mend_how")), rows,
        h("button", { class: "button main wide", type: "submit" }, t("mend_title")));
}

function fieldLabel(entry, name) {
    const key = `${entry.page}.field_${name}`;
    return name && has(key) ? t(key) : name;
}
