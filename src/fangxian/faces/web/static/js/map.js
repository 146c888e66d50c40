/* Maps without tiles. <div data-map="/areas.geojson" role="img" aria-label="…"></div> with vendor/leaflet loaded.
   The answer is a GeoJSON FeatureCollection. Properties used: name; value (shades the area) or tone; url (opens on click);
   note (second line of the tooltip); radius (of a point, in pixels). `"labels": true` on the collection writes names. */

import { COLOURS, dataOf, mount } from "./mount.js";

const SHADES = ["#e6eff8", "#bcd6ef", "#86b4de", "#4c8cc7", "#1f67ad", "#0d3f73"];

function shade(value, top) {
    if (!value) return "#f2f4f7";
    return SHADES[Math.min(SHADES.length - 1, Math.floor((value / top) * (SHADES.length - 0.01)))];
}

function styleOf(feature, top) {
    const { tone, value } = feature.properties;
    const point = feature.geometry.type === "Point";
    const fill = tone ? COLOURS[tone] : shade(value, top);
    return { color: point ? "#fff" : "#8296ab", weight: point ? 1.5 : 1, fillColor: fill, fillOpacity: point ? 0.9 : 0.85 };
}

function tooltip(feature) {
    const box = document.createElement("div");
    const { name, value, note } = feature.properties;
    const head = document.createElement("strong");
    head.textContent = value === undefined ? name : `${name} ${value}`;
    box.append(head);
    if (note) {
        const second = document.createElement("div");
        second.textContent = note;
        box.append(second);
    }
    return box;
}

function dress(feature, layer, labels) {
    const area = feature.geometry.type !== "Point";
    if (labels && area) {
        layer.bindTooltip(feature.properties.name, { permanent: true, direction: "center", className: "fx-map-label" });
    } else {
        layer.bindTooltip(tooltip(feature), { sticky: area });
    }
    if (feature.properties.url) layer.on("click", () => location.assign(feature.properties.url));
}

mount("[data-map]", async (element) => {
    const data = await dataOf(element, "map");
    const top = Math.max(1, ...data.features.map((feature) => feature.properties.value ?? 0));
    const map = L.map(element, { attributionControl: false, zoomSnap: 0.25, scrollWheelZoom: false });
    const layer = L.geoJSON(data, {
        style: (feature) => styleOf(feature, top),
        pointToLayer: (feature, place) => L.circleMarker(place, { ...styleOf(feature, top), radius: feature.properties.radius ?? 7 }),
        onEachFeature: (feature, one) => dress(feature, one, data.labels),
    }).addTo(map);
    map.fitBounds(layer.getBounds(), { padding: [16, 16], maxZoom: 15 });
    new ResizeObserver(() => map.invalidateSize()).observe(element);
});
