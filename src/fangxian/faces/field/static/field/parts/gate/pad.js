/* Pads with keys as large as a gloved thumb: plates after GA 36 (no I, no O), and identity numbers. */

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ".split("");
const KEYS = [..."1234567890", ...LETTERS];
const LAST = ["挂", "学", "警"];
const WHOLE = /^\S[A-HJ-NP-Z](?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK])$/;

/** A pad for a plate. `typed(text, whole)` is told of every key; whole when the guard says so or nothing can follow. */
export function plates({ h, t }, { start, signs, typed }) {
    let text = start.slice(0, 8);
    const other = () => { text = ""; draw(); typed(text, false); };
    const shown = h("output", { class: "gate-text", "aria-label": t("plate") });
    const keys = h("div", { class: "gate-keys" });
    const province = h("button", { class: "button quiet", onclick: other }, t("province"));
    const done = h("button", { class: "button main gate-done", "data-key": "next", onclick: () => typed(text, true) }, t("next"));
    const press = (key) => () => {
        text = key === "⌫" ? text.slice(0, -1) : text + key;
        if (/^\S[A-Z]\S{6}$/.test(text) && WHOLE.test(text)) return typed(text, true);
        draw();
        return typed(text, false);
    };
    const key = (value, name = value) => h("button", { class: "button gate-key", "data-key": value, "aria-label": name,
        onclick: press(value) }, value);
    const draw = () => {
        shown.replaceChildren(h("b", {}, text.slice(0, 2)), text.length > 2 ? `·${text.slice(2)}` : "");
        const offered = text.length === 0 ? signs : text.length === 1 ? LETTERS : [...KEYS, ...(text.length === 6 ? LAST : [])];
        keys.replaceChildren(...offered.map((value) => key(value)), key("⌫", t("erase")));
        done.disabled = !WHOLE.test(text);
    };
    draw();
    return h("section", { class: "card gate-pad" }, h("div", { class: "gate-top" }, shown, province, done), keys);
}

/** A pad for an identity number of eighteen places. */
export function digits({ h, t }, { start, typed }) {
    let text = start;
    const shown = h("output", { class: "gate-text", "aria-label": t("id_number") });
    const press = (key) => () => {
        text = key === "⌫" ? text.slice(0, -1) : `${text}${key}`.slice(0, 18);
        draw();
        typed(text, text.length === 18);
    };
    const keys = [..."1234567890X", "⌫"].map((value) => h("button", { class: "button gate-key", "data-key": value,
        "aria-label": value === "⌫" ? t("erase") : value, onclick: press(value) }, value));
    const draw = () => shown.replaceChildren(text || "—");
    draw();
    return h("section", { class: "card gate-pad" }, h("p", {}, t("id_number")), h("div", { class: "gate-top" }, shown),
        h("div", { class: "gate-keys gate-digits" }, keys));
}
