/* The till: a tap on a product adds one, a code and Enter does the same; the page counts how long a sale took.

   <form data-till> with <button data-till-add="id of the quantity" data-code="…">, <input data-till-code>,
   <input data-till-fever="37.3">, [data-till-warning], [data-till-sum], hidden inputs `seconds` and `taps`. */

const form = document.querySelector("[data-till]");
if (form) {
    const seen = { start: 0, taps: 0 };
    const touch = () => {
        seen.start = seen.start || performance.now();
        seen.taps += 1;
    };
    form.addEventListener("pointerdown", touch);
    form.addEventListener("keydown", touch);

    const sum = () => {
        let pieces = 0;
        form.querySelectorAll("[data-till-add]").forEach((button) => {
            const count = Number(document.getElementById(button.dataset.tillAdd).value) || 0;
            button.parentElement.classList.toggle("fx-till-on", count > 0);
            pieces += count;
        });
        const shown = form.querySelector("[data-till-sum]");
        if (shown) shown.textContent = pieces ? `× ${pieces}` : "";
    };
    const add = (button) => {
        const field = document.getElementById(button.dataset.tillAdd);
        field.value = Math.min((Number(field.value) || 0) + 1, 99);
        sum();
    };
    form.addEventListener("click", (event) => {
        const button = event.target.closest("[data-till-add]");
        if (button) add(button);
    });
    form.addEventListener("input", sum);

    const code = form.querySelector("[data-till-code]");
    code?.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        const wanted = code.value.trim().toLowerCase();
        const button = [...form.querySelectorAll("[data-code]")].find((one) => one.dataset.code.toLowerCase() === wanted);
        code.classList.toggle("is-invalid", !button);
        if (button) {
            add(button);
            code.value = "";
        }
    });
    form.querySelectorAll("input:not([data-till-code]):not([type=submit])").forEach((field) => {
        field.addEventListener("keydown", (event) => {
            if (event.key === "Enter" && field.id === "who") event.preventDefault();
        });
    });

    const warm = form.querySelector("[data-till-fever]");
    const warning = form.querySelector("[data-till-warning]");
    const judge = () => {
        if (warm && warning) warning.hidden = !(Number(warm.value) >= Number(warm.dataset.tillFever));
    };
    warm?.addEventListener("input", judge);
    form.addEventListener("submit", () => {
        form.elements.seconds.value = Math.max(1, Math.round((performance.now() - seen.start) / 1000));
        form.elements.taps.value = seen.taps;
    });
    judge();
    sum();
}
