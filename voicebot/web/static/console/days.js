// Lines over days, drawn by uPlot from the table beside them: it holds every figure and each line's name, also without
// this. Pointing at a day reads it off in all pictures. Colors are those of numbers.css, so they follow dark and forced ones.
"use strict";
(() => {
  const table = document.getElementById("days-table");
  const pictures = [...document.querySelectorAll("[data-lines]")];
  if (!table || !pictures.length || !window.uPlot) return;
  const HEIGHT = 180;
  const DASHES = [[], [8, 4], [2, 3]];  // lines are told apart without their colors, too
  const BORDERS = ["solid", "dashed", "dotted"];
  const FONT = "12px system-ui, sans-serif";
  const WHOLE = Array.from({ length: 8 }, (_, zeros) => [1, 2, 5].map((first) => first * 10 ** zeros)).flat();
  const SOME_DAYS = [1, 2, 7, 14, 28, 91, 182, 364, 728];
  const rows = [...table.tBodies[0].rows];
  const days = rows.map((row) => row.cells[0].textContent);

  const column = (name) => {
    const head = table.querySelector(`[data-line="${name}"]`);
    const values = rows.map((row) => row.cells[head.cellIndex].dataset.value).map((value) => (value ? Number(value) : null));
    return { label: head.textContent, values };
  };

  const color = (name) => {
    const probe = document.createElement("i");
    probe.className = name;
    table.append(probe);
    const found = window.getComputedStyle(probe).color;
    probe.remove();
    return found;
  };

  const axis = (more) => ({
    stroke: color("ink-axis"), font: FONT, grid: { stroke: color("ink-grid"), width: 1 }, ticks: { show: false }, ...more,
  });

  const draw = (picture) => {
    const { unit, top } = picture.dataset;
    const lines = picture.dataset.lines.split(" ").map(column);
    const read = (_, value, __, day) => {
      if (day === null) return "";
      return value === null ? "none" : `${value}${unit}`;
    };
    return new window.uPlot({
      width: picture.clientWidth,
      height: HEIGHT,
      cursor: { sync: { key: "days" }, drag: { x: false, y: false }, y: false },
      hooks: { ready: [(chart) => chart.setLegend({ idx: days.length - 1 })] },
      legend: { markers: { dash: (_, line) => BORDERS[line - 1] } },
      scales: { x: { time: false }, y: { range: (_, low, high) => [0, Number(top) || Math.max(1, high * 1.1)] } },
      axes: [
        axis({ incrs: SOME_DAYS, values: (_, at) => at.map((day) => days[day]?.replace(/ \d+$/, "") ?? ""), space: 60, size: 28 }),
        axis({ incrs: WHOLE }),
      ],
      series: [
        { label: "Day", value: (_, day) => days[day] ?? "" },
        ...lines.map(({ label }, line) => ({ label, value: read, stroke: color(`ink-${line}`), width: 2, dash: DASHES[line] })),
      ],
    }, [days.map((_, day) => day), ...lines.map(({ values }) => values)], picture);
  };

  let charts = [];
  const drawAll = () => {
    charts.forEach((chart) => chart.destroy());
    charts = pictures.map(draw);
  };
  for (const picture of pictures) picture.parentElement.hidden = false;
  document.getElementById("days-hint").hidden = false;
  drawAll();
  new ResizeObserver(() => {
    charts.forEach((chart, number) => chart.setSize({ width: pictures[number].clientWidth, height: HEIGHT }));
  }).observe(pictures[0]);
  for (const wanted of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    window.matchMedia(wanted).addEventListener("change", drawAll);
  }
})();
