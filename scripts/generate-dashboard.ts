import { ReduceDataOptionsBuilder } from "@grafana/grafana-foundation-sdk/common";
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as Timeseries } from "@grafana/grafana-foundation-sdk/timeseries";
import { type PanelPlan, ROWS } from "./dashboard-panels.ts";
import type { Generator } from "./generator.ts";

/** Heights in grid units. */
const HEIGHT = { stat: 4, timeseries: 8, table: 8 } as const;

const SOURCE = { type: "prometheus", uid: "$datasource" };

function panelOf({ kind, title, description, unit, width, queries }: PanelPlan) {
  const builder = kind === "stat" ? lastValue() : kind === "table" ? new Table() : new Timeseries();
  builder
    .title(title)
    .description(description)
    .unit(unit)
    .span(width)
    .height(HEIGHT[kind])
    .datasource(SOURCE);
  for (const [index, { expr, legend }] of queries.entries()) {
    const query = new DataqueryBuilder().expr(expr).legendFormat(legend).datasource(SOURCE);
    query.refId(String.fromCharCode("A".charCodeAt(0) + index));
    if (kind !== "timeseries") query.instant();
    if (kind === "table") query.format(PromQueryFormat.Table);
    builder.withTarget(query);
  }
  return builder;
}

function lastValue(): Stat {
  return new Stat().reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
}

function variable(name: string, label: string, query: string) {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(SOURCE)
    .query(query)
    .refresh(2)
    .multi(true)
    .includeAll(true)
    .allValue(".*");
}

function dashboard(): object {
  const builder = new DashboardBuilder("Ingress Doctor")
    .uid("ingress-doctor")
    .description("Which GKE Ingresses do not answer, and whether Ingress Doctor itself is well.")
    .tags(["gke", "ingress"])
    .time({ from: "now-6h", to: "now" })
    .refresh("1m")
    .timezone("browser")
    .readonly()
    .withVariable(new DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus"))
    .withVariable(variable("namespace", "Namespace", "label_values(ingress_doctor_verdict, namespace)"))
    .withVariable(
      variable(
        "ingress",
        "Ingress",
        'label_values(ingress_doctor_verdict{namespace=~"$namespace"}, ingress)',
      ),
    );
  for (const { title, panels } of ROWS) {
    builder.withRow(new RowBuilder(title));
    for (const plan of panels) builder.withPanel(panelOf(plan));
  }
  return builder.build();
}

/** The Grafana dashboard that the chart ships. */
export const dashboardFile: Generator = {
  name: "dashboard",
  outputs: () =>
    new Map([["charts/ingress-doctor/files/dashboard.json", `${JSON.stringify(dashboard(), null, 2)}\n`]]),
};
