/* The shell of every page: keyboard, confirmation dialogs, errors of partial requests, leaving half-filled forms. */

const body = document.body;

/* A long menu opens where the current page is. */
document.querySelector("#menu .active")?.scrollIntoView({ block: "nearest" });

/* `/` goes to the page's search field, as on most ledgers. */
document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const search = document.querySelector('[data-search], input[type="search"]');
    if (!search) return;
    event.preventDefault();
    search.focus();
});

/* A short note at the foot of the page; read out by screen readers. */
export function toast(text, tone = "danger") {
    const note = document.createElement("div");
    note.className = `alert alert-${tone} fx-alert shadow`;
    note.setAttribute("role", "alert");
    note.textContent = text;
    document.getElementById("toasts").append(note);
    setTimeout(() => note.remove(), 8000);
}

/* Ask before an act that cannot be taken back. Works for `data-confirm` on plain forms and for htmx's hx-confirm.
   data-confirm="question" data-confirm-title="…" data-confirm-yes="Release" data-confirm-danger */
function ask(element, question) {
    const dialog = document.getElementById("confirm");
    if (!dialog) return Promise.resolve(true);
    const title = dialog.querySelector("[data-confirm-title]");
    const yes = dialog.querySelector("[data-confirm-yes]");
    title.dataset.usual ??= title.textContent;
    yes.dataset.usual ??= yes.textContent;
    title.textContent = element.dataset.confirmTitle || title.dataset.usual;
    yes.textContent = element.dataset.confirmYes || yes.dataset.usual;
    yes.className = "confirmDanger" in element.dataset ? "btn btn-danger" : "btn btn-primary";
    dialog.querySelector("[data-confirm-body]").textContent = question;
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => {
        dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
}

document.addEventListener("submit", (event) => {
    const asked = event.submitter?.dataset.confirm !== undefined ? event.submitter : event.target;
    if (asked.dataset.confirm === undefined || event.target.dataset.confirmed === "yes") return;
    event.preventDefault();
    ask(asked, asked.dataset.confirm).then((yes) => {
        if (!yes) return;
        event.target.dataset.confirmed = "yes";
        event.target.requestSubmit(event.submitter);
        delete event.target.dataset.confirmed;
    });
});
body.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.elt, event.detail.question).then((yes) => yes && event.detail.issueRequest(true));
});

/* A partial request that failed says so; otherwise a click would just do nothing. */
body.addEventListener("htmx:sendError", () => toast(body.dataset.errorNetwork));
body.addEventListener("htmx:responseError", (event) => {
    const refused = event.detail.xhr.status === 403;
    toast(refused ? body.dataset.errorRefused : body.dataset.errorServer);
});

document.addEventListener("click", (event) => {
    if (event.target.closest("[data-go-back]")) history.back();
    if (event.target.closest("[data-print]")) window.print();
});

/* A form field changes the address at once: <select data-submits>. */
document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
