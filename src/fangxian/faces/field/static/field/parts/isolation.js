/* The nurse's round: exceptions first, one tap a temperature, and all others normal with one button. */

import { ask } from "../js/ui.js";

const USUAL = ["36.2", "36.4", "36.6", "36.8"];
const SIGNS = ["cough", "throat", "tired", "diarrhoea", "breath"];
const NOON = 12;

export default {
    render(page) {
        return new Round(page).element;
    },
};

class Round {
    constructor(page) {
        this.page = page;
        this.slot = new Date(page.now()).getHours() < NOON ? "AM" : "PM";
        this.tab = "open";
        this.text = "";
        this.site = "";
        this.shown = new Set(); // guests whose form is open
        this.entering = new Set(); // guests whose check is being kept: "all others" must not count them among the others
        this.head = page.h("div", { class: "isolation-head" });
        this.rows = page.h("div", {});
        this.element = page.h("div", { class: "page" }, this.head, this.rows);
        page.changed(() => this.refresh());
        this.draw();
    }

    /* The check of a guest in this round: what waits on the phone counts before what the server knew. */
    seen(guest) {
        const mine = this.page.entries().filter((entry) => entry.state !== "refused");
        // all that is left of an entry once it is sent is what it marked as shown
        const said = (entry) => (entry.payload?.slot ? entry.payload : entry.payload?.shown) ?? {};
        const about = mine.filter((entry) => said(entry).slot === this.slot
            && (entry.key === this.key(guest) || said(entry).stays?.includes(guest.id)));
        const last = about.sort((a, b) => a.at - b.at).at(-1);
        if (!last) return guest.seen?.[this.slot] ?? null;
        if (said(last).stays) return { t: "", bad: 0, waits: last.state === "waiting" };
        const { temperature, symptoms, status } = said(last);
        const fever = Number(temperature) >= Number(this.page.list.fever);
        return { t: temperature ?? "", bad: fever || symptoms || status !== "COOPERATIVE" ? 1 : 0, fever, symptoms, status,
            waits: last.state === "waiting" };
    }

    key(guest) {
        return `${this.slot} ${this.page.list.on} ${guest.id}`;
    }

    guests() {
        const all = this.page.list.cards;
        return this.site ? all.filter((guest) => guest.site === this.site) : all;
    }

    draw() {
        const { h, t, list } = this.page;
        if (!list.cards.length) {
            this.rows.replaceChildren(h("p", { class: "empty" }, t("nobody")));
            return;
        }
        const button = (name, pressed, act) => h("button", { class: "button", "aria-pressed": String(pressed), onclick: act }, t(name));
        const slots = ["AM", "PM"].map((slot) => button(slot, slot === this.slot, () => this.choose({ slot })));
        const tabs = ["open", "trouble", "done"].map((tab) => button(tab, tab === this.tab, () => this.choose({ tab })));
        const sites = h("select", { "aria-label": t("all_sites"), onchange: (event) => this.choose({ site: event.target.value }) },
            h("option", { value: "" }, t("all_sites")),
            list.sites.map((site) => h("option", { value: site.id, selected: site.id === this.site }, site.n)));
        const find = h("input", { type: "search", placeholder: t("find"), "aria-label": t("find"), value: this.text,
            oninput: (event) => { this.text = event.target.value; this.drawRows(); } });
        this.sum = h("p", { role: "status" });
        this.head.replaceChildren(...[h("div", { class: "isolation-tabs" }, slots), list.sites.length > 1 ? sites : null,
            h("div", { class: "isolation-tabs" }, tabs), find, this.sum].filter(Boolean));
        this.drawRows();
    }

    choose(what) {
        Object.assign(this, what);
        this.draw();
        scrollTo(0, 0);
    }

    refresh() {
        if (this.rows.querySelector("form")) this.drawSum();
        else if (this.page.list.cards.length) this.drawRows();
    }

    drawSum() {
        const open = this.guests().filter((guest) => !this.seen(guest)).length;
        this.sum.textContent = this.page.t("left", { n: open, done: this.guests().length - open });
        return open;
    }

    drawRows() {
        const { h, t } = this.page;
        const open = this.drawSum();
        const fits = (guest) => !this.text || guest.room.startsWith(this.text) || guest.n.includes(this.text);
        const wanted = { open: (seen) => !seen, trouble: (seen) => seen?.bad, done: (seen) => seen }[this.tab];
        const found = this.guests().filter((guest) => fits(guest) && (this.text || wanted(this.seen(guest))));
        const rest = this.tab === "open" && open && !this.text
            ? [h("button", { class: "button good wide", onclick: () => this.rest() }, t("rest", { n: open })), h("p", { class: "note" }, t("rest_how"))]
            : [];
        this.rows.replaceChildren(...rest,
            ...(found.length ? found.map((guest) => this.card(guest)) : [h("p", { class: "empty" }, t("none"))]));
    }

    card(guest) {
        const { h, t } = this.page;
        const seen = this.seen(guest);
        const side = guest.care ?? "";
        const words = seen ? [seen.t ? `${seen.t} °C` : t(seen.status === "UNAVAILABLE" ? "unseen" : seen.status === "UNCOOPERATIVE" ? "refused" : "normal"),
            seen.fever ? t("fever") : "", seen.symptoms ?? ""].filter(Boolean).join(" · ") : "";
        const card = h("section", { class: `card${seen ? (seen.bad ? " isolation-bad" : " isolation-ok") : ""}`, "data-guest": guest.id },
            h("div", { class: "isolation-guest" }, h("strong", {}, guest.room), h("span", {}, guest.n), side && h("span", { class: "mark" }, side),
                h("span", { class: seen?.bad ? "at isolation-why" : "at" }, words)));
        if (!seen || this.shown.has(guest.id)) card.append(this.keys(guest));
        else card.append(h("button", { class: "button quiet", onclick: () => this.reopen(guest) }, t("other")));
        return card;
    }

    reopen(guest) {
        this.shown.add(guest.id);
        this.replace(guest);
    }

    replace(guest) {
        this.rows.querySelector(`[data-guest="${guest.id}"]`)?.replaceWith(this.card(guest));
        this.drawSum();
    }

    keys(guest) {
        const { h, t } = this.page;
        const usual = USUAL.map((degrees) => h("button", { class: "button", onclick: () => this.enter(guest, { temperature: degrees }) }, degrees));
        const more = h("details", { class: "isolation-more" }, h("summary", { class: "button quiet" }, t("other")), this.form(guest));
        const absent = [["UNAVAILABLE", "unseen"], ["UNCOOPERATIVE", "refused"]].map(([status, name]) =>
            h("button", { class: "button quiet", onclick: () => this.enter(guest, { status }) }, t(name)));
        return h("div", {}, h("div", { class: "isolation-keys" }, usual), h("div", { class: "isolation-rare" }, absent, more));
    }

    form(guest) {
        const { h, t } = this.page;
        const degrees = h("input", { name: "temperature", inputmode: "decimal", pattern: "(3[4-9]|4[0-3])([.,][0-9])?", required: true,
            "aria-label": t("field_temperature"), placeholder: "37.0", autocomplete: "off" });
        const signs = SIGNS.map((name) => h("label", {}, h("input", { type: "checkbox", value: name }), t(name)));
        return h("form", { onsubmit: (event) => {
            event.preventDefault();
            const said = [...event.target.querySelectorAll("input:checked")].map((box) => t(box.value)).join("、");
            this.enter(guest, { temperature: degrees.value.replace(",", "."), symptoms: said });
        } }, h("div", { class: "field" }, degrees), signs, h("button", { class: "button main wide" }, t("save")));
    }

    async enter(guest, said) {
        const label = `${guest.room} ${guest.n} ${said.temperature ?? ""}`;
        const seen = { slot: this.slot, status: "COOPERATIVE", ...said };
        const payload = { stay: guest.id, ...seen, shown: seen };
        this.entering.add(guest.id);
        const kept = await this.page.add({ kind: "isolation_check", key: this.key(guest), label, payload });
        this.entering.delete(guest.id);
        if (!kept) return;
        this.shown.delete(guest.id);
        if (this.tab === "open" && !this.text) this.rows.querySelector(`[data-guest="${guest.id}"]`)?.remove();
        this.drawRows();
    }

    async rest() {
        const { t } = this.page;
        const stays = this.guests().filter((guest) => !this.seen(guest) && !this.entering.has(guest.id)).map((guest) => guest.id);
        if (!await ask(t("rest_ask", { n: stays.length }), t("yes"), false)) return;
        for (let start = 0; start < stays.length; start += 100) {
            const part = stays.slice(start, start + 100);
            await this.page.add({ kind: "isolation_rest", key: `${this.slot} ${this.page.list.on} rest ${part[0]}`,
                label: t("rest", { n: part.length }), payload: { stays: part, slot: this.slot, shown: { stays: part, slot: this.slot } } });
        }
        this.drawRows();
    }
}
