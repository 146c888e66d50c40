/* Directives of my units: read, received and answered with photos, without a network; what changed meanwhile is said. */

import * as day from "../js/day.js";
import { camera } from "../js/photos.js";
import { moment, t as text } from "../js/texts.js";
import { field, h, toast } from "../js/ui.js";
import * as vault from "../js/vault.js";

const PAGE = "directives";
const OPEN = ["HANDED", "RECEIVED", "DEPLOYED", "RETURNED"];
const OUTCOMES = ["DONE", "PARTLY", "NOT_DONE"];
const t = (key, values) => text(`${PAGE}.${key}`, values);
const isOpen = (card) => OPEN.includes(card.state);
const at = (iso) => moment(Date.parse(iso));

/* What an officer has open and half written, and the times first read, while the page lives: a newer list keeps it. */
let desk = null;

export default {
    render(page) {
        const { officer } = vault.who();
        if (desk?.officer !== officer) desk = { officer, open: null, drafts: new Map(), due: new Map() };
        return new Desk(page).element;
    },

    /* A refused answer goes again with the directive as it is now, read once more; what was written stays. */
    mend: (entry, save) => (entry.kind === "directives_answer" ? mending(entry, save) : null),
};

async function mending(entry, save) {
    await day.refresh(PAGE);
    const card = (await day.kept(PAGE))?.list.cards.find((one) => one.id === entry.payload.handing);
    if (!card || !isOpen(card)) {
        return h("div", { class: "mend" }, card ? told(card) : null, h("p", {}, t("over")),
            h("p", { class: "directives-text" }, entry.payload.answer));
    }
    const said = { ...entry.payload, photos: [...entry.payload.photos] };
    return h("div", { class: "mend directives-card" }, told(card), h("p", { class: "directives-text" }, card.text), answerForm(card, said, save, entry));
}

/* What happened to it, in a line each. */
function told(card) {
    const note = (key, values) => h("p", { class: "note strong" }, t(key, values));
    const was = desk?.due.get(card.id);
    return [
        card.state === "RETURNED" ? note("returned", { why: card.why }) : null,
        card.state === "WITHDRAWN" ? note("taken_back", { why: card.why }) : null,
        card.who ? h("p", {}, `${card.who} · ${at(card.at)}`) : null,
        card.corrected ? note(card.seen && card.seen < card.revision ? "corrected" : "corrected_once", { what: card.corrected }) : null,
        was && card.due && was !== card.due ? note("moved", { was: at(was) }) : null,
    ];
}

function answerForm(card, said, keep, refused = {}) {
    const why = (name) => (refused.field === name ? refused.reason : "");
    const put = (control, name) => {
        control.value = said[name] ?? "";
        control.addEventListener("input", () => { said[name] = control.value; });
        return field(name === "shortfall" && card.below ? t(name, { n: card.below }) : t(`field_${name}`), control, why(name));
    };
    said.outcome ||= "DONE";
    const send = (event) => {
        event.preventDefault();
        if (card.evidence && said.outcome !== "NOT_DONE" && !said.photos.length) return toast(t("need_photo"), "bad");
        return keep({ handing: card.id, revision: card.revision, returns: card.returns ?? 0, outcome: said.outcome,
            answer: said.answer.trim(), shortfall: (said.shortfall ?? "").trim(), photos: said.photos,
            shown: { to: "ANSWERED", returns: card.returns ?? 0 } });
    };
    return h("form", { onsubmit: send },
        put(h("select", {}, OUTCOMES.map((one) => h("option", { value: one }, t(`o_${one}`)))), "outcome"),
        put(h("textarea", { rows: 4, maxlength: 500, required: true }), "answer"),
        card.below || why("shortfall") ? put(h("input", { maxlength: 300, required: true }), "shortfall") : null,
        h("p", {}, t(card.evidence ? "need_photo" : "photo")), camera(said, t("photo")),
        h("button", { class: "button main wide", type: "submit" }, t("answer")));
}

class Desk {
    constructor(page) {
        this.page = page;
        this.element = page.h("div", { class: "page" });
        for (const card of page.list.cards) if (card.due && !desk.due.has(card.id)) desk.due.set(card.id, card.due);
        this.waited = this.waits();
        page.changed(() => this.follow());
        const online = () => {
            if (!this.element.isConnected) removeEventListener("online", online);
            else if (!this.waits()) page.refresh(); // otherwise when all is sent
        };
        addEventListener("online", online);
        this.draw();
    }

    waits() {
        return this.page.entries().some((entry) => entry.state === "waiting");
    }

    /* Nothing is drawn over that is being written; once all is sent, the server says what changed meanwhile. */
    follow() {
        const open = desk.open && this.element.querySelector("form");
        if (open) this.element.querySelector("[data-mark]").replaceWith(this.mark(this.card()));
        else this.draw();
        const waits = this.waits();
        if (this.waited && !waits && this.element.isConnected) this.page.refresh();
        this.waited = waits;
    }

    card() {
        return this.page.list.cards.find((card) => card.id === desk.open);
    }

    /* Where it stands here: what this phone holds counts until the server's list is about a later state. */
    standing(card) {
        const mine = this.page.entries().filter((entry) => entry.key === card.id).sort((a, b) => a.at - b.at);
        const last = mine.find((entry) => entry.state === "refused") ?? mine.at(-1);
        const shown = last?.payload?.shown ?? {};
        const newer = !isOpen(card) || (card.returns ?? 0) > (shown.returns ?? 0);
        if (!last || (last.state === "sent" && newer)) return { state: card.state };
        if (last.state === "refused") return { state: card.state, tone: "refused", reason: last.reason };
        return { state: shown.to, tone: last.state, read: shown.revision };
    }

    isLate(card) {
        return isOpen({ state: this.standing(card).state }) && Date.parse(card.due) < this.page.now();
    }

    mark(card) {
        const { state, tone } = this.standing(card);
        const words = [t(`s_${state}`), { waiting: t("waits"), sent: t("sent"), refused: t("refused") }[tone], this.isLate(card) && t("late")];
        return h("p", { "data-mark": "", role: "status" }, words.filter(Boolean).join(" · "));
    }

    draw() {
        const { cards } = this.page.list;
        if (this.card()) return this.drawOne(this.card());
        const part = (key, rows) => (rows.length ? [h("h2", {}, t(key), " ", h("small", {}, rows.length)), ...rows.map((card) => this.row(card))] : []);
        const rows = [...part("open", cards.filter(isOpen)), ...part("gone", cards.filter((card) => !isOpen(card)))];
        return this.element.replaceChildren(...(rows.length ? rows : [h("p", { class: "empty" }, t("none"))]));
    }

    row(card) {
        const tone = this.standing(card).tone ?? (!isOpen(card) ? "done" : this.isLate(card) ? "late" : "");
        return h("section", { class: `card directives-${tone}`, "data-directive": card.id },
            h("button", { class: "directives-open", onclick: () => this.show(card.id) }, h("strong", {}, card.n)),
            h("p", {}, `${card.unit} · ${t("from", { from: card.from })}`), this.due(card), this.mark(card), ...told(card).filter(Boolean));
    }

    due(card) {
        if (!card.due) return null;
        const first = this.standing(card).state === "HANDED" && card.receive;
        return h("p", {}, first ? `${t("receive_by")} ${at(card.receive)} · ` : "", `${t("due")} ${at(card.due)}`);
    }

    show(id) {
        desk.open = id;
        this.draw();
        scrollTo(0, 0);
        this.element.querySelector(id ? "h2" : "button")?.focus();
    }

    drawOne(card) {
        const paragraphs = [card.text && h("p", { class: "directives-text" }, card.text), card.goal && h("p", {}, `${t("goal")}: ${card.goal}`)];
        this.element.replaceChildren(h("button", { class: "button quiet", onclick: () => this.show(null) }, t("back")),
            h("h2", { class: "directives-title", tabindex: -1 }, card.n),
            h("section", { class: "card directives-card" }, h("p", {}, `${card.unit} · ${t("from", { from: card.from })}`),
                this.due(card), this.mark(card), told(card), paragraphs, this.verbs(card)));
    }

    /* What can be done now: receive, read again, answer, or mend what was not taken. */
    verbs(card) {
        const { state, tone, reason, read } = this.standing(card);
        if (tone === "refused") return [h("p", { class: "why" }, reason), h("a", { class: "button main wide", href: "#/outbox" }, t("mend"))];
        if (state === "HANDED") return this.receiving(card);
        if (!isOpen({ state })) return null;
        const isOutdated = Math.max(card.seen ?? 0, read ?? 0) < card.revision;
        if (isOutdated) return h("button", { class: "button main wide", onclick: () => this.receive(card, {}) }, t("again"));
        if (!desk.drafts.has(card.id)) desk.drafts.set(card.id, { answer: "", photos: [] });
        return answerForm(card, desk.drafts.get(card.id), (payload) => this.answer(card, payload));
    }

    receiving(card) {
        const names = ["leader", "deputy"].map((name) => h("input", { name, maxlength: 40, autocomplete: "off" }));
        const said = () => Object.fromEntries(names.map((input) => [input.name, input.value.trim()]));
        return [h("button", { class: "button main wide", "data-act": "receive", onclick: () => this.receive(card, said()) }, t("receive")),
            h("details", {}, h("summary", { class: "button quiet" }, t("leaders")), names.map((input) => field(t(input.name), input)))];
    }

    async receive(card, named) {
        const payload = { handing: card.id, revision: card.revision, returns: card.returns ?? 0, ...named,
            shown: { to: card.state === "HANDED" ? "RECEIVED" : card.state, revision: card.revision, returns: card.returns ?? 0 } };
        if (await this.page.add({ kind: "directives_receive", key: card.id, label: `${card.n} · ${t("receive")}`, payload })) this.draw();
    }

    async answer(card, payload) {
        const label = `${card.n} · ${t(`o_${payload.outcome}`)}`;
        if (!await this.page.add({ kind: "directives_answer", key: card.id, label, payload })) return;
        desk.drafts.delete(card.id);
        this.show(null);
    }
}
