/* Words in the reader's language. Both languages are on the phone, so switching needs no network. */

let all = {};
let code = "zh-hans";

export function use(texts, wanted) {
    all = texts;
    code = wanted in all ? wanted : Object.keys(all)[0];
    document.documentElement.lang = code === "zh-hans" ? "zh-Hans" : code;
}

export const language = () => code;

/** The same choice as on the desk pages. */
export function chosen() {
    const cookie = /(?:^|; )django_language=([\w-]+)/.exec(document.cookie)?.[1];
    return cookie ?? (navigator.language.startsWith("zh") ? "zh-hans" : "en");
}

export function choose(wanted) {
    document.cookie = `django_language=${wanted}; path=/; max-age=31536000; samesite=lax`;
}

/** The text of a key with %(name)s filled in. */
export function t(key, values = {}) {
    const text = all[code]?.[key] ?? key;
    return text.replace(/%\((\w+)\)s/g, (_all, name) => values[name] ?? "");
}

export const has = (key) => key in (all[code] ?? {});

/** A moment as the reader writes it: the time, with the day when it is another one. */
export function moment(ms) {
    const at = new Date(ms);
    const same = at.toDateString() === new Date().toDateString();
    const day = same ? {} : { month: "numeric", day: "numeric" };
    return at.toLocaleString(code === "en" ? "en-GB" : "zh-CN", { ...day, hour: "2-digit", minute: "2-digit" });
}
