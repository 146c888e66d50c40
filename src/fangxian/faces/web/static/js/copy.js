/* Copies a text: <button data-copy="#report" data-copied="Copied">. */

document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
    const label = button.querySelector("span") ?? button;
    const usual = label.textContent;
    label.textContent = button.dataset.copied;
    setTimeout(() => (label.textContent = usual), 2000);
});
