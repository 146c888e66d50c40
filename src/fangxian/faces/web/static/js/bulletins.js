/* A bulletin without a mouse: j and k move, c x u press a button of the current measure, e corrects it. Its words light up in the text. */

const ACTS = { c: "confirm", x: "reject", u: "undo", e: "correct" };
let current = 0;

const cards = () => [...document.querySelectorAll("[data-measure]")];
const wordsOf = (number) => document.querySelectorAll(`[data-words="${number}"]`);

function choose(index, far) {
    const all = cards();
    if (!all.length) return;
    current = Math.max(0, Math.min(index, all.length - 1));
    document.querySelectorAll(".is-current").forEach((one) => one.classList.remove("is-current"));
    const card = all[current];
    card.classList.add("is-current");
    if (far) card.scrollIntoView({ block: "nearest" });
    const words = wordsOf(card.dataset.measure);
    words.forEach((one) => one.classList.add("is-current"));
    const source = document.querySelector(".fx-source");
    if (words.length && source.scrollHeight > source.clientHeight + 2) {
        source.scrollTop += words[0].getBoundingClientRect().top - source.getBoundingClientRect().top - source.clientHeight / 3;
    }
}

document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") choose(current + (key === "j" ? 1 : -1), true);
    else if (ACTS[key]) cards()[current]?.querySelector(`[data-act="${ACTS[key]}"]`)?.click();
    else return;
    event.preventDefault();
});

document.addEventListener("click", (event) => {
    const word = event.target.closest("[data-words]");
    const card = event.target.closest("[data-measure]");
    const number = word?.dataset.words ?? card?.dataset.measure;
    if (number) choose(cards().findIndex((one) => one.dataset.measure === number), Boolean(word));
});

/* Whoever tabs into a card means that card. */
document.addEventListener("focusin", (event) => {
    const card = event.target.closest("[data-measure]");
    if (card) choose(cards().indexOf(card), false);
});

/* A card that came back from the server: its words take its state; a decision goes on to the next one. */
document.body.addEventListener("htmx:afterSettle", (event) => {
    const card = event.detail.elt.closest?.("[data-measure]") ?? document.getElementById(event.detail.target?.id ?? "");
    if (!card?.dataset?.measure) return;
    wordsOf(card.dataset.measure).forEach((one) => { one.dataset.state = card.dataset.state; });
    const index = cards().findIndex((one) => one.dataset.measure === card.dataset.measure);
    choose(card.dataset.state === "PROPOSED" ? index : index + 1, true);
});

const named = /^#measure-(\d+)$/.exec(location.hash);
choose(named ? cards().findIndex((one) => one.dataset.measure === named[1]) : 0, Boolean(named));
