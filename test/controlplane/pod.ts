import type { KubeObject } from "./kube-object.ts";

/** The fields of a Pod that the test bed reads. */
export interface Pod extends KubeObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly containers: readonly PodContainer[];
    readonly readinessGates?: readonly { readonly conditionType: string }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly PodCondition[];
  };
}

export interface PodContainer {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly readinessProbe?: {
    readonly httpGet?: { readonly path?: string; readonly port: string | number; readonly scheme?: string };
    readonly timeoutSeconds?: number;
    readonly periodSeconds?: number;
  };
}

export interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What the kubelet of the test bed should pretend about a pod. */
export const BEHAVIOUR_ANNOTATION = "test.ingressdoctor.dev/behaviour";

/**
 * - `ready` (also without annotation): running and ready
 * - `not-ready`: running, its readiness probe fails
 * - `crash`: its containers end at once with exit code 1 and are restarted again and again
 * - `image-pull-error`: its image cannot be pulled
 * - `container-creating`: bound to a Node, but its containers do not start
 * - `unschedulable`: no Node takes it; also the fate of a pod whose nodeSelector matches no Node
 */
export const BEHAVIOURS = [
  "ready",
  "not-ready",
  "crash",
  "image-pull-error",
  "container-creating",
  "unschedulable",
] as const;

export type Behaviour = (typeof BEHAVIOURS)[number];

/** The behaviour a pod asks for; throws on a value that is none, so that a misspelt scenario is seen. */
export function behaviourOf(pod: Pod): Behaviour {
  const asked = pod.metadata.annotations?.[BEHAVIOUR_ANNOTATION] ?? "ready";
  const behaviour = BEHAVIOURS.find((known) => known === asked);
  if (behaviour === undefined) {
    const known = BEHAVIOURS.join(", ");
    throw new Error(`pod ${pod.metadata.name}: ${BEHAVIOUR_ANNOTATION}=${asked} is none of ${known}`);
  }
  return behaviour;
}
