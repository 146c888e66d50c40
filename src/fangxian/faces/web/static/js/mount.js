/* Starts something on every element with a data attribute, on load and after htmx has put new elements in. */

export function mount(selector, start) {
    const all = (root) => {
        const found = [...root.querySelectorAll(selector)];
        if (root.matches?.(selector)) found.push(root);
        found.filter((element) => !element.dataset.mounted).forEach((element) => {
            element.dataset.mounted = "yes";
            element.setAttribute("aria-busy", "true");
            Promise.resolve(start(element))
                .catch((error) => failed(element, error))
                .finally(() => element.removeAttribute("aria-busy"));
        });
    };
    all(document);
    document.body.addEventListener("htmx:load", (event) => all(event.detail.elt));
}

/* The data of an element: data-…-json="id of a json_script", or the address in the attribute itself. */
export async function dataOf(element, name) {
    const inline = element.dataset[`${name}Json`];
    if (inline) return JSON.parse(document.getElementById(inline).textContent);
    const answer = await fetch(element.dataset[name], { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status} ${element.dataset[name]}`);
    return answer.json();
}

function failed(element, error) {
    console.warn(error);
    element.classList.add("fx-figure-failed");
    element.textContent = element.dataset.failed || "—";
}

export const COLOURS = { danger: "#b3261e", warning: "#d98a00", success: "#17693a", info: "#0b5cad", neutral: "#7b8a9a" };
export const SERIES = ["#0b5cad", "#d98a00", "#17693a", "#b3261e", "#6b4fa0", "#0f7c8a", "#7b8a9a"];
