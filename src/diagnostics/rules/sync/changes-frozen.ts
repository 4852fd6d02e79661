import { builtObjects } from "../../gke/status-annotations.ts";
import { defineRule } from "../../rule.ts";
import { isDenied } from "../../sync/modelled-errors.ts";
import { syncRank } from "../../sync/phase.ts";
import { counted } from "../../text.ts";
import { timeText } from "../../time-text.ts";

export default defineRule({
  code: "GID113",
  slug: "changes-frozen",
  severity: "warning",
  symptoms: ["stale"],
  stage: "backend-sync",
  consequence: true,
  reads: ["ingress", "sync", "translation", "routes"],
  rows: ["SYN-01", "SYN-14"],
  summary: "The load balancer keeps an older state of the Ingress, because every sync fails.",
  why: "One error stops the whole sync. The load balancer that was built before goes on serving its old routes, certificates and address, and nothing that was changed since reaches it, whether or not it has to do with the error.",
  fix: "Correct the error that stops the sync; every pending change is then applied at once.",
  confirm: [
    "kubectl describe ingress INGRESS -n NAMESPACE",
    "gcloud compute url-maps describe URL_MAP --global",
  ],
  sources: ["ingress-gce: pkg/controller/controller.go, sync", "ingress-gce issue 646"],
  messages: {
    since:
      "Since {since} no change of Ingress {ingress} reaches its load balancer, which keeps the state of its last sync for {routes}.",
    untimed:
      "No change of Ingress {ingress} reaches its load balancer, which keeps the state of its last sync for {routes}.",
  },

  check(topology, report) {
    const { ingress, sync, translation, routes } = topology;
    if (ingress.deletedAt !== undefined || builtObjects(ingress).urlMap === undefined) return;
    const stopping = report.knows(sync)
      ? sync.value.errors.filter(
          ({ phase, cause }) => syncRank(phase) !== undefined && !isDenied(cause, translation),
        )
      : [];
    if (stopping.length === 0 && translation.errors.length === 0) return;
    const place = { subject: ingress.ref };
    const parameters = { ingress: ingress.ref.name, routes: counted(routes.length, "route") };
    if (stopping.length === 0) report("untimed", place, parameters);
    else {
      const since = Math.min(...stopping.map(({ firstAt }) => firstAt));
      report("since", place, { ...parameters, since: timeText(since) });
    }
  },
});
