/* What a reader with a screen reader or weak eyes would trip over on this page: a list of sentences, empty when fine. */
() => {
    const problems = [];
    const visible = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const name = (node) => node.getAttribute("aria-label") || node.textContent.trim() || node.title
        || [...node.querySelectorAll("img")].map((image) => image.alt).join("");
    const where = (node) => node.outerHTML.slice(0, 110);

    for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (visible(field) && !field.labels?.length && !field.getAttribute("aria-label")) problems.push(`no label: ${where(field)}`);
    }
    for (const control of document.querySelectorAll("a[href], button, [role=img], nav")) {
        if (visible(control) && !name(control)) problems.push(`no name: ${where(control)}`);
    }
    for (const image of document.querySelectorAll("img:not([alt])")) problems.push(`no alt: ${where(image)}`);
    const heads = [...document.querySelectorAll("h1")].filter(visible);
    if (heads.length !== 1) problems.push(`${heads.length} level-1 headings`);
    const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
    ids.filter((id, place) => ids.indexOf(id) !== place).forEach((id) => problems.push(`id twice: ${id}`));

    const colour = (text) => {
        const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
        return { rgb: [red, green, blue], alpha: alpha / 255 };
    };
    const light = ({ rgb }) => {
        const [red, green, blue] = rgb.map((part) => part / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = (node) => {
        for (let at = node; at; at = at.parentElement) {
            const style = getComputedStyle(at);
            const stop = style.backgroundImage.match(/gradient\(.*?((?:rgb|oklch|color)a?\([^)]*\))/);
            if (stop) return colour(stop[1]);
            const found = colour(style.backgroundColor);
            if (found.alpha > 0.9) return found;
        }
        return { rgb: [255, 255, 255], alpha: 1 };
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = new Set();
    while (walker.nextNode()) {
        const node = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || seen.has(node) || !visible(node)) continue;
        seen.add(node);
        if (node.closest("script, style, noscript, [disabled], [aria-disabled], canvas, .fx-skip, .fx-map-label, option")) continue;
        const style = getComputedStyle(node);
        const pair = [light(colour(style.color)), light(ground(node))].sort((one, two) => two - one);
        const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.6 && parseInt(style.fontWeight) >= 700);
        if (ratio < (large ? 3 : 4.5)) problems.push(`contrast ${ratio.toFixed(1)} of "${node.textContent.trim().slice(0, 24)}"`);
    }
    return problems;
}
