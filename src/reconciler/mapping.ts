import { matchesLabels } from "../diagnostics/gke/selector.ts";
import type { KubeEvent } from "../model/event.ts";
import { REPORTING_CONTROLLER } from "../model/event.ts";
import type { Observed } from "../model/observed.ts";
import type { Workload } from "../model/pod.ts";
import { type ObjectKey, objectKey, refKey, type StringMap } from "../model/refs.ts";
import { NODES_TOKEN, namespaceToken, objectToken } from "./dependencies.ts";
import type { AnyChange, CachedKind, CachedTypes, Listers } from "./ports.ts";
import { sharedValues } from "./references.ts";

/** What a change affects. */
export interface Affected {
  /** Ingresses themselves. */
  readonly keys: ReadonlySet<ObjectKey>;
  /** Tokens under which the Ingresses that were gathered from the changed object are filed. */
  readonly tokens: ReadonlySet<string>;
}

/**
 * Maps a changed object to what it affects, in its old and its new form.
 *
 * The rest of the way, from BackendConfig to Service to Ingress for example, is in the tokens: an Ingress is
 * filed under everything its snapshot was read from.
 */
export function affectedBy(change: AnyChange, listers: Listers): Affected {
  const keys = new Set<ObjectKey>();
  const tokens = new Set<string>();
  const mapper = MAPPERS[change.kind] as Mapper<CachedKind>;
  for (const object of [change.before, change.after]) {
    if (object !== undefined) mapper(object, { keys, tokens, listers });
  }
  return { keys, tokens };
}

interface Sink {
  readonly keys: Set<ObjectKey>;
  readonly tokens: Set<string>;
  readonly listers: Listers;
}

type Mapper<K extends CachedKind> = (object: CachedTypes[K], sink: Sink) => void;

const MAPPERS: { readonly [K in CachedKind]: Mapper<K> } = {
  ingresses: (ingress, { keys, tokens }) => {
    keys.add(refKey(ingress.ref));
    for (const value of sharedValues(ingress)) tokens.add(value);
  },
  services: ({ ref }, sink) => addObject("services", ref, sink),
  endpointSlices: ({ ref, service }, { tokens }) =>
    void tokens.add(objectToken("services", objectKey(ref.namespace, service))),
  pods: (pod, sink) => {
    addObject("pods", pod.ref, sink);
    addSelecting(pod.ref.namespace, pod.labels, sink);
  },
  workloads: (workload: Workload, sink) => {
    addObject("workloads", workload.ref, sink);
    addSelecting(workload.ref.namespace, workload.templateLabels, sink);
  },
  backendConfigs: ({ ref }, sink) => addObject("backendConfigs", ref, sink),
  frontendConfigs: ({ ref }, sink) => addObject("frontendConfigs", ref, sink),
  managedCertificates: ({ ref }, sink) => addObject("managedCertificates", ref, sink),
  secrets: ({ ref }, sink) => addObject("secrets", ref, sink),
  serviceNegs: ({ ref, service }, { tokens }) =>
    void tokens.add(objectToken("services", objectKey(ref.namespace, service))),
  nodes: (_node, { tokens }) => void tokens.add(NODES_TOKEN),
  networkPolicies: ({ ref }, { tokens }) => void tokens.add(namespaceToken("networkPolicies", ref.namespace)),
  events: addSubject,
  diagnoses: ({ ref }, { keys }) => void keys.add(refKey(ref)),
};

function addObject(
  kind: Parameters<typeof objectToken>[0],
  ref: { readonly namespace: string; readonly name: string },
  { tokens }: Sink,
): void {
  tokens.add(objectToken(kind, objectKey(ref.namespace, ref.name)));
  tokens.add(namespaceToken(kind, ref.namespace));
}

/** Adds the Services whose selector these labels satisfy. */
function addSelecting(namespace: string, labels: StringMap, { tokens, listers }: Sink): void {
  const services = listers.services.inNamespace(namespace);
  if (!services.known) return;
  for (const { ref, selector } of services.value) {
    const selects = selector !== undefined && Object.keys(selector).length > 0;
    if (selects && matchesLabels(selector, labels)) tokens.add(objectToken("services", refKey(ref)));
  }
}

/** Adds what the object of an Event is about; our own Events say nothing new. */
function addSubject({ about, component }: KubeEvent, sink: Sink): void {
  if (component === REPORTING_CONTROLLER) return;
  const key = objectKey(about.namespace, about.name);
  switch (about.kind) {
    case "Ingress":
      sink.keys.add(key);
      break;
    case "Service":
      sink.tokens.add(objectToken("services", key));
      break;
    case "Pod": {
      const pod = knownValue(sink.listers.pods.get(key));
      if (pod !== undefined) MAPPERS.pods(pod, sink);
      break;
    }
    case "ServiceNetworkEndpointGroup": {
      const neg = knownValue(sink.listers.serviceNegs.get(key));
      if (neg !== undefined)
        sink.tokens.add(objectToken("services", objectKey(about.namespace, neg.service)));
      break;
    }
  }
}

function knownValue<T>(answer: Observed<T>): T | undefined {
  return answer.known ? answer.value : undefined;
}
