import type { PortReference } from "../../model/ingress.ts";
import { known, type Observed, type Unknown } from "../../model/observed.ts";
import { type ObjectKey, objectKey, refKey } from "../../model/refs.ts";
import type { Service, ServicePort } from "../../model/service.ts";
import type { Parsed } from "./annotation-value.ts";
import { type AppProtocol, annotatedProtocol, parseAppProtocols } from "./app-protocols.ts";
import {
  type BackendConfigChoice,
  backendConfigFault,
  chooseBackendConfig,
  undecidedChoice,
} from "./backend-config-choice.ts";
import type { Product } from "./ingress-class.ts";
import type { GkeLookup } from "./lookup.ts";
import { type NegAnnotation, parseNegAnnotation } from "./neg-annotation.ts";
import type { TranslationError } from "./translation-error.ts";

/** A Service port as an Ingress names it. */
export interface BackendRequest {
  readonly namespace: string;
  readonly service: string;
  readonly port: PortReference;
  readonly product: Product;
}

/** A Service port as the load balancer will use it. */
export interface ResolvedBackend {
  readonly service: Service;
  readonly port: ServicePort;
  /** NEG: traffic goes to pods. Instance group: traffic goes to the node port of every node. */
  readonly mode: "neg" | "instance-group";
  readonly negAnnotation: Parsed<NegAnnotation>;
  /**
   * The product needs NEGs but the Service does not ask for them: the controller waits for NEGs that the NEG
   * controller never makes.
   */
  readonly negForced: boolean;
  /** HTTP where no annotation says otherwise. */
  readonly protocol: AppProtocol;
  /** The annotation that sets the protocol of this very port; undefined for the default. */
  readonly protocolAnnotation: string | undefined;
  readonly backendConfig: BackendConfigChoice;
}

/** What the controller makes of a backend. */
export interface BackendResolution {
  /** What it goes on with; undefined after an error that leaves nothing to go on with. */
  readonly backend: ResolvedBackend | undefined;
  /** The first error it meets; undefined when it meets none. */
  readonly error: TranslationError | undefined;
  /** Reads that failed and leave open whether there is an error. */
  readonly undecided: readonly Unknown[];
}

/** `namespace/service:port`, the port as the Ingress names it; one per backend of an Ingress. */
export function backendKey(namespace: string, service: string, port: PortReference): string {
  return `${objectKey(namespace, service)}:${port.name ?? port.number ?? 0}`;
}

/**
 * Resolves a backend in the controller's order: Service, port, type, protocol, BackendConfig.
 *
 * An error of the last two keeps the backend in the URL map, the earlier ones do not. Unknown only when the
 * Service could not be read. Source: `getServicePort` in pkg/controller/translator/translator.go.
 */
export function resolveBackend(request: BackendRequest, lookup: GkeLookup): Observed<BackendResolution> {
  const object = objectKey(request.namespace, request.service);
  const found = lookup.service(object);
  if (!found.known) return found;
  const service = found.value;
  if (service === undefined) return known(failed({ kind: "service-not-found", object }));
  const port = findServicePort(service, request.port);
  if (port === undefined) {
    return known(failed({ kind: "service-port-not-found", object, port: request.port }));
  }
  const negAnnotation = parseNegAnnotation(service);
  const asksForNeg = negAnnotation.kind === "valid" && negAnnotation.value.ingress;
  // Checked before the product forces NEGs, so a ClusterIP Service fails on an internal Ingress, too.
  if (!asksForNeg && service.type !== "NodePort" && service.type !== "LoadBalancer") {
    return known(failed({ kind: "service-type", object, type: service.type }));
  }
  const forced = !asksForNeg && request.product !== "external";
  const protocols = parseAppProtocols(service);
  const protocol = annotatedProtocol(protocols, port);
  const backend: ResolvedBackend = {
    service,
    port,
    mode: asksForNeg || forced ? "neg" : "instance-group",
    negAnnotation,
    negForced: forced,
    protocol: protocol ?? "HTTP",
    protocolAnnotation: protocol !== undefined && protocols.kind === "valid" ? protocols.key : undefined,
    backendConfig: chooseBackendConfig(service, port, request.product, lookup),
  };
  if (protocols.kind === "invalid") {
    const { key: annotation, reason } = protocols;
    return known({ backend, error: { kind: "app-protocols", object, annotation, reason }, undecided: [] });
  }
  return known({
    backend,
    error: backendConfigError(backend.backendConfig, object),
    undecided: undecidedChoice(backend.backendConfig),
  });
}

/**
 * The Service port that a reference means: by name if it has one, else by `port`; the first match counts.
 *
 * `targetPort` and `nodePort` are never compared.
 */
export function findServicePort(service: Service, reference: PortReference): ServicePort | undefined {
  const { name, number } = reference;
  return service.ports.find((port) => (name === undefined ? port.port === number : port.name === name));
}

function failed(error: TranslationError): BackendResolution {
  return { backend: undefined, error, undecided: [] };
}

function backendConfigError(choice: BackendConfigChoice, service: ObjectKey): TranslationError | undefined {
  const problem = backendConfigFault(choice);
  if (problem === undefined) return undefined;
  // The controller blames a bad spec on the BackendConfig, everything else on the Service.
  const object = choice.kind === "chosen" ? refKey(choice.config.ref) : service;
  return { kind: "backend-config", object, problem };
}
