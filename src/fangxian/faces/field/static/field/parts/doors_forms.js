/* Forms at a door: who came, moved in, was born; another temperature with symptoms; why not; what the roster lacked. */

import { field, h } from "../js/ui.js";
import { isResidentNumber, keys } from "./doors_model.js";

const text = (name, attributes = {}) => h("input", { name, autocomplete: "off", ...attributes });

function options(page, name, choices) {
    return h("select", { name }, choices.map(([value, label]) => h("option", { value }, label)));
}

/* A form that keeps one entry. `read(values)` answers the payload, or an element's name and a reason it is not complete. */
function form(page, rows, label, keep) {
    const submit = async (event) => {
        event.preventDefault();
        const made = event.target;
        const values = Object.fromEntries([...new FormData(made)].map(([name, value]) => [name, value.trim()]));
        const button = made.querySelector("[type=submit]");
        button.disabled = true;
        const wrong = await keep(values);
        button.disabled = false;
        if (wrong) show(made, ...wrong);
    };
    return h("form", { class: "mend doors-form", onsubmit: submit }, rows,
        h("button", { class: "button main wide", type: "submit" }, label));
}

function show(made, name, reason) {
    made.querySelectorAll(".why").forEach((why) => why.remove());
    const control = made.elements[name];
    control.setAttribute("aria-invalid", "true");
    control.after(h("p", { class: "why", role: "alert" }, reason));
    control.focus();
}

/** Identity number once; the rest only matters for somebody nobody knows. */
function who(page, known = {}) {
    const { t } = page;
    const papers = h("input", { type: "checkbox", name: "no_papers", value: "yes" });
    return [
        field(t("who_id"), text("id_number", { inputmode: "text", autocapitalize: "characters", maxlength: 20,
            value: known.id_number ?? "" })),
        h("p", { class: "hint" }, t("who_known")),
        field(t("field_name"), text("name", { maxlength: 60, value: known.name ?? "" })),
        field(t("field_phone"), text("phone", { type: "tel", maxlength: 20, value: known.phone ?? "" })),
        h("label", { class: "check" }, papers, " ", t("no_papers")),
    ];
}

function person(values) {
    const { no_papers: none, ...said } = values;
    return none ? { ...said, id_number: "", id_type: "TEMPORARY" } : said;
}

function wrongNumber(page, said) {
    if (said.id_type === "TEMPORARY" || isResidentNumber(said.id_number)) return null;
    return ["id_number", page.t("bad_id")];
}

/** Somebody came from elsewhere. */
export function came(page, door, done) {
    const { t, list } = page;
    const places = h("datalist", { id: `from-${door.id}` }, list.from?.map(({ name }) => h("option", { value: name })));
    const rows = [...who(page),
        field(t("field_arrived_on"), text("arrived_on", { type: "date", required: true, value: list.on, max: list.on })),
        field(t("field_from_name"), text("from_name", { list: `from-${door.id}`, maxlength: 80 })), places,
        field(t("field_until_on"), text("until_on", { type: "date", max: list.on, value: list.on })),
        field(t("field_carrier"), text("carrier", { maxlength: 20 }))];
    return form(page, rows, t("came"), async (values) => {
        const said = person(values);
        const wrong = wrongNumber(page, said);
        if (wrong) return wrong;
        const code = list.from?.find(({ name }) => name === said.from_name)?.code ?? "";
        const payload = { ...said, household: door.id, from_code: code };
        return kept(page, "doors.arrival", "", `${t("came")}: ${said.name || said.id_number.slice(-4)} · ${door.n}`, payload,
            done);
    });
}

/** Somebody lives here from now on. */
export function movedIn(page, door, done) {
    const { t } = page;
    return form(page, who(page), t("moved_in"), async (values) => {
        const said = person(values);
        const wrong = wrongNumber(page, said);
        if (wrong) return wrong;
        const label = `${t("moved_in")}: ${said.name || said.id_number.slice(-4)} · ${door.n}`;
        return kept(page, "doors.moved_in", "", label, { ...said, household: door.id }, done);
    });
}

/** A child without papers yet. */
export function newborn(page, door, done) {
    const { t, list } = page;
    const sexes = options(page, "sex", [["FEMALE", t("female")], ["MALE", t("male")]]);
    const rows = [field(t("field_name"), text("name", { required: true, maxlength: 60 })), field(t("field_sex"), sexes),
        field(t("field_birth_date"), text("birth_date", { type: "date", required: true, value: list.on, max: list.on }))];
    return form(page, rows, t("newborn"), (said) =>
        kept(page, "doors.newborn", "", `${t("newborn")}: ${said.name} · ${door.n}`, { ...said, household: door.id }, done));
}

/** Another temperature, with what the person complains of. */
export function check(page, someone, slot, done) {
    const { t, list } = page;
    const signs = ["fever", "cough", "throat", "tired", "smell", "diarrhoea"].map((sign) =>
        h("label", { class: "check" }, h("input", { type: "checkbox", name: `s_${sign}`, value: t(`s_${sign}`) }), " ",
            t(`s_${sign}`)));
    const rows = [field(t("degrees"), text("temperature", { type: "number", inputmode: "decimal", step: "0.1", min: "34",
        max: "43", required: true })), h("div", { class: "checks" }, signs)];
    return form(page, rows, t("enter"), (values) => {
        const symptoms = Object.entries(values).filter(([name]) => name.startsWith("s_")).map(([, sign]) => sign).join("、");
        return checked(page, someone, slot, { status: "COOPERATIVE", temperature: values.temperature, symptoms }, done);
    });
}

/** Keep one check; answers nothing, as a form wants it. */
export function checked(page, someone, slot, found, done = () => {}) {
    const day = page.list.on;
    const label = `${page.t(slot)} ${someone.n} ${found.temperature ?? page.t(found.status === "UNAVAILABLE" ? "not_home" : "refuses")}`;
    const payload = { person: someone.id, day, slot, ...found, shown: { ...found } };
    return kept(page, "doors.check", keys.check(someone, day, slot), label, payload, done);
}

/** Why something could not be done; one line. */
export function why(page, label, choices, done) {
    const { t } = page;
    const own = `why-${crypto.randomUUID()}`;
    const list = h("datalist", { id: own }, choices.map((choice) => h("option", { value: choice })));
    return form(page, [field(t("why"), text("why", { required: true, minlength: 2, maxlength: 200, list: own })), list],
        label, (values) => done(values.why));
}

/** A phone or a number the roster lacks. */
export function mend(page, someone, done) {
    const { t } = page;
    const rows = [];
    if (someone.gaps?.includes("id")) rows.push(field(t("field_id_number"), text("id_number", { maxlength: 20 })));
    if (someone.gaps?.includes("phone")) rows.push(field(t("field_phone"), text("phone", { type: "tel", maxlength: 20 })));
    return form(page, rows, t("add"), async (values) => {
        if (values.id_number && !isResidentNumber(values.id_number)) return ["id_number", t("bad_id")];
        if (!values.id_number && !values.phone) return [rows.length && someone.gaps.includes("id") ? "id_number" : "phone",
            t("gap_phone")];
        const payload = { ...values, person: someone.id, version: someone.v };
        return kept(page, "doors.mend", keys.mend(someone), `${t("gaps")}: ${someone.n}`, payload, done);
    });
}

/* Kept first, then the form goes away. */
export async function kept(page, kind, key, label, payload, done) {
    const id = await page.add({ kind, key, label, payload });
    if (id) done(id);
    return null;
}
