/* What is still owed at a door, from the list of the day and from what was entered since. No drawing here. */

/** The latest entry of every key. */
export function latest(entries) {
    return new Map(entries.filter((entry) => entry.key).map((entry) => [entry.key, entry]));
}

export const keys = {
    call: (door, day) => `call ${day} ${door.id}`,
    check: (person, day, slot) => `check ${day} ${slot} ${person.id}`,
    remind: (person, day) => `remind ${day} ${person.id}`,
    task: (task) => `task ${task.id}`,
    arrival: (arrival) => `arrival ${arrival.id}`,
    mend: (person) => `mend ${person.id}`,
    out: (person) => `out ${person.id}`,
};

/** Whether an entry of this key stands: kept or sent, not refused. */
export const stands = (entry) => entry !== undefined && entry.state !== "refused";

/** Mornings and evenings still open: the evening's opens at noon, as the server counts. */
export function openSlots(person, day, known, hour) {
    const slots = (person.q?.open ?? []).filter((slot) => slot === "AM" || hour >= 12);
    return slots.filter((slot) => !stands(known.get(keys.check(person, day, slot))));
}

/** What one person is owed now. */
export function owed(person, day, known, hour) {
    if (stands(known.get(keys.out(person)))) return { slots: [], tests: [], arrivals: [], tasks: [] };
    const reminded = person.told || stands(known.get(keys.remind(person, day)));
    return {
        slots: openSlots(person, day, known, hour),
        tests: reminded ? [] : (person.t ?? []),
        arrivals: (person.r ?? []).filter((one) => !stands(known.get(keys.arrival(one)))),
        tasks: (person.k ?? []).filter((one) => !stands(known.get(keys.task(one)))),
    };
}

const some = (due) => due.slots.length + due.tests.length + due.arrivals.length + due.tasks.length > 0;

/** What was found at a door today: the phone's own word first, then the server's; "" for not called at. */
export function outcome(door, day, known) {
    const entry = known.get(keys.call(door, day));
    return stands(entry) ? entry.payload.outcome ?? entry.payload.shown.outcome : (door.o ?? "");
}

/** "owed" (somebody is owed something), "due" (the household is to be reached), "done" or "rest". */
export function standing(door, day, known, hour) {
    if ((door.p ?? []).some((person) => some(owed(person, day, known, hour)))) return "owed";
    if (outcome(door, day, known)) return "done";
    if ((door.p ?? []).some((person) => checkedToday(person, day, known))) return "done";
    return door.due ? "due" : "rest";
}

function checkedToday(person, day, known) {
    return ["AM", "PM"].some((slot) => person.q?.done?.[slot] || stands(known.get(keys.check(person, day, slot))));
}

/** Whether a door fits what was typed. */
export function fits(door, text) {
    const asked = text.trim().toLowerCase();
    return !asked || `${door.n} ${(door.p ?? []).map((person) => person.n).join(" ")}`.toLowerCase().includes(asked);
}

/** The temperatures offered for one tap: the last one first, then what is usual. */
export function usual(last, fever) {
    const found = ["36.4", "36.5", "36.6", "36.7"].filter((degrees) => degrees !== last);
    const isUsual = last && Number(last) < Number(fever);
    return isUsual ? [last, ...found].slice(0, 4) : found;
}

/** Check digit of a resident identity number (GB 11643): a slip is seen at the door, not in the evening. */
export function isResidentNumber(text) {
    const number = text.trim().toUpperCase();
    if (!/^[1-9]\d{16}[\dX]$/.test(number)) return false;
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const sum = weights.reduce((total, weight, place) => total + weight * Number(number[place]), 0);
    return "10X98765432"[sum % 11] === number[17];
}
