/* The phone's own store. Every write is flushed to the disk before it counts: what a page shows as kept survives a kill.

   meta     small facts by name (who is signed in, how far the clock is off)
   keys     the key of an officer, not to be exported, until the shift ends
   days     lists of the day, sealed, by officer and page
   entries  what is to be sent, sealed, by its id */

const NAME = "fangxian-field";
let opening = null;

function open() {
    opening ??= new Promise((resolve, reject) => {
        const asked = indexedDB.open(NAME, 1);
        asked.onupgradeneeded = () => {
            for (const name of ["meta", "keys", "days"]) asked.result.createObjectStore(name);
            asked.result.createObjectStore("entries", { keyPath: "id" });
        };
        asked.onsuccess = () => {
            asked.result.onversionchange = () => asked.result.close();
            asked.result.onclose = () => (opening = null);
            resolve(asked.result);
        };
        asked.onerror = () => {
            opening = null;
            reject(asked.error);
        };
    });
    return opening;
}

async function run(store, mode, work) {
    const database = await open();
    return new Promise((resolve, reject) => {
        const transaction = database.transaction(store, mode, { durability: "strict" });
        const request = work(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(request?.result);
        transaction.onabort = () => reject(transaction.error ?? request?.error ?? new Error("aborted"));
    });
}

export const get = (store, key) => run(store, "readonly", (rows) => rows.get(key));
export const all = (store) => run(store, "readonly", (rows) => rows.getAll());
export const keys = (store) => run(store, "readonly", (rows) => rows.getAllKeys());
export const put = (store, value, key) => run(store, "readwrite", (rows) => rows.put(value, key));
export const remove = (store, key) => run(store, "readwrite", (rows) => rows.delete(key));
export const clear = (store) => run(store, "readwrite", (rows) => rows.clear());
