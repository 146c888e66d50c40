/* Fields that look up an area or a record. The text has suggestions (htmx fills its datalist), the hidden field beside
   it carries the chosen code or id: <div data-lookup><input type="hidden"><input list><datalist><option value data-value>. */

function chosen(box, text) {
    return [...box.querySelectorAll("option")].find((option) => option.value === text.value)?.dataset.value ?? "";
}

/* Text that was not chosen from the list is no filter yet. */
document.addEventListener("change", (event) => {
    const box = event.target.closest?.("[data-lookup]");
    if (box && event.target.type !== "hidden" && !box.querySelector("input[type=hidden]").value && event.target.value) event.stopPropagation();
}, true);

document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-lookup]");
    if (!box || event.target.type === "hidden") return;
    const hidden = box.querySelector("input[type=hidden]");
    const value = chosen(box, event.target);
    if (hidden.value === value) return;
    if (value && box.dataset.adds) {
        add(box, value, event.target.value);
        event.target.value = "";
        return;
    }
    hidden.value = value;
    if (value || !event.target.value) hidden.dispatchEvent(new Event("change", { bubbles: true }));
});

/* A field of several codes: what is chosen goes to the field named by `data-adds`, and stands below by its name. */
const codesOf = (box) => document.getElementById(box.dataset.adds);

function add(box, code, name) {
    const field = codesOf(box);
    const codes = field.value.split(/\s+/).filter(Boolean);
    if (codes.includes(code)) return;
    field.value = [...codes, code].join(" ");
    const button = box.querySelector("template").content.firstElementChild.cloneNode(true);
    button.dataset.code = code;
    button.textContent = `${name} ×`;
    box.querySelector("[data-added]").append(button, " ");
}

document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-added] [data-code]");
    if (!button) return;
    const field = codesOf(button.closest("[data-lookup]"));
    field.value = field.value.split(/\s+/).filter((code) => code && code !== button.dataset.code).join(" ");
    button.remove();
});
