import { ApiError, type TestClient } from "../client.ts";
import { UnknownKindError } from "../discovery.ts";
import type { Kind, KubeObject } from "../kube-object.ts";
import type { Pod } from "../pod.ts";

/** The fields of an Ingress that the stand-in reads. */
export interface Ingress extends KubeObject {
  readonly spec: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: IngressBackend;
    readonly tls?: readonly { readonly secretName?: string }[];
    readonly rules?: readonly IngressRule[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

export interface IngressRule {
  readonly host?: string;
  readonly http?: {
    readonly paths: readonly {
      readonly path?: string;
      readonly pathType?: string;
      readonly backend: IngressBackend;
    }[];
  };
}

export interface IngressBackend {
  readonly service?: {
    readonly name: string;
    readonly port: { readonly name?: string; readonly number?: number };
  };
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly type: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports: readonly ServicePort[];
  };
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort: string | number;
  readonly nodePort?: number;
}

export interface EndpointSlice extends KubeObject {
  readonly ports?: readonly { readonly name?: string; readonly port: number }[] | null;
  readonly endpoints?: readonly Endpoint[] | null;
}

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly zone?: string;
  readonly conditions: { readonly ready?: boolean; readonly terminating?: boolean };
  readonly targetRef?: { readonly kind: string; readonly name: string };
}

export interface BackendConfig extends KubeObject {
  readonly spec?: {
    readonly healthCheck?: { readonly type?: string; readonly requestPath?: string; readonly port?: number };
  };
}

export interface FrontendConfig extends KubeObject {
  readonly spec?: { readonly redirectToHttps?: { readonly enabled?: boolean } };
}

export interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** Kinds of a namespace that the stand-in reads. */
export const KINDS = {
  ingresses: "networking.k8s.io/v1/Ingress",
  services: "v1/Service",
  slices: "discovery.k8s.io/v1/EndpointSlice",
  pods: "v1/Pod",
  secrets: "v1/Secret",
  backendConfigs: "cloud.google.com/v1/BackendConfig",
  frontendConfigs: "networking.gke.io/v1beta1/FrontendConfig",
  negs: "networking.gke.io/v1beta1/ServiceNetworkEndpointGroup",
} as const satisfies Record<string, Kind>;

/** Everything the stand-in reads of one namespace, at one moment. */
export interface NamespaceObjects {
  readonly namespace: string;
  readonly ingresses: readonly Ingress[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly pods: readonly Pod[];
  readonly secrets: readonly Secret[];
  readonly backendConfigs: readonly BackendConfig[];
  readonly frontendConfigs: readonly FrontendConfig[];
  readonly negs: readonly KubeObject[];
}

export async function readNamespace(client: TestClient, namespace: string): Promise<NamespaceObjects> {
  const [ingresses, services, slices, pods, secrets, backendConfigs, frontendConfigs, negs] =
    await Promise.all([
      client.list<Ingress>(KINDS.ingresses, { namespace }),
      client.list<Service>(KINDS.services, { namespace }),
      client.list<EndpointSlice>(KINDS.slices, { namespace }),
      client.list<Pod>(KINDS.pods, { namespace }),
      client.list<Secret>(KINDS.secrets, { namespace }),
      listIfServed<BackendConfig>(client, KINDS.backendConfigs, namespace),
      listIfServed<FrontendConfig>(client, KINDS.frontendConfigs, namespace),
      listIfServed<KubeObject>(client, KINDS.negs, namespace),
    ]);
  return { namespace, ingresses, services, slices, pods, secrets, backendConfigs, frontendConfigs, negs };
}

/** A kind whose CRD is not installed has no objects. */
async function listIfServed<T>(client: TestClient, kind: Kind, namespace: string): Promise<T[]> {
  try {
    return await client.list<T>(kind, { namespace });
  } catch (error) {
    if (error instanceof UnknownKindError || (error instanceof ApiError && error.statusCode === 404))
      return [];
    throw error;
  }
}

export function annotation(object: KubeObject, key: string): string | undefined {
  return object.metadata.annotations?.[key];
}

export function byName<T extends KubeObject>(objects: readonly T[], name: string): T | undefined {
  return objects.find((object) => object.metadata.name === name);
}
