/* The shell: shows at once what the phone has, then talks to the server. Screens are told apart by the address's hash:
   #/ my pages · #/p/<page> · #/outbox · #/account */

import * as clock from "./clock.js";
import { outbox } from "./outbox.js";
import * as queue from "./queue.js";
import * as screens from "./screens.js";
import * as sync from "./sync.js";
import * as texts from "./texts.js";
import { t } from "./texts.js";
import { h } from "./ui.js";
import * as vault from "./vault.js";

const RETRY_MS = 30_000;
const config = JSON.parse(document.getElementById("config").textContent);
const [bar, notes, main] = ["bar", "notes", "main"].map((id) => document.getElementById(id));
const modules = new Map();
let over = false;
let open = null;
let isNewer = false;
let keeps = true;

const mine = () => config.pages.filter((page) => vault.who()?.pages.includes(page.key));

async function load(key) {
    const page = config.pages.find((one) => one.key === key);
    if (!page) return null;
    if (!modules.has(key)) modules.set(key, (await import(page.script)).default);
    return modules.get(key);
}

function here() {
    const [, name, key] = location.hash.split("/");
    const only = mine();
    if (!name && only.length === 1) return { name: "p", page: only[0], isHome: true };
    const named = only.find((page) => page.key === (name === "p" ? key : name)); // desk pages link to #/<page>
    return { name: named ? "p" : (name ?? ""), page: named, isHome: !name };
}

async function draw() {
    texts.use(config.texts, texts.chosen());
    open?.end();
    open = null;
    const { name, page } = here();
    if (name === "account") main.replaceChildren(await screens.account(config.version, draw));
    else if (!vault.who()) main.replaceChildren(await screens.signIn(over));
    else if (name === "outbox") main.replaceChildren(await outbox(load));
    else if (name === "p" && page) open = await screens.fieldPage(page, load, main);
    else main.replaceChildren(screens.start(mine()));
    drawBar();
}

function drawBar() {
    const { name, page, isHome } = here();
    const title = { outbox: t("outbox"), account: t("account"), p: page && t(`${page.key}.title`) }[name] ?? t("start");
    document.title = `${title} · ${t("brand")}`;
    bar.replaceChildren(
        isHome ? h("img", { src: "/static/img/fangxian.svg", alt: t("brand"), width: 28, height: 28 })
            : h("a", { href: "#/", class: "back", "aria-label": t("back") }, "‹"),
        h("h1", {}, title), h("a", { class: `chip ${tone()}`, href: "#/outbox", id: "chip" }, chip()),
        h("a", { class: "me", href: "#/account", "aria-label": t("account") }, (vault.who()?.name ?? "·").slice(0, 1)));
    drawNotes();
}

function chip() {
    const [waiting, refused] = [queue.waiting().length, queue.refused().length];
    if (refused) return t("refused_n", { n: refused });
    if (waiting) return `${sync.now().busy ? t("sending") : t("waiting_n", { n: waiting })}`;
    // until the server has said who is signed in, this may be another officer's empty queue
    return t({ offline: "offline", unknown: "asking" }[sync.now().net] ?? "all_sent");
}

function tone() {
    if (queue.refused().length) return "bad";
    return queue.waiting().length || ["offline", "unknown"].includes(sync.now().net) ? "wait" : "good";
}

function drawNotes() {
    const found = [];
    const unsent = queue.waiting().length;
    if (sync.now().net === "signin" && vault.who()) {
        found.push(h("div", { class: "note strong" }, unsent ? t("sign_in_again", { n: unsent }) : t("sign_in_lists"),
            screens.signInLink()));
    }
    if (sync.now().net === "offline") found.push(h("div", { class: "note" }, t("offline_note")));
    if (!keeps) found.push(h("div", { class: "note strong" }, t("cannot_offline")));
    if (isNewer) {
        found.push(h("div", { class: "note strong" }, t("new_version"), " ",
            h("button", { class: "button", onclick: takeOver }, t("load_it"))));
    }
    notes.replaceChildren(...found);
}

/* The worker keeps the shell; a newer one waits until the officer says so, then the page loads itself anew. */
let registration = null;

async function register() {
    const workers = navigator.serviceWorker;
    if (!workers) {
        keeps = false;
        return;
    }
    const had = workers.controller !== null;
    workers.addEventListener("controllerchange", () => had && location.reload());
    workers.addEventListener("message", (event) => event.data === "sent" && queue.load().then(drawBar));
    try {
        registration = await workers.register(config.worker, { type: "module", scope: "/field/" });
    } catch {
        keeps = workers.controller !== null; // without a network the old one goes on
        return;
    }
    const seen = () => {
        isNewer = had && registration.waiting !== null;
        drawNotes();
    };
    seen();
    registration.addEventListener("updatefound", () =>
        registration.installing?.addEventListener("statechange", seen));
}

const takeOver = () => registration.waiting.postMessage("take over");

/* Without the page open, the browser itself may wake the worker when the network is back. */
async function askToBeWoken() {
    try {
        await registration?.sync?.register("send");
    } catch {
        /* not everywhere; then the page sends when it is opened */
    }
}

async function begin() {
    texts.use(config.texts, texts.chosen());
    await clock.load();
    over = (await vault.open()) === "over";
    await queue.load();
    await draw();
    queue.changed(onQueue);
    sync.changed(onSync);
    addEventListener("hashchange", draw);
    addEventListener("online", () => sync.sync());
    addEventListener("offline", () => sync.sync());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sync.sync());
    setInterval(tick, RETRY_MS);
    navigator.storage?.persist?.();
    await register();
    await sync.sync();
    await queue.tidy();
    document.body.dataset.ready = "yes";
}

function onQueue() {
    drawBar();
    if (queue.waiting().length) askToBeWoken();
    if (here().name === "outbox" && !isMending()) draw();
}

/* A form of an entry that is still refused is not drawn over; one that was kept goes. */
const isMending = () => [...main.querySelectorAll("[data-entry] form")].some((form) =>
    queue.refused().some((entry) => entry.id === form.closest("[data-entry]").dataset.entry));

let before = vault.who()?.officer;

function onSync(state) {
    drawBar();
    if (state.net === "online" && before !== vault.who()?.officer) {
        before = vault.who()?.officer;
        over = false;
        draw();
    }
}

async function tick() {
    if (await vault.isOver()) {
        over = true;
        await queue.load();
        await draw();
    } else if (queue.waiting().length || sync.now().net !== "online") await sync.sync();
}

begin();
