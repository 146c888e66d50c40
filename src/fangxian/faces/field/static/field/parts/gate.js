/* The guard's page. A known vehicle takes two taps, a new one seven: exceptions first, then the plate, then the decision.
   What is half entered lives in `now`, outside of the drawing, so that a newer list never throws it away. */

import { scan } from "./gate/camera.js";
import { advice, reasons, spelled, zoneOf } from "./gate/judge.js";
import { digits, plates } from "./gate/pad.js";

const FEVERS = [37.3, 37.5, 38, 38.5, 39];
const TESTS = [24, 48, 72, 0];
const SHOWN_REGULARS = 6;
const blank = () => ({ plate: "", kind: "CIVIL", foot: false, id_number: "", people: 1, code: "", fever: null, test: null,
    from_code: "", from_name: "", why: "", purpose: "", driver: "" });
const now = { point: "", direction: "IN", entry: blank(), step: "plate", look: false, taps: 0, since: 0 };

const style = document.createElement("link");
Object.assign(style, { rel: "stylesheet", href: new URL("./gate.css", import.meta.url).href });
document.head.append(style);

export default { render };

function render(page) {
    const root = page.h("div", { class: "page gate" });
    const draw = () => root.replaceChildren(...screen(page, draw));
    root.addEventListener("click", (event) => event.target.closest("button") && tapped(root), true);
    let sent = settled(page);
    page.changed(() => {
        const left = root.querySelector(".gate-sent");
        left?.replaceWith(last(page));
        if (settled(page) > sent) page.refresh();
        sent = settled(page);
    });
    draw();
    return root;
}

const settled = (page) => page.entries().filter((entry) => entry.state === "sent").length;

/* How many taps and milliseconds an entry takes is measured where it happens. */
function tapped(root) {
    now.since ||= performance.now();
    now.taps += 1;
    root.dataset.taps = now.taps;
}

function screen(page, draw) {
    const { h, t, list } = page;
    const here = list.cards.find((card) => card.id === now.point) ?? list.cards[0];
    if (!here) return [h("p", { class: "empty" }, t("no_point"))];
    now.point = here.id;
    if (now.step === "decide") return deciding(page, here, draw);
    return [head(page, here, draw), exceptions(page, here), ...entering(page, here, draw), last(page)];
}

function head({ h, t, list }, here, draw) {
    const points = list.cards.length > 1 ? h("select", { "aria-label": t("point"), onchange: (event) => {
        now.point = event.target.value;
        draw();
    } }, list.cards.map((card) => h("option", { value: card.id, selected: card.id === here.id }, card.name)))
        : h("strong", {}, here.name);
    const way = (key, direction) => h("button", { class: "button", "aria-pressed": String(now.direction === direction),
        onclick: () => { now.direction = direction; draw(); } }, t(key));
    return h("section", { class: "card gate-head" }, points,
        h("p", { class: here.shift ? "" : "why" }, here.shift ? t("shift", { who: here.shift }) : t("no_shift")),
        h("p", { class: "gate-day" }, t("today", { passages: here.passages, people: here.people })),
        h("div", { class: "row" }, way("inwards", "IN"), way("outwards", "OUT")));
}

function exceptions({ h, t }, here) {
    if (!here.exceptions.length) return h("p", { class: "gate-none" }, t("no_exceptions"));
    return h("section", { class: "gate-exceptions" }, h("h2", {}, t("exceptions"), " ",
        h("small", {}, here.exceptions.length)), here.exceptions.map((row) => h("article", { class: "card entry refused" },
        h("div", { class: "who" }, h("strong", {}, row.who), h("span", { class: "at" }, row.at)),
        h("p", {}, row.reasons.map((reason) => t(`reason_${reason}`)).join(" · "), row.zone ? ` (${row.zone})` : ""),
        h("p", { class: "gate-what" }, t(`decision_${row.decision}`)))));
}

/* --- the plate, or somebody on foot --- */

function entering(page, here, draw) {
    const { h, t } = page;
    const mode = (key, foot) => h("button", { class: "button", "aria-pressed": String(now.entry.foot === foot),
        onclick: () => { now.entry = { ...blank(), foot }; draw(); } }, t(key));
    const modes = h("div", { class: "row" }, mode("vehicle", false), mode("on_foot", true));
    return [modes, ...(now.entry.foot ? walking(page, here, draw) : driving(page, here, draw))];
}

function driving(page, here, draw) {
    const { h, t } = page;
    const take = (known) => { now.entry = { ...blank(), ...remembered(known) }; next(draw); };
    const typed = (plate, whole) => {
        now.entry.plate = plate;
        if (!whole) return fill();
        const known = here.regulars.find((row) => row.plate === plate);
        now.entry = { ...now.entry, ...(known ? remembered(known) : {}) };
        next(draw);
    };
    const box = h("div", { class: "gate-regulars", "aria-label": t("recent") });
    const fill = () => box.replaceChildren(...offered(here).map((row) => h("button", { class: "button gate-regular",
        "data-plate": row.plate, onclick: () => take(row) }, h("b", {}, spelled(row.plate)),
        h("small", {}, [row.from_name, row.purpose && t(`purpose_${row.purpose}`), row.driver].filter(Boolean).join(" · ")))));
    fill();
    return [box, plates(page, { start: now.entry.plate || usual(here), signs: Object.keys(page.list.provinces), typed })];
}

const remembered = (row) => ({ plate: row.plate, kind: row.kind, purpose: row.purpose, from_code: row.from_code,
    from_name: row.from_name, people: row.people, driver: row.driver });

/* Those that begin or end like what is typed; the most frequent first. */
function offered(here) {
    const typed = now.entry.plate.slice(2);
    return here.regulars.filter((row) => !typed || row.plate.slice(2).includes(typed)).slice(0, SHOWN_REGULARS);
}

/* What most plates here begin with. */
function usual(here) {
    const counts = new Map();
    for (const { plate } of here.regulars) counts.set(plate.slice(0, 2), (counts.get(plate.slice(0, 2)) ?? 0) + 1);
    return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? "豫H";
}

function walking(page, here, draw) {
    const { h, t } = page;
    const number = (text, whole) => {
        now.entry.id_number = text;
        if (whole) next(draw);
    };
    const read = () => scan(page, (text) => {
        const found = /\d{17}[\dXx]/.exec(text)?.[0];
        if (!found) return false;
        number(found.toUpperCase(), true);
        return true;
    });
    const camera = "BarcodeDetector" in window ? h("button", { class: "button wide", onclick: read }, t("scan")) : null;
    return [camera, digits(page, { start: now.entry.id_number, typed: number })];
}

function next(draw) {
    now.step = "decide";
    now.look = false;
    draw();
    scrollTo(0, 0);
}

/* --- what is looked at, and the decision --- */

function deciding(page, here, draw) {
    const { h, t } = page;
    const entry = now.entry;
    entry.from_code ||= here.from_code || page.list.provinces[entry.plate[0]] || "";
    entry.from_name ||= here.from_code ? here.from_name : page.list.names[entry.from_code] ?? "";
    const found = reasons(entry, now.direction, here, page.list.zones);
    const back = h("button", { class: "button quiet", onclick: () => { start(); draw(); } }, t("clear"));
    const who = h("div", { class: "gate-plate" }, entry.foot ? entry.id_number : spelled(entry.plate), back);
    const warnings = found.length ? h("div", { class: "note strong" }, found.map((one) => h("p", {},
        h("b", {}, t(`reason_${one}`)), one === "VEHICLE_SOUGHT" ? ` · ${here.sought[entry.plate]}` : "",
        one.startsWith("RISK") ? ` · ${zoneOf(entry, page.list.zones)?.name ?? ""}` : ""))) : null;
    if (!now.look && !found.length) return [who, about(page, here, draw), quick(page, draw)];
    return [who, warnings, about(page, here, draw), ...looking(page, here, draw), decision(page, here, found, draw)];
}

function about({ h, t, list }, here, draw) {
    const entry = now.entry;
    const set = (values) => () => { Object.assign(entry, values); draw(); };
    const places = new Map([[here.from_code, here.from_name], [entry.from_code, entry.from_name],
        [list.provinces[entry.plate[0]], list.names[list.provinces[entry.plate[0]]]],
        ...here.regulars.slice(0, 12).map((row) => [row.from_code, row.from_name])].filter(([code, name]) => code && name));
    const from = [...places].slice(0, 4).map(([from_code, from_name]) => chip(h, from_name,
        entry.from_code === from_code, set({ from_code, from_name })));
    const people = [1, 2, 3, 4, 5].map((n) => chip(h, String(n), entry.people === n, set({ people: n })));
    return h("section", { class: "card gate-about" }, group(h, t("from"), from),
        entry.foot ? null : group(h, t("people"), people));
}

const chip = (h, text, on, onclick) => h("button", { class: "button gate-chip", "aria-pressed": String(on), onclick }, text);
const group = (h, label, chips) =>
    h("div", { class: "gate-group", role: "group", "aria-label": label }, h("span", {}, label), h("div", { class: "row" }, chips));

function quick(page, draw) {
    const { h, t } = page;
    const fine = () => keep(page, draw, { code: "GREEN", fever: null, test: now.entry.test ?? 48 }, "LET_THROUGH");
    return h("div", { class: "gate-quick" },
        h("button", { class: "button good wide gate-big", "data-act": "in-order", onclick: fine }, h("span", {}, t("in_order"),
            h("small", {}, t("in_order_how")))),
        h("button", { class: "button wide", "data-act": "look", onclick: () => { now.look = true; draw(); } }, t("look")));
}

function looking({ h, t }, here, draw) {
    const entry = now.entry;
    const set = (values) => () => { Object.assign(entry, values); draw(); };
    const codes = ["GREEN", "YELLOW", "RED", "NONE"].map((code) => h("button", { class: `button gate-code ${code}`,
        "aria-pressed": String(entry.code === code), "data-code": code, onclick: set({ code }) }, t(`code_${code}`)));
    const fevers = [null, ...FEVERS].map((degrees) => chip(h, degrees === null ? t("no_fever") : degrees.toFixed(1),
        entry.fever === degrees, set({ fever: degrees })));
    const tests = TESTS.map((hours) => chip(h, hours ? t("hours", { n: hours }) : t("no_test"), entry.test === hours,
        set({ test: hours })));
    return [h("section", { class: "card" }, group(h, t("code"), codes), group(h, t("temperature"), fevers),
        group(h, t("test"), tests))];
}

function decision(page, here, found, draw) {
    const { h, t } = page;
    const advised = advice(found, here.advice);
    const order = ["LET_THROUGH", "REFERRED", "TURNED_BACK", "HELD"];
    const milder = (what) => order.indexOf(what) < order.indexOf(advised);
    const take = (what) => () => (milder(what) && !now.entry.why ? whys(what) : keep(page, draw, {}, what));
    const buttons = order.map((what) => h("button", { class: `button ${what === advised ? "main" : ""}`, "data-act": what,
        onclick: take(what) }, t(`decision_${what}`)));
    const box = h("section", { class: "card gate-decide" },
        h("p", {}, t("advised", { what: t(`decision_${advised}`) })), h("div", { class: "row" }, buttons));
    const whys = (what) => box.append(h("p", { class: "why" }, t("against")), h("div", { class: "row" },
        ["why_doctor", "why_goods", "why_known"].map((key) => h("button", { class: "button", onclick: () => {
            now.entry.why = t(key);
            keep(page, draw, {}, what);
        } }, t(key)))));
    return box;
}

/* --- kept on the phone, then sent --- */

async function keep(page, draw, values, what) {
    const entry = { ...now.entry, ...values };
    const who = entry.foot ? entry.id_number.replace(/^(\w{4})\w+(\w{4})$/, "$1…$2") : spelled(entry.plate);
    const label = `${who} · ${page.t(`decision_${what}`)}`;
    const payload = { point: now.point, direction: now.direction, plate: entry.foot ? "" : entry.plate, plate_kind: entry.kind,
        id_number: entry.id_number, people: entry.people, purpose: entry.purpose, from_code: entry.from_code,
        from_name: entry.from_name, code_state: entry.code || "UNSEEN", temperature: entry.fever, test_hours: entry.test,
        decision: what, why: entry.why, shown: { taps: now.taps, ms: Math.round(performance.now() - now.since) } };
    const id = await page.add({ kind: "passage", key: `passage ${Date.now()}`, label, payload });
    if (!id) return;
    start();
    draw();
}

function start() {
    Object.assign(now, { entry: { ...blank(), foot: now.entry.foot }, step: "plate", look: false, taps: 0, since: 0 });
}

function last({ h, t, entries }) {
    const rows = entries().slice(-4).reverse();
    return h("section", { class: "gate-sent" }, rows.length ? h("h2", {}, t("last")) : null, rows.map((entry) =>
        h("article", { class: `card entry ${entry.state}`, "data-entry": entry.id }, h("strong", {}, entry.label),
            entry.reason ? h("p", { class: "why" }, entry.reason) : null)));
}
