import type { UrlMap } from "../../../model/load-balancer.ts";
import { builtObjects } from "../../gke/status-annotations.ts";
import type { BackendTarget } from "../../gke/translate.ts";
import { type LiveBackend, liveBackends } from "../../live-backends.ts";
import { defineRule } from "../../rule.ts";
import { listed } from "../../text.ts";
import type { Topology } from "../../topology.ts";

export default defineRule({
  code: "GID907",
  slug: "url-map-drift",
  severity: "warning",
  symptoms: ["stale"],
  stage: "routing",
  reads: ["ingress", "translation", "backends", "loadBalancer", "settling"],
  rows: ["DRF-01", "SYN-10", "ROL-07"],
  summary: "The live URL map routes differently from what the Ingress says.",
  why: "Requests follow the live map. It differs while a sync fails or waits in a long queue, and after edits in the console, which the next sync reverts.",
  fix: "Touch the Ingress to start a sync, and read its Events for what keeps the change back.",
  confirm: ["gcloud compute url-maps describe URL_MAP --global"],
  sources: ["ingress-gce: pkg/loadbalancers/url_maps.go (ensureComputeURLMap)"],
  messages: {
    differs: "URL map {map} differs from Ingress {ingress}: {differences}.",
  },

  check(topology, report) {
    const { ingress, translation, loadBalancer, settling } = topology;
    if (settling.open || translation.errors.length > 0 || translation.undecided.length > 0) return;
    if (!report.knows(loadBalancer) || !report.knows(loadBalancer.value.urlMaps)) return;
    const { urlMap: name } = builtObjects(ingress);
    const live = loadBalancer.value.urlMaps.value.find((map) => map.name === name);
    if (live === undefined) return;
    const services = new Map(liveBackends(topology, report).map((found) => [found.backend.key, found]));
    const differences = [...missingRoutes(topology, live, services), ...strayHosts(topology, live)].sort();
    if (differences.length === 0) return;
    report(
      "differs",
      { subject: ingress.ref },
      { map: live.name, ingress: ingress.ref.name, differences: listed(differences, 3) },
    );
  },
});

function missingRoutes(
  { translation }: Topology,
  live: UrlMap,
  services: ReadonlyMap<string, LiveBackend>,
): readonly string[] {
  const hosts = new Map(
    live.hosts.map((host) => [host.host, new Map(host.paths.map(({ path, service }) => [path, service]))]),
  );
  return translation.table.hosts.flatMap(({ host, paths }) => {
    const livePaths = hosts.get(host);
    if (livePaths === undefined) return [`host ${host} is not in it`];
    return paths.flatMap(({ path, target }) =>
      compared(`${host}${path}`, livePaths.get(path), target, services),
    );
  });
}

/** What is said of one path; nothing where the backend service behind the target is not known. */
function compared(
  place: string,
  actual: string | undefined,
  target: BackendTarget,
  services: ReadonlyMap<string, LiveBackend>,
): readonly string[] {
  if (actual === undefined) return [`${place} is not in it`];
  const wanted = services.get(target.key)?.live.name;
  return wanted === undefined || wanted === actual ? [] : [`${place} goes to ${actual}, not to ${wanted}`];
}

function strayHosts({ translation }: Topology, live: UrlMap): readonly string[] {
  const wanted = new Set(translation.table.hosts.map(({ host }) => host));
  return live.hosts.flatMap(({ host }) => (wanted.has(host) ? [] : [`host ${host} is still in it`]));
}
