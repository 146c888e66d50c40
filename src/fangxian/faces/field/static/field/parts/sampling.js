/* The sampler's page. A tube is scanned (or taken as the next of its roll), people are tapped or scanned until it is full.
   A scanner that types is listened to everywhere on the page: no field has to be touched first. */

import { scan } from "./gate/camera.js";

const SIZES = [1, 5, 10, 20, 99];
const FORMATS = ["code_128", "code_39", "ean_13", "data_matrix", "qr_code"];
const PERSON = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const NUMBER = /^\d{17}[\dX]$/;
const TYPED_MS = 120; // a scanner types faster than anybody
const SHOWN_LAST = 4;
const FEW = 40; // so many names stand open, more are folded by area
const now = { point: "", tube: "", size: 0, open: new Set(), typed: "", at: 0 };

export default { render };

function render(page) {
    const root = page.h("div", { class: "page sampling" });
    const draw = () => root.replaceChildren(...screen(page, draw).filter(Boolean));
    const settled = () => root.querySelector("input")?.value || draw(); // what is half typed is not drawn over
    const listen = (event) => {
        if (!root.isConnected) return document.removeEventListener("keydown", listen);
        return heard(event, (text) => read(page, draw, text));
    };
    document.addEventListener("keydown", listen);
    page.changed(settled);
    draw();
    return root;
}

/* Characters that come faster than a hand types, ended by Enter, are a code. */
function heard(event, use) {
    if (event.target.closest("input, textarea, select, dialog")) return;
    const quick = event.timeStamp - now.at < TYPED_MS;
    now.at = event.timeStamp;
    if (event.key === "Enter" && quick && now.typed.length > 3) {
        event.preventDefault();
        use(now.typed);
        now.typed = "";
    } else if (event.key.length === 1) {
        now.typed = (quick ? now.typed : "") + event.key;
    }
}

/* What a code is follows from its form: a person, an identity number, otherwise a tube. */
function read(page, draw, text) {
    const code = text.trim();
    if (PERSON.test(code)) return take(page, draw, { person: code }, nameOf(page, code));
    if (NUMBER.test(code.toUpperCase())) return take(page, draw, { id_number: code.toUpperCase() }, page.t("without_name"));
    if (!/^[\w-]{4,40}$/.test(code)) return false;
    now.tube = code.toUpperCase();
    draw();
    return true;
}

const here = ({ list }) => list.cards.find((card) => card.id === now.point) ?? list.cards[0];
/* What this phone registered in the round, as far as nothing was refused. */
const given = (page) => page.entries().filter((entry) => entry.state !== "refused").map((entry) => entry.payload?.shown)
    .filter((shown) => shown?.round === here(page).r);
const inside = (page) => given(page).filter((shown) => shown.barcode === now.tube);
const nameOf = (page, id) => here(page).p.find((one) => one.id === id.toLowerCase())?.n ?? id.slice(-6);

function screen(page, draw) {
    const { h, t } = page;
    const card = here(page);
    if (!card) return [h("p", { class: "empty" }, t("no_point"))];
    now.point = card.id;
    now.size ||= card.size;
    return [head(page, card, draw), tube(page, card, draw), ...(isFull(page) || !now.tube ? [] : people(page, card, draw)),
        last(page, draw)];
}

function head({ h, t, list }, card, draw) {
    const choose = (event) => { Object.assign(now, { point: event.target.value, tube: "", size: 0 }); draw(); };
    const points = list.cards.length > 1 ? h("select", { "aria-label": t("point"), onchange: choose },
        list.cards.map((one) => h("option", { value: one.id, selected: one.id === card.id }, one.name)))
        : h("strong", {}, card.name);
    return h("section", { class: "card sampling-head" }, points, h("p", {}, `${card.round} · ${t("registered", { n: card.n })}`));
}

/* --- the tube in hand --- */

const isFull = (page) => now.tube !== "" && inside(page).length >= now.size;

function tube(page, card, draw) {
    const { h, t } = page;
    const count = inside(page).length;
    const set = (code) => { now.tube = code; draw(); };
    const next = card.digits ? "" : following(page);
    const take = h("div", { class: "row" },
        camera() ? h("button", { class: "button main", "data-act": "scan-tube", onclick: () => look(page, draw) }, t("scan_tube")) : null,
        next ? h("button", { class: "button good", "data-act": "next", onclick: () => set(next) }, t("next_tube", { code: next })) : null);
    if (!now.tube) return h("section", { class: "card sampling-tube" }, h("h3", {}, t("no_tube")), sizes(page, draw), take, typing(page, draw));
    if (isFull(page)) return h("section", { class: "card sampling-tube" }, h("h3", {}, t("full")), h("p", {}, now.tube), take, typing(page, draw));
    const places = Math.min(now.size, 20);
    return h("section", { class: "card sampling-tube" }, h("div", { class: "who" }, h("strong", {}, now.tube),
        h("span", { class: "at" }, now.size === 99 ? String(count) : `${count} / ${now.size}`)),
        h("div", { class: "sampling-fill", "aria-hidden": "true" }, Array.from({ length: places }, (_, n) => h("i", { class: n < count ? "in" : "" }))),
        h("button", { class: "button quiet wide", "data-act": "close", onclick: () => set("") }, t("close")));
}

function sizes({ h, t }, draw) {
    const name = (size) => (size === 1 ? t("size_1") : size === 99 ? t("size_99") : String(size));
    return h("div", { class: "row sampling-size", role: "group", "aria-label": t("size") }, SIZES.map((size) => h("button", { class: "button",
        "aria-pressed": String(size === now.size), onclick: () => { now.size = size; draw(); } }, name(size))));
}

/* The tube after the last one of the roll: the same letters, one more. */
function following(page) {
    const codes = given(page).map((shown) => shown.barcode);
    const found = /^(.*?)(\d{1,9})$/.exec(codes.at(-1) ?? "");
    if (!found) return "";
    const code = found[1] + String(Number(found[2]) + 1).padStart(found[2].length, "0");
    return codes.includes(code) ? "" : code;
}

const camera = () => "BarcodeDetector" in window;
const look = (page, draw) => scan(page, (text) => read(page, draw, text), FORMATS);

/* For a phone without a camera that reads codes, and a code that cannot be read. */
function typing(page, draw) {
    const { h, t } = page;
    const field = h("input", { "aria-label": t("number"), autocomplete: "off", autocapitalize: "characters", maxlength: 40 });
    const use = (event) => {
        event.preventDefault();
        if (field.value.trim() && read(page, draw, field.value) === false) field.setAttribute("aria-invalid", "true");
    };
    return h("details", {}, h("summary", {}, t("number")), h("form", { class: "row", onsubmit: use }, field,
        h("button", { class: "button" }, t("take"))));
}

/* --- the people --- */

function people(page, card, draw) {
    const { h, t } = page;
    const done = new Set(given(page).map((shown) => shown.who));
    const left = card.p.filter((one) => !done.has(one.id));
    const areas = new Map();
    for (const one of left) areas.set(one.a, [...(areas.get(one.a) ?? []), one]);
    const scanning = camera() ? h("button", { class: "button wide", "data-act": "scan-person", onclick: () => look(page, draw) }, t("scan_person")) : null;
    return [scanning, typing(page, draw), h("h2", {}, t("missing"), " ", h("small", {}, left.length)),
        left.length ? null : h("p", { class: "empty" }, t("nobody")),
        ...[...areas].map(([name, persons]) => area(page, draw, name, persons, left.length <= FEW)),
        card.more ? h("p", { class: "note" }, t("more")) : null];
}

function area(page, draw, name, persons, few) {
    const { h } = page;
    const box = h("details", { class: "card", open: few || now.open.has(name), ontoggle: () => {
        if (box.open) now.open.add(name);
        else now.open.delete(name);
    } }, h("summary", {}, `${name} · ${persons.length}`), h("div", { class: "sampling-names" }, persons.flatMap((one, n) => [
        n && one.h !== persons[n - 1].h ? h("span", { class: "home", "aria-hidden": "true" }) : null,
        h("button", { class: "button", "data-person": one.id, onclick: () => take(page, draw, { person: one.id }, one.n) }, one.n)])));
    return box;
}

/* --- kept on the phone, then sent --- */

function take(page, draw, who, name) {
    if (!now.tube || isFull(page)) return false;
    const shown = { barcode: now.tube, who: who.person ?? who.id_number.slice(-6), round: here(page).r };
    if (inside(page).some((one) => one.who === shown.who)) return false;
    const payload = { point: now.point, barcode: now.tube, size: now.size, ...who, shown };
    page.add({ kind: "sample", key: `sample ${shown.round} ${shown.who}`, label: `${name} · ${now.tube}`, payload })
        .then((id) => id && draw());
    return true;
}

function last(page, draw) {
    const { h, t } = page;
    const rows = page.entries().slice(-SHOWN_LAST).reverse();
    const back = (entry) => h("button", { class: "button quiet", onclick: async () => { await page.takeBack(entry.id); draw(); } }, t("back"));
    return h("section", { class: "sampling-last" }, rows.length ? h("h2", {}, t("last")) : null, rows.map((entry) =>
        h("article", { class: `card entry ${entry.state}`, "data-entry": entry.id }, h("div", {}, h("strong", {}, entry.label),
            entry.reason ? h("p", { class: "why" }, entry.reason) : null), entry.state === "waiting" ? back(entry) : null)));
}
