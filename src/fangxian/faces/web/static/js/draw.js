/* Drawing one polygon without tiles: by mouse, by touch, by keyboard.
   <div data-draw="id of the textarea" data-around="id of a json_script" data-zones="…" data-corner="word"></div>, buttons with
   data-draw-act (add, undo, clear) and an element with data-draw-state beside it, with vendor/leaflet loaded.
   The textarea holds the shape as GeoJSON and stays the truth: what is typed there is drawn. */

import { COLOURS, mount } from "./mount.js";

const NUDGE = 8; // pixels a corner moves by an arrow key
const DIGITS = 6; // a decimetre
const PUSH = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const rounded = (number) => Number(number.toFixed(DIGITS));

function ringOf(text) {
    try {
        const shape = JSON.parse(text);
        const geometry = shape.geometry ?? shape;
        const rings = geometry.type === "MultiPolygon" ? geometry.coordinates[0] : geometry.coordinates;
        return rings[0].slice(0, -1).map(([longitude, latitude]) => L.latLng(latitude, longitude));
    } catch {
        return [];
    }
}

function textOf(corners) {
    if (!corners.length) return "";
    const ring = [...corners, corners[0]].map((one) => [rounded(one.lng), rounded(one.lat)]);
    return JSON.stringify({ type: "Polygon", coordinates: [ring] });
}

function side(a, b, c) {
    return Math.sign((b.lng - a.lng) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lng - a.lng));
}

function crosses(corners) {
    const n = corners.length;
    const edge = (i) => [corners[i], corners[(i + 1) % n]];
    for (let i = 0; i < n; i++) {
        for (let j = i + 2; j < n; j++) {
            if (i === 0 && j === n - 1) continue;
            const [[a, b], [c, d]] = [edge(i), edge(j)];
            if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
        }
    }
    return false;
}

class Drawing {
    constructor(element) {
        this.element = element;
        this.text = document.getElementById(element.dataset.draw);
        this.corners = ringOf(this.text.value);
        this.state = document.querySelector("[data-draw-state]");
        this.map = L.map(element, { attributionControl: false, zoomSnap: 0.25, doubleClickZoom: false });
        this.backdrop();
        this.outline = L.polygon([], { color: COLOURS.danger, weight: 2, fillOpacity: 0.25, interactive: false }).addTo(this.map);
        this.markers = L.layerGroup().addTo(this.map);
        this.listen();
        this.draw();
    }

    backdrop() {
        const around = read(this.element.dataset.around);
        const county = L.geoJSON(around, { interactive: false, style: { color: "#8296ab", weight: 1, fillColor: "#f2f4f7", fillOpacity: 1 }, pointToLayer: (feature, at) => this.town(feature, at) });
        const zones = { type: "FeatureCollection", features: read(this.element.dataset.zones) };
        const colour = (feature) => COLOURS[feature.properties.tone] ?? COLOURS.neutral;
        L.featureGroup([county]).addTo(this.map);
        L.geoJSON(zones, { interactive: false, style: (one) => ({ color: colour(one), weight: 1, fillOpacity: 0.15 }), pointToLayer: (one, at) => L.circleMarker(at, { radius: 6, color: colour(one), weight: 1, interactive: false }) }).addTo(this.map);
        const seen = this.corners.length ? L.latLngBounds(this.corners).pad(0.6) : this.middle(around) ?? county.getBounds();
        this.map.fitBounds(seen, { maxZoom: 17 });
        const cross = document.createElement("div");
        cross.className = "fx-draw-cross";
        this.element.append(cross);
    }

    /* Where the points are: the county one works for, not the whole prefecture. */
    middle(around) {
        const points = around.features.filter((one) => one.geometry.type === "Point");
        if (!points.length) return null;
        return L.latLngBounds(points.map((one) => [one.geometry.coordinates[1], one.geometry.coordinates[0]])).pad(0.2);
    }

    town(feature, at) {
        const dot = L.circleMarker(at, { radius: 3, color: "#7b8a9a", weight: 1, interactive: false });
        return dot.bindTooltip(feature.properties.name, { permanent: true, direction: "right", className: "fx-map-label" });
    }

    listen() {
        this.map.on("click", (event) => this.add(event.latlng));
        this.text.addEventListener("change", () => {
            this.corners = ringOf(this.text.value);
            this.draw();
        });
        this.element.addEventListener("keydown", (event) => this.key(event));
        document.querySelectorAll("[data-draw-act]").forEach((button) => button.addEventListener("click", () => this[button.dataset.drawAct]()));
        new ResizeObserver(() => this.map.invalidateSize()).observe(this.element);
    }

    key(event) {
        if (event.target !== this.element) return;
        const act = { Enter: "add", Backspace: "undo" }[event.key];
        if (!act) return;
        event.preventDefault();
        this[act]();
    }

    add(at) {
        this.corners.push(at ?? this.map.getCenter());
        this.change();
    }

    undo() {
        this.corners.pop();
        this.change();
    }

    clear() {
        this.corners = [];
        this.change();
    }

    change() {
        this.text.value = textOf(this.corners);
        this.draw();
    }

    draw() {
        this.outline.setLatLngs(this.corners);
        this.markers.clearLayers();
        this.corners.forEach((at, index) => this.corner(at, index));
        const { none, few, some, crossed } = this.state.dataset;
        const n = this.corners.length;
        this.state.textContent = n === 0 ? none : n < 3 ? few : crosses(this.corners) ? crossed : `${some} ${n}`;
    }

    corner(at, index) {
        const name = `${this.element.dataset.corner} ${index + 1}`;
        const icon = L.divIcon({ className: "fx-corner", iconSize: [18, 18] });
        const marker = L.marker(at, { icon, draggable: true, keyboard: true, alt: name, title: name }).addTo(this.markers);
        marker.on("drag", () => {
            this.corners[index] = marker.getLatLng();
            this.outline.setLatLngs(this.corners);
        });
        marker.on("dragend", () => this.change());
        const handle = marker.getElement();
        handle.setAttribute("aria-label", name);
        handle.addEventListener("keydown", (event) => this.cornerKey(event, index));
    }

    cornerKey(event, index) {
        const push = PUSH[event.key];
        if (!push && event.key !== "Delete") return;
        event.preventDefault();
        event.stopPropagation();
        if (push) {
            const at = this.map.latLngToContainerPoint(this.corners[index]);
            this.corners[index] = this.map.containerPointToLatLng(at.add([push[0] * NUDGE, push[1] * NUDGE]));
        } else {
            this.corners.splice(index, 1);
        }
        this.change();
        (this.markers.getLayers()[index]?.getElement() ?? this.element).focus();
    }
}

mount("[data-draw]", (element) => new Drawing(element));
