"use strict";
// Draws the report's charts from the play's figures, which stand in this page as JSON, and shows the chosen hour.
(() => {
  const byId = (id) => document.getElementById(id);
  const play = JSON.parse(byId("play").textContent);
  const hours = play.hours;
  const lastHour = hours.at.length - 1;
  const count = new Intl.NumberFormat("en");
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const utc = (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC");
  const moment = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");

  function percent(share) {
    if (share === null) return "-";
    if (share > 0 && share < 0.001) return "<0.1 %";
    if (share < 1 && share > 0.999) return ">99.9 %";
    return `${(share * 100).toFixed(1)} %`;
  }

  function share(standing, hour) {
    const settled = hours.online[hour] - hours.waiting[hour];
    return settled > 0 ? hours.standings[standing].bots[hour] / settled : null;
  }

  // Each standing stacked on the ones before it; the first lies lowest.
  function stacked() {
    const data = [hours.at];
    hours.standings.forEach((_, standing) => {
      const below = standing > 0 ? data[standing] : null;
      data.push(hours.at.map((_, hour) => {
        const own = share(standing, hour);
        return own === null ? null : own + (below ? below[hour] : 0);
      }));
    });
    return data;
  }

  const axis = () => ({
    stroke: color("soft"),
    font: "12px system-ui, sans-serif",
    grid: { stroke: color("line"), width: 1 },
    ticks: { stroke: color("line"), width: 1, size: 6 },
  });
  const days = { space: 70, values: [
    [86400, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
    [3600, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
    [60, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
  ] };

  // Happenings that lie too close to be told apart share one mark.
  function marks(chart) {
    const ratio = devicePixelRatio || 1;
    const placed = [];
    play.happenings.forEach((happening, number) => {
      if (happening.at < chart.scales.x.min || happening.at > chart.scales.x.max) return;
      const x = Math.round(chart.valToPos(happening.at, "x", true));
      const previous = placed[placed.length - 1];
      if (previous && x - previous.x < 26 * ratio) {
        previous.last = number + 1;
        if (happening.by !== previous.by) previous.by = "several";
      } else {
        placed.push({ x, first: number + 1, last: number + 1, by: happening.by });
      }
    });
    return placed;
  }

  function drawMarks(chart) {
    const ratio = devicePixelRatio || 1;
    const { ctx: pen, bbox } = chart;
    pen.save();
    pen.font = `600 ${11 * ratio}px system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const mark of marks(chart)) {
      const ground = { defender: color("good"), herder: color("bad") }[mark.by] || color("soft");
      const text = mark.first === mark.last ? `${mark.first}` : `${mark.first}–${mark.last}`;
      pen.strokeStyle = color("ink");
      pen.lineWidth = ratio;
      pen.setLineDash([4 * ratio, 3 * ratio]);
      pen.beginPath();
      pen.moveTo(mark.x + 0.5, bbox.top - 4 * ratio);
      pen.lineTo(mark.x + 0.5, bbox.top + bbox.height);
      pen.stroke();
      pen.setLineDash([]);
      const width = Math.max(18 * ratio, pen.measureText(text).width + 10 * ratio);
      const left = Math.min(Math.max(mark.x - width / 2, 0), pen.canvas.width - width);
      const top = bbox.top - 21 * ratio;
      pen.fillStyle = ground;
      pen.beginPath();
      pen.roundRect(left, top, width, 17 * ratio, 8.5 * ratio);
      pen.fill();
      pen.fillStyle = color("paper");
      pen.fillText(text, left + width / 2, top + 9 * ratio);
    }
    pen.restore();
  }

  let chosen = lastHour;
  let sharesChart = null;
  let daysChart = null;
  let onPaper = false;

  function choose(hour) {
    chosen = hour;
    const seconds = hours.at[hour];
    byId("moment").textContent = `${moment(seconds)} UTC`;
    hours.standings.forEach((standing, number) => {
      byId(`share-${standing.name}`).textContent = percent(share(number, hour));
      byId(`bots-${standing.name}`).textContent = count.format(standing.bots[hour]);
    });
    byId("online").textContent = count.format(hours.online[hour]);
    byId("infected").textContent = count.format(hours.infected[hour]);
    byId("call-backs").textContent = count.format(hours.callBacks[hour]);
    byId("sinkhole-bots").textContent = count.format(hours.sinkholeBots[hour]);
    const acts = byId("acts");
    acts.replaceChildren();
    play.happenings.forEach((happening, number) => {
      if (happening.at > seconds || happening.at <= seconds - 3600) return;
      const item = document.createElement("li");
      const mark = document.createElement("b");
      mark.textContent = number + 1;
      item.append(mark, `${happening.by} ${happening.what}`);
      acts.append(item);
    });
    const slider = byId("hour");
    slider.value = hour;
    slider.setAttribute("aria-valuetext", `${moment(seconds)}, herder ${percent(share(0, hour))}`);
  }

  // Puts the chart's cursor on the chosen hour; it then stays there when the pointer leaves.
  function point() {
    if (!sharesChart) return;
    const { min, max } = sharesChart.scales.x;
    const at = hours.at[chosen];
    if (at < min || at > max) return;
    sharesChart.setCursor({ left: sharesChart.valToPos(at, "x"), top: 0 }, false);
  }

  function drawShares() {
    const place = byId("shares");
    const stepped = uPlot.paths.stepped({ align: 1 });
    const names = hours.standings.map((standing) => standing.name);
    const options = {
      width: place.clientWidth,
      height: onPaper ? 250 : place.clientWidth < 500 ? 280 : 400,
      padding: [26, 24, 0, 0],
      tzDate: utc,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false } },
      scales: { y: { range: [0, 1] } },
      axes: [
        { ...axis(), ...days },
        { ...axis(), size: 56, incrs: [0.25], values: (_, splits) => splits.map((split) => `${Math.round(split * 100)} %`) },
      ],
      series: [
        {},
        ...names.map((name) => ({ label: name, paths: stepped, fill: color(name), stroke: color(name), width: 0, points: { show: false } })),
      ],
      bands: names.slice(1).map((_, lower) => ({ series: [lower + 2, lower + 1] })),
      hooks: {
        draw: [drawMarks],
        setCursor: [(chart) => {
          if (typeof chart.cursor.idx === "number" && chart.cursor.left >= 0) choose(chart.cursor.idx);
          else requestAnimationFrame(point);
        }],
        // A new scale moves other hours under the cursor: the chosen one stays chosen.
        setScale: [(_, scale) => {
          if (scale !== "x") return;
          pressed();
          const kept = chosen;
          requestAnimationFrame(() => { choose(kept); point(); });
        }],
      },
    };
    sharesChart = new uPlot(options, stacked(), place);
  }

  function drawDays() {
    const place = byId("days");
    if (!place) return;
    const table = play.days;
    const told = byId("day");
    const options = {
      width: place.clientWidth,
      height: onPaper ? 200 : 260,
      padding: [10, 24, 0, 0],
      tzDate: utc,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: {
        x: { range: (_, min, max) => [min - 43200, max + 43200] },
        y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        { ...axis(), ...days, incrs: [1, 2, 7, 14, 28].map((day) => day * 86400) },
        { ...axis(), size: 72, values: (_, splits) => splits.map((split) => count.format(split)) },
      ],
      series: [
        {},
        { label: "addresses", fill: color("seen"), stroke: color("seen"), width: 0, paths: uPlot.paths.bars({ size: [0.7, 56] }), points: { show: false } },
        { label: "bots", stroke: color("truth"), width: 2.5, points: { show: true, size: 7, fill: color("sheet"), stroke: color("truth"), width: 2 } },
      ],
      hooks: {
        setCursor: [(chart) => {
          const day = chart.cursor.idx;
          if (typeof day !== "number" || chart.cursor.left < 0) return;
          const [addresses, bots] = [table.addresses[day], table.bots[day]];
          const each = bots > 0 ? `, ${(addresses / bots).toFixed(2)} addresses a bot` : "";
          told.textContent = `${moment(table.at[day]).slice(0, 10)}: ${count.format(addresses)} addresses, ${count.format(bots)} bots${each}`;
        }],
      },
    };
    daysChart = new uPlot(options, [table.at, table.addresses, table.bots], place);
  }

  // Spans of time worth a look: the whole play, and two days around the first act and the return.
  const whole = [hours.at[0], hours.at[lastHour]];
  const around = (at) => [Math.max(whole[0], at - 43200), Math.min(whole[1], at + 129600)];
  const spans = [{ label: "Whole play", span: whole }];
  if (play.firstAct !== null) spans.push({ label: "Around the first act", span: around(play.firstAct) });
  if (play.back !== null) spans.push({ label: "Around the return", span: around(play.back) });
  for (const entry of lastHour > 96 ? spans : []) {
    entry.button = document.createElement("button");
    entry.button.type = "button";
    entry.button.textContent = entry.label;
    entry.button.addEventListener("click", () => sharesChart.setScale("x", { min: entry.span[0], max: entry.span[1] }));
    byId("spans").append(entry.button);
  }
  function pressed() {
    if (!sharesChart) return;
    const { min, max } = sharesChart.scales.x;
    for (const { button, span } of spans) button?.setAttribute("aria-pressed", min === span[0] && max === span[1]);
  }

  function draw() {
    sharesChart?.destroy();
    daysChart?.destroy();
    drawShares();
    drawDays();
    pressed();
    choose(chosen);
    point();
  }

  function start() {
    if (lastHour < 1) {
      byId("problem").textContent = "The play is shorter than an hour: there is nothing to draw.";
      byId("problem").hidden = false;
      return;
    }
    const first = hours.at.findIndex((at) => at >= (play.lost ?? play.firstAct ?? Infinity));
    chosen = first >= 0 ? first : lastHour;
    draw();
    byId("hour").addEventListener("input", (event) => {
      choose(Number(event.target.value));
      const { min, max } = sharesChart.scales.x;
      if (hours.at[chosen] < min || hours.at[chosen] > max) sharesChart.setScale("x", { min: whole[0], max: whole[1] });
      point();
    });
    let width = byId("shares").clientWidth;
    new ResizeObserver(() => {
      const now = byId("shares").clientWidth;
      if (now !== width) { width = now; draw(); }
    }).observe(byId("shares"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    // Paper is light.
    addEventListener("beforeprint", () => { onPaper = true; document.documentElement.dataset.theme = "light"; draw(); });
    addEventListener("afterprint", () => { onPaper = false; delete document.documentElement.dataset.theme; draw(); });
  }

  try {
    start();
  } catch (error) {
    byId("problem").textContent = `The charts could not be drawn: ${error.message}`;
    byId("problem").hidden = false;
  }
})();
