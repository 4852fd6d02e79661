import type { TestClient } from "../controlplane/client.ts";
import { waitFor } from "../controlplane/eventually.ts";
import type { KubeObject } from "../controlplane/kube-object.ts";
import { alignColumns } from "../controlplane/table.ts";

const KIND = "networking.k8s.io/v1/Ingress";

export interface IngressName {
  readonly name: string;
  readonly namespace: string;
}

interface Ingress extends KubeObject {
  readonly spec: {
    readonly rules: readonly {
      readonly host: string;
      readonly http: { readonly paths: readonly Path[] };
    }[];
  };
  readonly status: { readonly loadBalancer: { readonly ingress?: readonly { readonly ip: string }[] } };
}

interface Path {
  readonly path: string;
  readonly backend: {
    readonly service: {
      readonly name: string;
      readonly port: { readonly number?: number; readonly name?: string };
    };
  };
}

interface Event extends KubeObject {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly reportingComponent: string;
  readonly count?: number;
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
}

/** Waits until there is an Event with this reason about the Ingress. */
export async function awaitEvent(client: TestClient, target: IngressName, reason: string): Promise<void> {
  const hasEvent = async () => (await eventsAbout(client, target)).some((event) => event.reason === reason);
  await waitFor(hasEvent, { what: `the Event ${reason} about ${target.name}` });
}

/** The parts of `kubectl describe ingress` that a person reads, Events oldest first. */
export async function describeIngress(client: TestClient, target: IngressName): Promise<string> {
  const { name, namespace } = target;
  const ingress = await client.get<Ingress>(KIND, name, namespace);
  const events = await eventsAbout(client, target);
  const address = ingress.status.loadBalancer.ingress?.[0]?.ip ?? "";
  return [
    alignColumns([
      ["Name:", name],
      ["Namespace:", namespace],
      ["Address:", address],
    ]),
    "Rules:",
    indent(alignColumns([["Host", "Path", "Backend"], ...rules(ingress)])),
    "Events:",
    indent(alignColumns([["Type", "Reason", "Age", "From", "Message"], ...eventLines(events)])),
  ].join("\n");
}

function eventsAbout(client: TestClient, { name, namespace }: IngressName): Promise<Event[]> {
  const fieldSelector = `involvedObject.kind=Ingress,involvedObject.name=${name}`;
  return client.list<Event>("v1/Event", { namespace, fieldSelector });
}

function rules({ spec }: Ingress): string[][] {
  return spec.rules.flatMap(({ host, http }) =>
    http.paths.map(({ path, backend: { service } }) => [
      host,
      path,
      `${service.name}:${service.port.name ?? service.port.number}`,
    ]),
  );
}

function eventLines(events: readonly Event[]): string[][] {
  return [...events]
    .sort((a, b) => lastSeen(a) - lastSeen(b) || version(a) - version(b))
    .map((event) => [event.type, event.reason, age(event), event.reportingComponent, event.message]);
}

function lastSeen({ lastTimestamp, eventTime, metadata }: Event): number {
  return Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "");
}

/** Tells the order of Events of the same second. */
function version({ metadata }: Event): number {
  return Number(metadata.resourceVersion);
}

function age(event: Event): string {
  const seconds = Math.max(0, Math.floor((Date.now() - lastSeen(event)) / 1_000));
  return seconds < 120 ? `${seconds}s` : `${Math.floor(seconds / 60)}m`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
