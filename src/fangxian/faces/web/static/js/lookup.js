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
    hidden.value = value;
    if (value || !event.target.value) hidden.dispatchEvent(new Event("change", { bubbles: true }));
});
