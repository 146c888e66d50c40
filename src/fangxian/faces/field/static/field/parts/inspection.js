/* The inspector's trip: the route, then a stop with its list; photos are made small on the phone before they are kept. */

import { camera } from "../js/photos.js";
import { toast } from "../js/ui.js";

export default {
    render(page) {
        return new Trip(page).element;
    },
};

class Trip {
    constructor(page) {
        this.page = page;
        this.given = new Map(); // stop → item → { value, seen, photos }
        this.open = null;
        this.element = page.h("div", { class: "page" });
        page.changed(() => this.open || this.draw());
        this.draw();
    }

    /* What became of a stop: what waits on the phone counts before what the server knew. */
    state(stop) {
        const mine = this.page.entries().filter((entry) => entry.key === stop.id).sort((a, b) => a.at - b.at).at(-1);
        if (!mine) return { word: { DONE: "visited", SKIPPED: "skipped" }[stop.state] ?? "open", done: stop.state !== "PLANNED" };
        return { word: { waiting: "waits", sent: "sent", refused: "bad" }[mine.state], done: mine.state !== "refused", tone: mine.state };
    }

    draw() {
        const { h, t, list } = this.page;
        const { trips, cards } = list;
        if (!trips.length) return this.element.replaceChildren(h("p", { class: "empty" }, t("none")));
        if (this.open) return this.drawStop();
        return this.element.replaceChildren(...trips.flatMap((trip) => {
            const stops = cards.filter((card) => card.trip === trip.id);
            const left = stops.filter((stop) => !this.state(stop).done).length;
            return [h("h2", {}, trip.n), trip.team ? h("p", {}, trip.team) : null,
                h("p", { role: "status" }, t("left", { n: left, done: stops.length - left })),
                ...stops.map((stop) => this.stopCard(stop))].filter(Boolean);
        }));
    }

    stopCard(stop) {
        const { h, t, list } = this.page;
        const { word, done, tone } = this.state(stop);
        const colour = { waiting: "inspection-waits", refused: "inspection-refused" }[tone] ?? (done ? "inspection-done" : "");
        return h("section", { class: `card ${colour}`, "data-stop": stop.id },
            h("button", { class: "inspection-stop", onclick: () => this.show(stop) },
                h("strong", {}, `${stop.no}. ${stop.n}`), h("span", { class: "at" }, t(word))),
            h("p", {}, `${stop.area} · ${list.lists[stop.list]?.n ?? ""}`));
    }

    show(stop) {
        this.open = stop;
        this.draw();
        scrollTo(0, 0);
    }

    answers(stop) {
        if (!this.given.has(stop.id)) this.given.set(stop.id, new Map());
        return this.given.get(stop.id);
    }

    drawStop() {
        const { h, t, list } = this.page;
        const stop = this.open;
        const back = h("button", { class: "button quiet", onclick: () => this.show(null) }, t("back"));
        const asked = list.lists[stop.list].items;
        const rows = this.state(stop).done ? [] : [
            ...asked.map((item) => this.item(stop, item)),
            h("button", { class: "button wide", "data-act": "rest", onclick: () => this.rest(stop, asked) }, t("yes_all")),
            h("button", { class: "button main wide", "data-act": "keep", onclick: () => this.keep(stop, asked) }, t("keep")),
            this.leaveOut(stop),
        ];
        this.element.replaceChildren(back, h("h2", {}, `${stop.no}. ${stop.n}`), h("p", {}, list.lists[stop.list].n),
            h("section", { class: "card" }, rows.length ? rows : h("p", {}, t(this.state(stop).word))), this.another(stop));
    }

    item(stop, [key, text, severity]) {
        const { h, t } = this.page;
        const said = this.answers(stop).get(key) ?? {};
        const choose = (value) => () => {
            this.answers(stop).set(key, { photos: [], ...said, value });
            this.element.querySelector(`[data-item="${key}"]`).replaceWith(this.item(stop, [key, text, severity]));
        };
        const button = (value, word, tone) => h("button", { class: `button inspection-${tone}`, "data-value": value,
            "aria-pressed": String(said.value === value), onclick: choose(value) }, t(word));
        const card = h("div", { class: "inspection-item", "data-item": key },
            h("p", {}, text, severity === "CRITICAL" ? h("span", { class: "mark" }, ` ${t("grave")}`) : null),
            h("div", { class: "inspection-keys" }, button("YES", "ok", "ok"), button("NO", "bad", "bad"), button("NOT_APPLICABLE", "na", "na")));
        if (said.value === "NO") card.append(this.seen(said));
        return card;
    }

    seen(said) {
        const { h, t } = this.page;
        const words = h("input", { "aria-label": t("seen"), placeholder: t("seen"), maxlength: 150, value: said.seen ?? "",
            oninput: (event) => { said.seen = event.target.value; } });
        return h("div", { class: "inspection-seen" }, words, camera(said, t("photo")));
    }

    rest(stop, asked) {
        for (const [key] of asked) if (!this.answers(stop).get(key)?.value) this.answers(stop).set(key, { value: "YES", photos: [] });
        this.drawStop();
    }

    async keep(stop, asked) {
        const { t } = this.page;
        const said = this.answers(stop);
        const short = asked.some(([key]) => !said.get(key)?.value || (said.get(key).value === "NO" && (said.get(key).seen ?? "").trim().length < 2));
        if (short) return toast(t("missing"), "bad");
        const answers = Object.fromEntries(asked.map(([key]) => {
            const { value, seen, photos } = said.get(key);
            return [key, value === "NO" ? { value, seen: seen.trim(), photos } : { value }];
        }));
        const found = Object.values(answers).filter((one) => one.value === "NO").length;
        const label = `${stop.n} · ${t("found", { n: found })}`;
        if (!await this.page.add({ kind: "inspection_answer", key: stop.id, label, payload: { sheet: stop.id, answers, shown: { found } } })) return null;
        this.given.delete(stop.id);
        return this.show(null);
    }

    leaveOut(stop) {
        const { h, t } = this.page;
        const why = h("input", { "aria-label": t("why"), placeholder: t("why"), maxlength: 200, required: true });
        return h("details", {}, h("summary", { class: "button quiet" }, t("skip")), h("form", { onsubmit: async (event) => {
            event.preventDefault();
            const payload = { sheet: stop.id, reason: why.value.trim(), shown: {} };
            if (await this.page.add({ kind: "inspection_leave_out", key: stop.id, label: `${stop.n} · ${t("skipped")}`, payload })) this.show(null);
        } }, why, h("button", { class: "button wide" }, t("skip"))));
    }

    /* What no list asks for: a sentence, how grave, about what, a photo. */
    another(stop) {
        const { h, t, list } = this.page;
        const said = { photos: [] };
        const select = (name, rows) => h("select", { name, "aria-label": t(name) }, rows.map(([value, word]) => h("option", { value }, word)));
        const what = h("input", { "aria-label": t("what"), placeholder: t("what"), minlength: 4, maxlength: 200, required: true });
        const severity = select("severity", [["MINOR", t("minor")], ["MAJOR", t("major")], ["CRITICAL", t("grave")]]);
        const topic = select("topic", [...list.topics].reverse());
        const mind = select("mind", [["", t("nothing")], ...list.minds]);
        return h("details", { class: "card" }, h("summary", {}, t("more")), h("form", { class: "inspection-seen", onsubmit: async (event) => {
            event.preventDefault();
            const payload = { sheet: stop.id, what: what.value.trim(), severity: severity.value, topic: topic.value, attitude: mind.value,
                photos: said.photos, shown: {} };
            if (await this.page.add({ kind: "inspection_finding", key: `${stop.id} ${what.value}`, label: `${stop.n} · ${payload.what}`, payload })) this.drawStop();
        } }, what, severity, topic, mind, camera(said, t("photo")), h("button", { class: "button main wide" }, t("keep"))));
    }
}
