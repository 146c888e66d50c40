/* What the phone can judge by itself: what was looked at, the risk areas and the vehicles sought it took along. People are
   on no phone: the server asks those lists when the entry arrives. */

const ORDER = ["VEHICLE_SOUGHT", "RED_CODE", "RISK_HIGH", "FEVER", "RISK_MEDIUM", "YELLOW_CODE", "RISK_LOW", "NO_CODE",
    "TEST_MISSING"];
const STRICTNESS = ["LET_THROUGH", "REFERRED", "TURNED_BACK", "HELD"];
const CODES = { RED: "RED_CODE", YELLOW: "YELLOW_CODE", NONE: "NO_CODE" };

/** Why an entry stands out, the gravest first. */
export function reasons(entry, direction, here, zones) {
    const inwards = direction === "IN";
    const found = [CODES[entry.code], entry.plate && here.sought[entry.plate] ? "VEHICLE_SOUGHT" : null,
        entry.fever !== null && entry.fever >= here.fever ? "FEVER" : null,
        inwards && lacksTest(entry, here) ? "TEST_MISSING" : null, inwards ? zoneOf(entry, zones)?.reason : null];
    return ORDER.filter((one) => found.includes(one));
}

/** The risk area an entry comes from by its code: the longest code that begins it. */
export function zoneOf(entry, zones) {
    const fits = zones.filter((zone) => entry.from_code && entry.from_code.startsWith(zone.code));
    return fits.sort((one, other) => other.code.length - one.code.length)[0] ?? null;
}

/** The strictest advice for these reasons. */
export function advice(found, table) {
    const ranks = found.map((one) => STRICTNESS.indexOf(table[one] ?? "LET_THROUGH"));
    return STRICTNESS[Math.max(0, ...ranks)];
}

/** A plate as people read it: 豫H·12345. */
export const spelled = (plate) => (plate.length > 2 ? `${plate.slice(0, 2)}·${plate.slice(2)}` : plate);

const lacksTest = (entry, here) =>
    here.test_hours > 0 && entry.test !== null && (entry.test === 0 || entry.test > here.test_hours);
