/* Charts. <div data-chart="/url.json" data-failed="…" role="img" aria-label="…"></div> with vendor/echarts loaded.
   The answer is an ECharts option (plain JSON, no functions); what every chart shares is filled in here.
   An item (or the whole series) with `url` opens those rows on a click. Short form:
   {"kind": "bar"|"line", "stacked": false, "days": ["2026-11-01", …], "series": [{"name": "…", "data": [1, 2], "tone": "danger"}]} */

import { COLOURS, SERIES, dataOf, mount } from "./mount.js";

function fromShort(short) {
    return {
        xAxis: { type: "category", data: short.days },
        yAxis: { type: "value", minInterval: 1 },
        series: short.series.map((one) => ({
            type: short.kind,
            stack: short.stacked ? "all" : undefined,
            symbol: "circle",
            barMaxWidth: 26,
            ...one,
            itemStyle: one.tone ? { color: COLOURS[one.tone] } : undefined,
        })),
    };
}

function option(data) {
    const given = data.kind ? fromShort(data) : data;
    return {
        color: SERIES,
        textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
        grid: { left: 8, right: 12, top: 40, bottom: 8, containLabel: true },
        legend: { top: 0, type: "scroll" },
        aria: { enabled: true },
        animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
        ...given,
        // html tooltips write style attributes, which the content security policy forbids
        tooltip: { trigger: "axis", ...given.tooltip, renderMode: "richText" },
    };
}

function open(chart) {
    chart.on("click", (point) => {
        const series = chart.getOption().series[point.seriesIndex] ?? {};
        const url = point.data?.url ?? series.urls?.[point.dataIndex] ?? series.url;
        if (url) location.assign(url);
    });
}

mount("[data-chart]", async (element) => {
    const data = await dataOf(element, "chart");
    const language = document.documentElement.lang.startsWith("zh") ? "ZH" : "EN";
    const chart = echarts.init(element, null, { locale: language, renderer: "canvas" });
    chart.setOption(option(data));
    open(chart);
    new ResizeObserver(() => chart.resize()).observe(element);
});
