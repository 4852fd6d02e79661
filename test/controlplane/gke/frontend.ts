import { type ClusterIds, certificateName, frontendNames } from "./names.ts";
import { annotation, byName, type Ingress, type NamespaceObjects } from "./objects.ts";

/** What the load balancer's frontend leaves on the Ingress. */
export interface Frontend {
  /** Status annotations; a value of null removes a left-over one. */
  readonly annotations: Readonly<Record<string, string | null>>;
  /** Texts of the Events of its first creation, in order. */
  readonly created: readonly string[];
}

const STATIC_IP_ANNOTATIONS = [
  "kubernetes.io/ingress.global-static-ip-name",
  "kubernetes.io/ingress.regional-static-ip-name",
];
const FRONTEND_CONFIG_ANNOTATION = "networking.gke.io/v1beta1.FrontendConfig";

/** Derives the frontend; throws an Error with the controller's text when it cannot be built. */
export function frontendOf(ids: ClusterIds, ingress: Ingress, objects: NamespaceObjects): Frontend {
  const names = frontendNames(ids, objects.namespace, ingress.metadata.name);
  const certificates = [...preSharedCertificates(ingress), ...secretCertificates(ids, ingress, objects)];
  const staticIps = STATIC_IP_ANNOTATIONS.filter((key) => annotation(ingress, key) !== undefined);
  if (staticIps.length === 2) {
    throw new Error("Error: both global-static-ip and regional-static-ip cannot be specified");
  }
  const http = allowsHttp(ingress);
  const https = certificates.length > 0;
  if (!http && !https) throw new Error("invalid configuration: both HTTP and HTTPS are disabled");
  const key = (name: string) => `ingress.kubernetes.io/${name}`;
  return {
    annotations: {
      [key("url-map")]: names.urlMap,
      [key("forwarding-rule")]: http ? names.httpRule : null,
      [key("target-proxy")]: http ? names.httpProxy : null,
      [key("https-forwarding-rule")]: https ? names.httpsRule : null,
      [key("https-target-proxy")]: https ? names.httpsProxy : null,
      [key("ssl-cert")]: https ? certificates.join(",") : null,
      [key("static-ip")]: http && https && staticIps.length === 0 ? names.httpRule : null,
      [key("redirect-url-map")]: redirects(ingress, objects) ? names.redirectMap : null,
    },
    created: [
      `UrlMap "${names.urlMap}" created`,
      ...(http ? createdPair(names.httpProxy, names.httpRule) : []),
      ...(https ? createdPair(names.httpsProxy, names.httpsRule) : []),
    ],
  };
}

/** Whether the Ingress names a FrontendConfig that does not exist; the load balancer is built without it. */
export function lacksFrontendConfig(ingress: Ingress, objects: NamespaceObjects): boolean {
  const name = annotation(ingress, FRONTEND_CONFIG_ANNOTATION);
  return name !== undefined && byName(objects.frontendConfigs, name) === undefined;
}

function redirects(ingress: Ingress, objects: NamespaceObjects): boolean {
  const name = annotation(ingress, FRONTEND_CONFIG_ANNOTATION);
  const config = name === undefined ? undefined : byName(objects.frontendConfigs, name);
  return config?.spec?.redirectToHttps?.enabled === true;
}

function createdPair(proxy: string, rule: string): string[] {
  return [`TargetProxy "${proxy}" created`, `ForwardingRule "${rule}" created`];
}

/** Values that the controller's parser takes for false; anything else, even "no", is true. */
function allowsHttp(ingress: Ingress): boolean {
  const value = annotation(ingress, "kubernetes.io/ingress.allow-http") ?? "true";
  return !["0", "f", "F", "false", "FALSE", "False"].includes(value);
}

function preSharedCertificates(ingress: Ingress): string[] {
  const names = annotation(ingress, "ingress.gcp.kubernetes.io/pre-shared-cert") ?? "";
  return names.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
}

function secretCertificates(ids: ClusterIds, ingress: Ingress, objects: NamespaceObjects): string[] {
  const { loadBalancer } = frontendNames(ids, objects.namespace, ingress.metadata.name);
  return (ingress.spec.tls ?? []).map(({ secretName = "" }) => {
    if (secretName === "") throw new Error('secret "" does not exist');
    const secret = byName(objects.secrets, secretName);
    if (secret === undefined) {
      throw new Error(`error initializing translator env: secrets "${secretName}" not found`);
    }
    const certificate = secret.data?.["tls.crt"];
    if (certificate === undefined)
      throw new Error(`secret "${secretName}" does not specify cert as string data`);
    if (secret.data?.["tls.key"] === undefined) {
      throw new Error(`secret "${secretName}" does not specify private key as string data`);
    }
    return certificateName(ids, loadBalancer, Buffer.from(certificate, "base64").toString());
  });
}
