/* One person at a door: what is owed to them, each with the one tap it usually takes. */

import { h } from "../js/ui.js";
import * as forms from "./doors_forms.js";
import * as model from "./doors_model.js";
import { keys, stands } from "./doors_model.js";

/** The lines of one person. `doors` is the page; `door` is null for somebody on no roster. */
export function personParts(doors, person, door) {
    const { page, day, known, hour } = doors;
    const { t } = page;
    const due = model.owed(person, day, known, hour);
    const out = known.get(keys.out(person));
    const line = h("div", { class: "line" }, h("strong", {}, person.n),
        person.a !== undefined ? h("span", { class: "hint" }, t("years", { n: person.a })) : null,
        stay(page, person), ...checks(doors, person), doors.entryMark(keys.out(person)),
        stands(out) ? h("span", { class: "mark" }, t("moved_out")) : null);
    const parts = [
        due.slots.map((slot) => slotTaps(doors, person, slot)),
        due.tests.map((test) => testTap(doors, person, test, door)),
        due.arrivals.map((arrival) => arrivalTaps(doors, arrival, person)),
        due.tasks.map((task) => personParts.task(doors, task)),
    ];
    const more = door && !stands(out)
        ? h("button", { class: "button quiet", onclick: () => doors.movedOut(person) }, t("moved_out")) : null;
    if (more) line.append(more);
    return h("div", { class: "person", "data-person": person.id }, line, parts);
}

function stay(page, person) {
    if (!person.q) return null;
    const text = page.t(person.q.home ? "at_home" : "at_site", { day: person.q.until });
    return h("span", { class: "mark q" }, text);
}

/* What was found today, by this phone or by somebody else. */
export function checks(doors, person) {
    const { page, day, known } = doors;
    return ["AM", "PM"].map((slot) => {
        const entry = known.get(keys.check(person, day, slot));
        const mine = stands(entry) ? entry.payload.shown : null;
        const found = mine ? (mine.temperature ?? mine.status) : person.q?.done?.[slot];
        if (!found) return doors.entryMark(keys.check(person, day, slot));
        const isIll = mine?.symptoms || Number(found) >= Number(page.list.fever);
        const words = { UNAVAILABLE: page.t("not_home"), UNCOOPERATIVE: page.t("refuses") };
        return [h("span", { class: `mark ${isIll ? "ill" : "ok"}` }, `${page.t(slot)} ${words[found] ?? found}`),
            doors.entryMark(keys.check(person, day, slot))];
    }).flat();
}

/* The last temperature first: measured again and the same, it is one tap. */
function slotTaps(doors, person, slot) {
    const { page } = doors;
    const { t } = page;
    const last = person.q.last;
    const row = h("div", { class: "owes" }, h("p", {}, t(slot)));
    const keep = (found) => forms.checked(page, person, slot, found);
    const degrees = model.usual(last, page.list.fever).map((value) => h("button", { class: `button ${value === last ? "good" : ""}`,
        onclick: () => keep({ status: "COOPERATIVE", temperature: value }) },
    value === last ? t("as_yesterday", { degrees: value }) : value));
    const more = h("button", { class: "button", onclick: () => {
        taps.remove();
        row.append(forms.check(page, person, slot, () => row.querySelector("form").remove()));
    } }, `${t("other_degrees")} / ${t("symptoms")}`);
    const taps = h("div", { class: "taps" }, degrees, more,
        h("button", { class: "button", onclick: () => keep({ status: "UNAVAILABLE" }) }, t("not_home")),
        h("button", { class: "button", onclick: () => keep({ status: "UNCOOPERATIVE" }) }, t("refuses")));
    row.append(taps);
    return row;
}

function testTap(doors, person, test, door) {
    const { page, day } = doors;
    const { t } = page;
    const keep = () => page.add({ kind: "doors.reminded", key: keys.remind(person, day),
        label: `${t("reminded")}: ${person.n}`, payload: { person: person.id, duty: test.id, day } });
    return h("div", { class: "owes" }, h("p", {}, t("test", { day: test.day })),
        door ? h("div", { class: "taps" }, h("button", { class: "button", onclick: keep }, t("reminded"))) : null);
}

function arrivalTaps(doors, arrival, person) {
    const { page } = doors;
    const { t } = page;
    const row = h("div", { class: "owes" }, h("p", {}, t("arrives", { day: arrival.on }), arrival.by ? ` · ${arrival.by}` : ""));
    const keep = (come, note = "") => page.add({ kind: "doors.arrived", key: keys.arrival(arrival),
        label: `${t(come ? "has_come" : "not_come")}: ${person.n}`, payload: { arrival: arrival.id, come, note } });
    const absent = arrival.state === "EXPECTED" ? h("button", { class: "button", onclick: () => {
        taps.replaceWith(forms.why(page, t("not_come"), [t("nobody")], (text) => {
            row.querySelector("form").remove();
            return keep(false, text).then(() => null);
        }));
    } }, t("not_come")) : null;
    const taps = h("div", { class: "taps" },
        h("button", { class: "button good", onclick: () => keep(true) }, t("has_come")), absent);
    row.append(taps);
    return row;
}

/** One task: done, or why not. */
personParts.task = (doors, task) => {
    const { page } = doors;
    const { t } = page;
    const keep = (done, text = "") => page.add({ kind: "doors.task", key: keys.task(task), label: task.n,
        payload: { task: task.id, done, text } });
    const row = h("div", { class: "owes" }, h("p", {}, task.n),
        task.at ? h("p", { class: "hint" }, task.at) : null,
        task.due ? h("p", { class: "hint" }, t("due_at", { at: task.due.slice(0, 16).replace("T", " ") })) : null,
        task.how ? h("details", { class: "how" }, h("summary", {}, t("how")), task.how) : null);
    const taps = h("div", { class: "taps" },
        h("button", { class: "button good", onclick: () => keep(true) }, t("task_done")),
        h("button", { class: "button", onclick: () => {
            taps.replaceWith(forms.why(page, t("task_cannot"), [t("nobody"), t("refuses")], (text) => {
                row.querySelector("form").remove();
                return keep(false, text).then(() => null);
            }));
        } }, t("task_cannot")));
    row.append(doors.entryMark(keys.task(task)) ?? "", taps);
    return row;
};
