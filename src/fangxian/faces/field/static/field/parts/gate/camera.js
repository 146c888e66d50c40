/* Reading a code with the camera, where the browser can (BarcodeDetector); nothing of the picture is kept. */

const EVERY_MS = 200;

/** Show the camera until `use(text)` answers that a code was the right one, or the guard stops it. */
export async function scan({ h, t }, use, formats = ["qr_code"]) {
    const video = h("video", { playsinline: true, muted: true, autoplay: true });
    const note = h("p", {}, t("scan_how"));
    const dialog = h("dialog", { class: "ask gate-camera" }, video, note,
        h("button", { class: "button wide", onclick: () => dialog.close() }, t("stop")));
    document.body.append(dialog);
    dialog.showModal();
    let stream = null;
    dialog.addEventListener("close", () => {
        stream?.getTracks().forEach((track) => track.stop());
        dialog.remove();
    });
    try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        video.srcObject = stream;
        await watch(video, dialog, (text) => {
            if (use(text)) return true;
            note.replaceChildren(t("scan_none"));
            return false;
        }, formats);
    } catch {
        note.replaceChildren(t("no_camera"));
    }
}

async function watch(video, dialog, use, formats) {
    const detector = new window.BarcodeDetector({ formats });
    while (dialog.open) {
        const codes = video.readyState >= 2 ? await detector.detect(video) : [];
        if (codes.some((code) => use(code.rawValue))) return dialog.close();
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    return null;
}
