import { createHash } from "node:crypto";
import type { TestClient } from "../client.ts";
import { UnknownKindError } from "../discovery.ts";
import type { KubeObject, Manifest } from "../kube-object.ts";
import { PROJECT } from "../nodes.ts";
import { type NegEndpoint, negEndpoints } from "./health.ts";
import { type ClusterIds, negName } from "./names.ts";
import {
  annotation,
  byName,
  KINDS,
  type NamespaceObjects,
  type Service,
  type ServicePort,
} from "./objects.ts";
import { type EventInput, recordEvent } from "./recorder.ts";
import { NEG_ERROR_ANNOTATION } from "./scenario.ts";
import { hasInvalidNegAnnotation, negAnnotationOf, referencedPorts } from "./translate.ts";

/** The NEG of one Service port; there is one in each zone under the same name. */
interface Neg {
  readonly name: string;
  readonly service: Service;
  readonly port: ServicePort;
}

const STATUS_ANNOTATION = "cloud.google.com/neg-status";
const FINALIZER = "networking.gke.io/neg-finalizer";

/** Plays GKE's NEG controller for one namespace: SvcNEG objects, `neg-status` and Events on Services. */
export class NegController {
  readonly #client: TestClient;
  readonly #ids: ClusterIds;
  /** NEG name -> addresses attached so far. */
  readonly #attached = new Map<string, Map<string, NegEndpoint>>();
  /** `<service uid> <annotation>` whose error has been reported. */
  readonly #reported = new Set<string>();

  constructor(client: TestClient, ids: ClusterIds) {
    this.#client = client;
    this.#ids = ids;
  }

  /** Makes the namespace's NEGs what `objects` ask for; answers the names of those that exist. */
  async sync(
    objects: NamespaceObjects,
    served: NamespaceObjects["ingresses"],
    zones: string[],
  ): Promise<Set<string>> {
    const negs = await this.#wantedNegs(objects, served);
    for (const neg of negs) await this.#ensure(objects, neg, zones);
    for (const service of objects.services) await this.#writeStatusAnnotation(service, negs, zones);
    const names = new Set(negs.map((neg) => neg.name));
    for (const stored of objects.negs) if (!names.has(stored.metadata.name)) await this.#remove(stored);
    return names;
  }

  async #wantedNegs(objects: NamespaceObjects, served: NamespaceObjects["ingresses"]): Promise<Neg[]> {
    const referenced = new Set(served.flatMap((ingress) => referencedPorts(ingress, objects)));
    const negs: Neg[] = [];
    for (const service of objects.services) {
      const error = annotationError(service);
      if (error === undefined) negs.push(...this.#negsOf(service, referenced));
      else await this.#reportOnce(service, error);
    }
    return negs;
  }

  #negsOf(service: Service, referenced: ReadonlySet<ServicePort>): Neg[] {
    const asked = negAnnotationOf(service);
    return service.spec.ports.flatMap((port) => {
      const exposed = asked?.exposed_ports?.[String(port.port)];
      const name = negName(this.#ids, service.metadata.namespace ?? "", service.metadata.name, port.port);
      const wanted = exposed !== undefined || (asked?.ingress === true && referenced.has(port));
      return wanted ? [{ name: exposed?.name ?? name, service, port }] : [];
    });
  }

  async #reportOnce(service: Service, error: string): Promise<void> {
    const key = `${service.metadata.uid} ${annotation(service, "cloud.google.com/neg")}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    const id = `${service.metadata.namespace}/${service.metadata.name}`;
    const message = `error processing service "${id}": ${error}`;
    await this.#record({ about: service, type: "Warning", reason: "ProcessServiceFailed", message });
  }

  async #ensure(objects: NamespaceObjects, neg: Neg, zones: string[]): Promise<void> {
    const error = annotation(neg.service, NEG_ERROR_ANNOTATION);
    const stored = byName(objects.negs, neg.name);
    if (stored === undefined) await this.#recordCreation(neg, zones);
    if (stored === undefined || syncedMessage(stored) !== (error ?? "")) {
      await this.#store(svcNegManifest(neg, zones, error));
      if (error !== undefined) {
        const message = `Failed to sync NEG "${neg.name}" (will retry): ${error}`;
        await this.#record({
          about: neg.service,
          type: "Warning",
          reason: "SyncNetworkEndpointGroupFailed",
          message,
        });
      }
    }
    if (error === undefined) await this.#attach(neg, negEndpoints(objects, neg.service, neg.port));
  }

  async #store(manifest: Manifest): Promise<void> {
    try {
      await this.#client.apply(manifest);
    } catch (error) {
      // The real controller installs this CRD itself; a test may run without it.
      if (!(error instanceof UnknownKindError)) throw error;
    }
  }

  async #recordCreation(neg: Neg, zones: string[]): Promise<void> {
    const { service, port } = neg;
    const key =
      `${service.metadata.namespace}/${service.metadata.name}-${neg.name}-` +
      `${port.name ?? ""}/${port.port}-${port.targetPort}-GCE_VM_IP_PORT-L7`;
    for (const zone of zones) {
      const message = `Created NEG "${neg.name}" for ${key} in "${zone}".`;
      await this.#record({ about: service, reason: "Create", message });
    }
  }

  async #attach(neg: Neg, endpoints: readonly NegEndpoint[]): Promise<void> {
    const before = this.#attached.get(neg.name) ?? new Map<string, NegEndpoint>();
    const now = new Map(endpoints.map((endpoint) => [`${endpoint.address}:${endpoint.port}`, endpoint]));
    this.#attached.set(neg.name, now);
    const added = [...now].filter(([key]) => !before.has(key)).map(([, endpoint]) => endpoint);
    const removed = [...before].filter(([key]) => !now.has(key)).map(([, endpoint]) => endpoint);
    await this.#recordBatch(neg, "Attach", added);
    await this.#recordBatch(neg, "Detach", removed);
  }

  async #recordBatch(
    neg: Neg,
    reason: "Attach" | "Detach",
    endpoints: readonly NegEndpoint[],
  ): Promise<void> {
    for (const [zone, batch] of Map.groupBy(endpoints, (endpoint) => endpoint.zone)) {
      const what = `${batch.length} network endpoint(s) (NEG "${neg.name}" in zone "${zone}")`;
      await this.#record({ about: neg.service, reason, message: `${reason} ${what}` });
    }
  }

  async #writeStatusAnnotation(service: Service, negs: readonly Neg[], zones: string[]): Promise<void> {
    const own = negs.filter((neg) => neg.service === service);
    const groups = Object.fromEntries(own.map((neg) => [String(neg.port.port), neg.name]));
    const value = own.length === 0 ? null : JSON.stringify({ network_endpoint_groups: groups, zones });
    if ((annotation(service, STATUS_ANNOTATION) ?? null) === value) return;
    await this.#client.patch(service, { metadata: { annotations: { [STATUS_ANNOTATION]: value } } });
  }

  async #remove(stored: KubeObject): Promise<void> {
    this.#attached.delete(stored.metadata.name);
    await this.#client.delete(stored);
    await this.#client.patch(stored, { metadata: { finalizers: null } }).catch(() => {});
  }

  #record(event: Omit<EventInput, "component">): Promise<void> {
    return recordEvent(this.#client, { ...event, component: "neg-controller" });
  }
}

function annotationError(service: Service): string | undefined {
  if (hasInvalidNegAnnotation(service)) return "NEG annotation is invalid.";
  const asked = negAnnotationOf(service);
  const names = Object.values(asked?.exposed_ports ?? {}).map((port) => port.name ?? "");
  if (asked?.ingress !== true || names.every((name) => name === "")) return undefined;
  const id = `${service.metadata.namespace}/${service.metadata.name}`;
  return `configuration for negs in service (${id}) is invalid, custom neg name cannot be used with ingress enabled`;
}

function syncedMessage(stored: KubeObject): string | undefined {
  const status = stored.status as { conditions?: { type: string; message?: string }[] } | undefined;
  return status?.conditions?.find((condition) => condition.type === "Synced")?.message;
}

function svcNegManifest(neg: Neg, zones: string[], error: string | undefined): Manifest {
  const { service, port, name } = neg;
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const condition = (type: string, reason: string, message = "") => ({
    type,
    status: message === "" ? "True" : "False",
    reason,
    message,
    lastTransitionTime: now,
  });
  const owner = { apiVersion: "v1", kind: "Service", name: service.metadata.name, uid: service.metadata.uid };
  const [apiVersion, kind] = splitKind(KINDS.negs);
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(service.metadata.namespace === undefined ? {} : { namespace: service.metadata.namespace }),
      labels: {
        "networking.gke.io/managed-by": "neg-controller",
        "networking.gke.io/service-name": service.metadata.name,
        "networking.gke.io/service-port": String(port.port),
      },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: false }],
      finalizers: [FINALIZER],
    },
    status: {
      conditions: [
        condition("Initialized", "NegInitializationSuccessful"),
        condition("Synced", error === undefined ? "NegSyncSuccessful" : "NegSyncFailed", error),
      ],
      lastSyncTime: now,
      networkEndpointGroups: zones.map((zone) => ({
        id: numericId(`${zone}/${name}`),
        networkEndpointType: "GCE_VM_IP_PORT",
        selfLink: `https://www.googleapis.com/compute/v1/projects/${PROJECT}/zones/${zone}/networkEndpointGroups/${name}`,
      })),
    },
  };
}

function splitKind(kind: string): [string, string] {
  const slash = kind.lastIndexOf("/");
  return [kind.slice(0, slash), kind.slice(slash + 1)];
}

/** Compute Engine numbers its resources with up to 20 digits. */
function numericId(text: string): string {
  return createHash("sha256").update(text).digest().readBigUInt64BE().toString();
}
