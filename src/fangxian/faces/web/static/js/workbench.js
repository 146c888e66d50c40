/* The tracing workbench. Ticking many: <form data-ticks> with a box [data-tick-all] and boxes named person. Without script each is ticked by hand. */

document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-ticks]");
    if (!form) return;
    const all = form.querySelector("[data-tick-all]");
    const boxes = [...form.querySelectorAll("input[name=person]")];
    if (event.target === all) boxes.forEach((box) => { box.checked = all.checked; });
    else if (all) {
        all.checked = boxes.every((box) => box.checked);
        all.indeterminate = !all.checked && boxes.some((box) => box.checked);
    }
});

/* A case that was found and added: the field is empty again and has the focus, for the next one. */
document.body.addEventListener("htmx:afterSettle", (event) => {
    const path = event.detail.pathInfo?.requestPath ?? "";
    const field = path.includes("add_case=") ? "find-case" : /add_(without|only)=/.test(path) ? "find-place" : "";
    if (!field) return;
    const input = document.getElementById(field);
    input.value = "";
    document.getElementById(field.replace("find-", "found-") + "s").replaceChildren();
    input.focus();
});
