/* Ticking many: <form data-ticks> with a box [data-tick-all] and boxes named person. Without script each is ticked by hand. */

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
