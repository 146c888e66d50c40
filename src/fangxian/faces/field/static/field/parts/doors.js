/* Today's doors in walking order. What is owed stands open; everything else is one line with one button. */

import { ask, toast } from "../js/ui.js";
import { t as word } from "../js/texts.js";
import * as forms from "./doors_forms.js";
import * as model from "./doors_model.js";
import { keys, stands } from "./doors_model.js";
import { checks, personParts } from "./doors_person.js";

const TABS = ["open", "all", "done", "gaps"];

export default {
    render(page) {
        return new Doors(page).element;
    },
};

class Doors {
    constructor(page) {
        this.page = page;
        this.day = page.list.on;
        this.tab = "open";
        this.text = "";
        this.forced = new Set(); // doors the worker opened or closed by hand
        this.look();
        this.head = page.h("div", { class: "doors-head" });
        this.rows = page.h("div", { class: "doors-rows" });
        this.element = page.h("div", { class: "page doors" }, this.head, this.rows);
        page.changed(() => this.refresh());
        this.drawHead();
        this.drawRows();
    }

    look() {
        this.known = model.latest(this.page.entries());
        this.hour = new Date(this.page.now()).getHours();
    }

    standing(door) {
        return model.standing(door, this.day, this.known, this.hour);
    }

    /* ---- head ---- */

    drawHead() {
        const { h, t, list } = this.page;
        const tabs = TABS.map((tab) => h("button", { class: "button", "aria-pressed": String(tab === this.tab),
            onclick: () => this.choose(tab) }, t(tab)));
        const find = h("input", { type: "search", class: "doors-find", placeholder: t("find"), "aria-label": t("find"),
            value: this.text, oninput: (event) => this.search(event.target.value) });
        this.sum = h("p", { class: "doors-sum", role: "status" });
        this.head.replaceChildren(h("div", { class: "doors-tabs" }, tabs), find, this.sum);
        this.drawSum();
        if (!list.cells.length) this.rows.replaceChildren(h("p", { class: "empty" }, t("no_cell")));
    }

    drawSum() {
        const { t, list } = this.page;
        const counted = list.cards.map((door) => this.standing(door));
        const n = counted.filter((standing) => standing === "owed" || standing === "due").length;
        const done = counted.filter((standing) => standing === "done").length;
        this.sum.textContent = `${list.cells.join(" · ")}  ${n ? t("left", { n, done }) : t("none_left")}`;
    }

    choose(tab) {
        this.tab = tab;
        this.drawHead();
        this.drawRows();
        scrollTo(0, 0);
    }

    search(text) {
        this.text = text;
        this.drawRows();
    }

    /* ---- rows ---- */

    shown() {
        const doors = this.page.list.cards.filter((door) => model.fits(door, this.text));
        if (this.tab === "gaps") return doors.filter((door) => gapsOf(door).length);
        if (this.tab === "all" || this.text) return doors;
        const wanted = this.tab === "done" ? ["done"] : ["owed", "due"];
        return doors.filter((door) => wanted.includes(this.standing(door)));
    }

    drawRows() {
        const { h, t, list } = this.page;
        if (!list.cells.length) return;
        this.cards = new Map();
        const parts = [];
        if (this.tab === "open" && !this.text) parts.push(this.tasks(), this.others());
        const doors = this.shown();
        const empty = { open: "none_left", gaps: "gaps_none" }[this.tab] ?? "none";
        parts.push(doors.length ? doors.map((door) => this.put(door)) : h("p", { class: "empty" }, t(empty)));
        this.rows.replaceChildren(...parts.flat().filter(Boolean));
    }

    put(door) {
        const card = this.tab === "gaps" ? this.gapCard(door) : this.card(door);
        this.cards.set(door.id, { door, card, mark: this.mark(door) });
        return card;
    }

    /* What a card shows depends on this and on nothing else. */
    mark(door) {
        const about = [door.id, ...(door.p ?? []).flatMap((person) => [person.id,
            ...(person.k ?? []).map((task) => task.id), ...(person.r ?? []).map((one) => one.id)])];
        const mine = [...this.known.values()].filter((entry) => about.some((id) => entry.key.includes(id)));
        return JSON.stringify([this.standing(door), mine.map((entry) => [entry.id, entry.state])]);
    }

    /* Something was kept, sent or refused: only the cards it concerns are drawn anew, none that is being filled in. */
    refresh() {
        this.look();
        this.drawSum();
        for (const [id, shown] of this.cards ?? []) {
            const mark = this.mark(shown.door);
            if (mark === shown.mark || shown.card.querySelector("form")) continue;
            const card = this.tab === "gaps" ? this.gapCard(shown.door) : this.card(shown.door);
            shown.card.replaceWith(card);
            this.cards.set(id, { ...shown, card, mark });
        }
    }

    /* ---- one door ---- */

    card(door) {
        const { h, t } = this.page;
        const standing = this.standing(door);
        const found = model.outcome(door, this.day, this.known);
        const looked = standing === "done" ? (door.p ?? []).flatMap((person) => checks(this, person)) : [];
        const marks = [...looked, found && h("span", { class: `mark ${["SEEN", "SOME", "EMPTY"].includes(found) ? "ok" : "gap"}` },
            t(`o_${found}`)), this.entryMark(keys.call(door, this.day))];
        const quick = standing === "due" && door.p?.length
            ? h("button", { class: "button good quick", onclick: (event) => this.allHere(event, door) }, t("all_here")) : null;
        const names = (door.p ?? []).map((person) => person.n).join(" ");
        const summary = h("summary", {}, h("strong", {}, door.n), h("span", { class: "names" }, names), marks, quick);
        const card = h("details", { class: `card door ${standing}`, "data-door": door.id }, summary);
        const fill = () => card.children.length === 1 && card.append(this.body(door));
        card.addEventListener("toggle", () => {
            if (card.open) fill();
        });
        if (standing === "owed" || this.forced.has(door.id)) {
            fill();
            card.open = true;
        }
        summary.addEventListener("click", () => this.forced[card.open ? "delete" : "add"](door.id));
        return card;
    }

    /* The usual day: everybody as on the roster, one tap. */
    allHere(event, door) {
        event.preventDefault();
        event.stopPropagation();
        event.target.disabled = true;
        this.called(door, "SEEN");
    }

    called(door, outcome, away = [], reminded = []) {
        const payload = { household: door.id, day: this.day, outcome, away, reminded, shown: { outcome, away } };
        const label = `${door.n} ${this.page.t(`o_${outcome}`)}`;
        return this.page.add({ kind: "doors.call", key: keys.call(door, this.day), label, payload });
    }

    body(door) {
        const { h, t } = this.page;
        const people = (door.p ?? []).map((person) => personParts(this, person, door));
        const gone = (door.gaps ?? []).map((gap) => h("p", { class: "hint" }, t(`gap_${gap}`)));
        const seen = h("p", { class: "hint" }, door.seen ? t("last_seen", { day: door.seen }) : t("never_seen"));
        return h("div", { class: "door-body" }, people, this.outcomes(door), seen, gone, this.roster(door));
    }

    /* How the call went; tapping names marks who is away, then "all well" counts for the others. */
    outcomes(door) {
        const { h, t } = this.page;
        const button = (outcome, label, tone = "") =>
            h("button", { class: `button ${tone}`, onclick: () => this.called(door, outcome) }, label);
        const many = (door.p ?? []).length > 1
            ? h("button", { class: "button", onclick: (event) => this.someAway(event.target, door) }, t("o_SOME")) : null;
        const here = door.p?.length ? [button("SEEN", t("all_here"), "good"), many] : button("EMPTY", t("empty"));
        return h("div", { class: "taps" }, here, button("NOBODY", t("nobody")), button("REFUSED", t("refuses")));
    }

    someAway(button, door) {
        const { h, t } = this.page;
        const away = new Set();
        const names = door.p.map((person) => h("button", { class: "button", type: "button", "aria-pressed": "false",
            onclick: (event) => {
                away[away.has(person.id) ? "delete" : "add"](person.id);
                event.target.setAttribute("aria-pressed", String(away.has(person.id)));
            } }, person.n));
        const keep = (event) => {
            event.preventDefault();
            event.target.remove();
            this.called(door, away.size ? "SOME" : "SEEN", [...away]);
        };
        button.closest(".taps").replaceChildren(h("form", { class: "doors-form", onsubmit: keep },
            h("p", { class: "hint" }, t("who_away")), h("div", { class: "taps" }, names),
            h("button", { class: "button main wide", type: "submit" }, t("enter"))));
    }

    /* The roster itself: who came, moved in, was born. */
    roster(door) {
        const { h, t } = this.page;
        const place = h("div", {});
        const done = () => {
            place.replaceChildren(h("p", { class: "mark ok" }, t("kept")));
            toast(t("kept"));
        };
        const open = (made) => place.replaceChildren(made(this.page, door, done));
        const buttons = [["came", forms.came], ["moved_in", forms.movedIn], ["newborn", forms.newborn]].map(
            ([key, made]) => h("button", { class: "button quiet", onclick: () => open(made) }, t(key)));
        return h("div", {}, h("div", { class: "row" }, buttons), place);
    }

    /* ---- what stands at no door ---- */

    tasks() {
        const { h, t, list } = this.page;
        const open = (list.tasks ?? []).filter((task) => !stands(this.known.get(keys.task(task))));
        if (!open.length) return null;
        return h("section", {}, h("h2", {}, t("tasks")), open.map((task) => h("article", { class: "card" },
            personParts.task(this, task))));
    }

    others() {
        const { h, t, list } = this.page;
        if (!list.others?.length) return null;
        return h("section", {}, h("h2", {}, t("others")), list.others.map((person) =>
            h("article", { class: "card" }, personParts(this, person, null))));
    }

    /* ---- what the roster lacks ---- */

    gapCard(door) {
        const { h, t, list } = this.page;
        const lines = gapsOf(door).map(([gap, person]) => {
            const entry = person && this.known.get(keys.mend(person));
            const canMend = person && (gap === "phone" || gap === "id") && !stands(entry);
            const button = canMend ? h("button", { class: "button", onclick: (event) => {
                const row = event.target.closest(".person");
                event.target.remove();
                row.append(forms.mend(this.page, person, () => row.querySelector("form").remove()));
            } }, t("add")) : null;
            return h("div", { class: "person" }, h("div", { class: "line" }, person ? h("strong", {}, person.n) : null,
                h("span", { class: "mark gap" }, t(`gap_${gap}`, { n: list.days.unseen })),
                person ? this.entryMark(keys.mend(person)) : null, button));
        });
        return h("article", { class: "card door-body", "data-door": door.id }, h("strong", {}, door.n), lines);
    }

    /* Whether an entry is still on the phone, or came back. */
    entryMark(key) {
        const { h } = this.page;
        const entry = this.known.get(key);
        if (!entry || entry.state === "sent") return null;
        const tone = entry.state === "refused" ? "ill" : "gap";
        return h("a", { class: `mark ${tone}`, href: "#/outbox" }, word(entry.state));
    }

    async movedOut(person) {
        if (!(await ask(this.page.t("moved_out_sure", { name: person.n }), this.page.t("moved_out"), false))) return;
        const payload = { person: person.id, on: this.day };
        const label = `${this.page.t("moved_out")}: ${person.n}`;
        if (await this.page.add({ kind: "doors.moved_out", key: keys.out(person), label, payload })) toast(this.page.t("kept"));
    }
}

/* A door's own gaps, then those of its people: a door never reached explains why nobody was seen. */
function gapsOf(door) {
    const own = (door.gaps ?? []).map((gap) => [gap, null]);
    const never = door.gaps?.includes("never");
    const theirs = (door.p ?? []).flatMap((person) => (person.gaps ?? [])
        .filter((gap) => gap !== "unseen" || !never).map((gap) => [gap, person]));
    return [...own, ...theirs];
}
