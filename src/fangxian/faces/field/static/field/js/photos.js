/* Photos of an entry: taken or chosen, and made small on the phone before they are kept. */

import { h } from "./ui.js";

const LONGEST_SIDE = 1280;
const QUALITY = 0.7;
const MOST_PHOTOS = 4;

/** A photo from the camera or the phone, put to `said.photos`; shown small, kept small. */
export function camera(said, label) {
    const image = (photo) => h("img", { src: photo, alt: label });
    const shown = h("div", { class: "photos" }, (said.photos ?? []).map(image));
    const input = h("input", { type: "file", accept: "image/*", capture: "environment", "aria-label": label, onchange: async () => {
        for (const file of [...input.files].slice(0, MOST_PHOTOS - (said.photos ??= []).length)) {
            const photo = await shrunk(file);
            said.photos.push(photo);
            shown.append(image(photo));
        }
        input.value = "";
    } });
    return h("div", {}, input, shown);
}

/** A photo no longer than a screen, as JPEG: some hundred kilobytes instead of megabytes. */
async function shrunk(file) {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", QUALITY);
}
