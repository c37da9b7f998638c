/** Draws what the soak sampled. */
import * as echarts from "echarts";

/** What one moment of a soak was like. */
export interface Sample {
  /** Since the load began. */
  minute: number;
  /** Jobs that ended, a second. */
  jobs: number;
  /** Milliseconds from the first call of a job until its last was acknowledged. */
  p50: number;
  p99: number;
  /** MiB that the processes of the server hold. */
  memory: number;
  /** MiB of the ledger with the reservations, of their indexes, and of the archive with its own. */
  tables: number;
  indexes: number;
  archive: number;
  /** MiB of accounts and batches, which are updated in place and whose number stays the same. */
  updated: number;
  /** Rows of the ledger, in thousands, and how much of its pages is dead or free, in percent. */
  rows: number;
  waste: number;
}

/** When something was killed, in minutes. */
export interface Kills {
  server: number[];
  client: number[];
}

type Line = [title: string, field: keyof Sample];

const PANELS: { title: string; lines: Line[]; log?: boolean }[] = [
  { title: "Jobs a second", lines: [["jobs", "jobs"]] },
  { title: "Milliseconds a job", lines: [["p50", "p50"], ["p99", "p99"]], log: true },
  { title: "Memory of the server, MiB", lines: [["memory", "memory"]] },
  {
    title: "On disk, MiB",
    lines: [["ledger and reservations", "tables"], ["their indexes", "indexes"], ["archive", "archive"]],
  },
  { title: "Accounts and batches, MiB", lines: [["updated", "updated"]] },
  { title: "Rows of the ledger, thousands", lines: [["rows", "rows"]] },
  { title: "Dead or free in the ledger, percent", lines: [["dead or free", "waste"]] },
];

const [WIDTH, PANEL, TOP, GAP] = [820, 120, 60, 52];

/** The samples as an SVG, with a red line for each kill of the server and a grey one for each of a client. */
export function drawSoak(samples: Sample[], kills: Kills): string {
  const height = TOP + PANELS.length * (PANEL + GAP);
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  const at = (minutes: number[], color: string, type: "solid" | "dotted") =>
    minutes.map((xAxis) => ({ xAxis, lineStyle: { color, type, width: 1, opacity: 0.6 } }));
  const marks = [...at(kills.server, "#c33", "solid"), ...at(kills.client, "#999", "dotted")];
  chart.setOption({
    animation: false,
    backgroundColor: "#fff",
    title: PANELS.map(({ title }, index) => ({
      text: title,
      left: 60,
      top: TOP + index * (PANEL + GAP) - 26,
      textStyle: { fontSize: 13 },
    })),
    legend: { top: 4, data: ["p50", "p99", "ledger and reservations", "their indexes", "archive"] },
    grid: PANELS.map((_, index) => ({
      left: 60,
      right: 20,
      top: TOP + index * (PANEL + GAP),
      height: PANEL,
    })),
    xAxis: PANELS.map((_, gridIndex) => ({ type: "value", gridIndex, min: 0, max: "dataMax" })),
    yAxis: PANELS.map(({ log }, gridIndex) => ({ type: log ? "log" : "value", gridIndex, min: log ? 1 : 0 })),
    series: PANELS.flatMap(({ lines }, index) =>
      lines.map(([name, field], first) => ({
        type: "line",
        name,
        xAxisIndex: index,
        yAxisIndex: index,
        symbol: "none",
        data: samples.map((sample) => [sample.minute, sample[field]]),
        ...(first === 0
          ? { markLine: { symbol: "none", silent: true, label: { show: false }, data: marks } }
          : {}),
      }))
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
