/* Elements without markup in strings: text is text, so nothing a person entered can become a script. */

import { t } from "./texts.js";

/** h("button", { class: "main", onclick: … , "data-x": 1 }, "text", element, …) */
export function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else if (value === true) element.setAttribute(name, "");
        else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/** A short word at the foot of the page. */
export function toast(text, tone = "") {
    const note = h("div", { class: `toast ${tone}`, role: "status" }, text);
    document.getElementById("toasts").append(note);
    setTimeout(() => note.remove(), 3500);
}

/** Ask before what cannot be taken back. */
export function ask(question, yes = t("yes"), danger = true) {
    return new Promise((resolve) => {
        const dialog = h("dialog", { class: "ask" }, h("p", {}, question), h("div", { class: "row" },
            h("button", { class: "button", onclick: () => dialog.close("no") }, t("cancel")),
            h("button", { class: `button ${danger ? "danger" : "main"}`, onclick: () => dialog.close("yes") }, yes)));
        dialog.addEventListener("close", () => {
            dialog.remove();
            resolve(dialog.returnValue === "yes");
        });
        document.body.append(dialog);
        dialog.showModal();
    });
}

let counter = 0;

/** A labelled field; `control` is an input or a select. The reason of a refusal stands under it. */
export function field(label, control, reason = "") {
    control.id ||= `f${(counter += 1)}`;
    if (reason) control.setAttribute("aria-invalid", "true");
    const why = reason ? h("p", { class: "why", id: `${control.id}-why` }, reason) : null;
    if (why) control.setAttribute("aria-describedby", why.id);
    return h("div", { class: "field" }, h("label", { for: control.id }, label), control, why);
}
