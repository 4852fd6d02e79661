import type { Pod } from "../pod.ts";

/**
 * Annotation of an Ingress: the text after `Error syncing to GCP: `, for errors that only Google Cloud can cause.
 *
 * `{loadbalancer}` stands for the load balancer's derived name. The load balancer keeps its last state.
 */
export const SYNC_ERROR_ANNOTATION = "test.ingressdoctor.dev/sync-error";

/** Annotation of an Ingress: the `gcloud` command of an `XPN` Event; health checks then reach no pod. */
export const FIREWALL_ANNOTATION = "test.ingressdoctor.dev/firewall-command";

/** Annotation of an Ingress: `"true"` keeps health checks from the pods without any Event. */
export const PROBES_BLOCKED_ANNOTATION = "test.ingressdoctor.dev/probes-blocked";

/** Annotation of a Service: the error with which attaching endpoints to its NEGs fails. */
export const NEG_ERROR_ANNOTATION = "test.ingressdoctor.dev/neg-error";

/**
 * Annotation of a pod: what its HTTP server answers, as JSON `{"8080": {"/healthz": 200, "*": 404}}`.
 *
 * A port that is missing refuses connections, a path that is missing answers as `*`, else 404; `8443/https`
 * is a port that speaks TLS. Without the annotation every declared port answers 200 to every path.
 */
export const ANSWERS_ANNOTATION = "test.ingressdoctor.dev/answers";

type Answers = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface Probe {
  readonly type: string;
  readonly port: number;
  readonly path: string;
}

/** The status code a pod answers to a probe; undefined when nothing answers. */
export function probePod(pod: Pod, probe: Probe): number | undefined {
  const text = pod.metadata.annotations?.[ANSWERS_ANNOTATION];
  if (text === undefined) return answersByDefault(pod, probe) ? 200 : undefined;
  const paths = (JSON.parse(text) as Answers)[
    probe.type === "HTTP" ? `${probe.port}` : `${probe.port}/https`
  ];
  return paths === undefined ? undefined : (paths[probe.path] ?? paths["*"] ?? 404);
}

export function saysWhatItAnswers(pod: Pod): boolean {
  return pod.metadata.annotations?.[ANSWERS_ANNOTATION] !== undefined;
}

function answersByDefault(pod: Pod, probe: Probe): boolean {
  const declared = pod.spec.containers.flatMap((container) => container.ports ?? []);
  return probe.type === "HTTP" && declared.some((port) => port.containerPort === probe.port);
}
