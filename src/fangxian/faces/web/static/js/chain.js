/* Transmission chains. <div data-chain="/chain.json" role="img" aria-label="…"></div> with vendor/cytoscape loaded.
   {"nodes": [{"id", "label", "tone", "shape": "ellipse"|"round-rectangle", "url", "root": true, "start": true}],
    "edges": [{"source", "target", "label", "certain": true}]}
   root is emphasised; the layout begins at the starts, or at the root. Certain links are solid, probable ones dashed; a click on a node opens its page. */

import { COLOURS, dataOf, mount } from "./mount.js";

const STYLE = [
    { selector: "node", style: {
        label: "data(label)", "background-color": "data(colour)", shape: "data(shape)", width: 30, height: 30,
        "font-size": 12, color: "#1d2c3c", "text-valign": "bottom", "text-margin-y": 5, "text-wrap": "wrap",
        "text-max-width": 110, "text-background-color": "#fff", "text-background-opacity": 0.8, "border-width": 2, "border-color": "#fff",
    } },
    { selector: "node[?root]", style: { width: 40, height: 40, "font-weight": "bold", "border-color": "#12355b", "border-width": 3 } },
    { selector: "edge", style: {
        width: 1.6, "line-color": "#8296ab", "target-arrow-color": "#8296ab", "target-arrow-shape": "triangle", "curve-style": "bezier",
        label: "data(label)", "font-size": 10, color: "#55677a", "text-background-color": "#fff", "text-background-opacity": 0.9, "text-rotation": "autorotate",
    } },
    { selector: "edge[!certain]", style: { "line-style": "dashed" } },
];

function elements(data) {
    const nodes = data.nodes.map((node) => ({
        data: { shape: "ellipse", label: "", ...node, id: String(node.id), colour: COLOURS[node.tone] ?? COLOURS.neutral },
    }));
    const edges = data.edges.map((edge) => ({
        data: { label: "", certain: true, ...edge, source: String(edge.source), target: String(edge.target) },
    }));
    return [...nodes, ...edges];
}

/* Cytoscape would add a <style> of one rule, which the content security policy forbids; it leaves that out when an
   element with this id is there. The rule itself (position: relative) is in fangxian.css. */
const marker = document.createElement("template");
marker.id = "__________cytoscape_stylesheet";
document.head.append(marker);

mount("[data-chain]", async (element) => {
    const data = await dataOf(element, "chain");
    const graph = cytoscape({ container: element, elements: elements(data), style: STYLE, wheelSensitivity: 0.2, maxZoom: 2 });
    const starts = graph.nodes("[?start]");
    const roots = starts.length ? starts : graph.nodes("[?root]");
    graph.layout({
        name: "breadthfirst", directed: true, padding: 24, spacingFactor: 1.15, animate: false,
        roots: roots.length ? roots : undefined,
    }).run();
    graph.fit(undefined, 24);
    if (graph.zoom() > 1.25) graph.zoom(1.25).center();
    graph.on("tap", "node", (event) => event.target.data("url") && location.assign(event.target.data("url")));
    graph.on("mouseover", "node", () => element.classList.add("fx-pointer"));
    graph.on("mouseout", "node", () => element.classList.remove("fx-pointer"));
    element.fxGraph = graph;
});
