// Draws each evidence chart from the table beside it, so that both hold the same numbers.

const DAY = 86_400;
const shown = new Map();

const token = (name) => {
  // A canvas knows nothing of light-dark(): a throwaway element resolves the colour for it.
  const probe = document.createElement("span");
  probe.className = `ink-${name}`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
};

function numbers(table) {
  const rows = Array.from(table.tBodies[0].rows).reverse();
  const of = (name) => rows.map((row) => (name in row.dataset ? Number(row.dataset[name]) : null));
  return {
    labels: rows.map((row) => row.dataset.label),
    x: rows.map((row, index) => Date.parse(row.dataset.day) / 1000 || index * DAY),
    value: of("value"), usual: of("usual"), low: of("low"), high: of("high"),
  };
}

function outside(data, index) {
  const { value, low, high } = data;
  return value[index] != null && low[index] != null && (value[index] > high[index] || value[index] < low[index]);
}

// Ordinary days are dots, days outside the band are larger diamonds: the shape tells, not the colour.
function drawPoints(data, colours) {
  return (u) => {
    const { ctx } = u;
    const size = 4 * devicePixelRatio;
    ctx.save();
    data.x.forEach((x, index) => {
      if (data.value[index] == null) return;
      const left = u.valToPos(x, "x", true);
      const top = u.valToPos(data.value[index], "y", true);
      ctx.beginPath();
      if (outside(data, index)) {
        const half = size * 1.6;
        ctx.moveTo(left, top - half);
        ctx.lineTo(left + half, top);
        ctx.lineTo(left, top + half);
        ctx.lineTo(left - half, top);
        ctx.closePath();
        ctx.fillStyle = colours.urgent;
      } else {
        ctx.arc(left, top, size, 0, 2 * Math.PI);
        ctx.fillStyle = colours.accent;
      }
      ctx.fill();
      ctx.lineWidth = 2 * devicePixelRatio;
      ctx.strokeStyle = colours.surface;
      ctx.stroke();
    });
    ctx.restore();
  };
}

function options(box, data, colours) {
  const font = `13px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: colours.soft, font, ticks: { show: false }, gap: 6 };
  const stepped = { points: { show: false }, spanGaps: false };
  return {
    width: box.clientWidth,
    height: box.clientHeight,
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time: false, range: (_, low, high) => [low - DAY / 2, high + DAY / 2] },
      y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.12 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        splits: () => everyFew(data, box.clientWidth),
        values: (_, splits) => splits.map((x) => data.labels[data.x.indexOf(x)] ?? ""),
      },
      { ...axis, size: 44, ...(counted(data) ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] } : {}), grid: { stroke: colours.line, width: 1 } },
    ],
    series: [
      {},
      { ...stepped, stroke: "transparent" },
      { ...stepped, stroke: "transparent" },
      { ...stepped, stroke: colours.strong, width: 2, dash: [6, 5] },
      { ...stepped, stroke: colours.accent, width: 2 },
    ],
    bands: [{ series: [2, 1], fill: colours.band }],
    hooks: { draw: [drawPoints(data, colours)] },
  };
}

// Of things that are counted there are no halves.
const counted = ({ value }) => value.every((each) => each == null || Number.isInteger(each));

// As many day labels as stand side by side, the last day always among them.
function everyFew({ x }, width) {
  const step = Math.max(1, Math.ceil((x.length * 88) / width));
  return x.filter((_, index) => (x.length - 1 - index) % step === 0);
}

function draw(box) {
  const table = document.getElementById(box.dataset.table);
  if (!table) return;
  const data = numbers(table);
  const colours = Object.fromEntries(
    ["accent", "urgent", "band", "line", "strong", "soft", "surface"].map((name) => [name, token(name)]),
  );
  shown.get(box)?.destroy();
  const series = [data.x, data.low, data.high, data.usual, data.value];
  const chart = new uPlot(options(box, data, colours), series, box);
  chart.root.setAttribute("role", "img");
  chart.root.setAttribute("aria-label", box.dataset.label);
  shown.set(box, chart);
}

const redraw = () => {
  for (const [box, chart] of shown) {
    if (!box.isConnected) {
      chart.destroy();
      shown.delete(box);
    }
  }
  document.querySelectorAll(".chart").forEach((box) => {
    if (!shown.has(box)) resized.observe(box);
    draw(box);
  });
};

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const chart = shown.get(target);
    if (chart && chart.width !== target.clientWidth && target.clientWidth) draw(target);
  }
});

await document.fonts.ready;
redraw();
document.addEventListener("htmx:after:swap", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
