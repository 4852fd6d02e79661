/** What will show a cause that Kubernetes objects alone cannot. */
export type LaterSource = "google" | "probe" | "dns" | "log" | "verdict" | "leftovers" | "intended";

/** One reported cause of trouble behind GKE Ingress. */
export interface CauseRow {
  readonly id: string;
  /** From the number of independent reports. */
  readonly frequency: "very" | "often" | "rare";
  readonly topic: string;
  /** Where no rule on Kubernetes objects covers it: the source that will. */
  readonly later?: LaterSource;
}

/** Why Kubernetes alone cannot show a cause, by the source that can. */
export const LATER: Readonly<Record<LaterSource, string>> = {
  google: "needs the live load balancer: only Compute Engine holds this state",
  probe: "needs the health check replay: only the pod's own answer shows it",
  dns: "needs DNS: the record lives outside the cluster and the project",
  log: "needs the request log of the load balancer, which is not read",
  leftovers:
    "concerns no Ingress that is there: the controller's log and a metric tell whoever runs the cluster",
  intended: "is no fault: GKE is meant to work so",
  verdict: "is no fault: the propagation window and the verdict Progressing stand for it",
};

const TABLE = `
CLS-01 very  class named in spec.ingressClassName only
CLS-02 often unknown or misspelt class annotation
CLS-03 very  no class, and two controllers take the Ingress
CLS-04 often HttpLoadBalancing add-on switched off
CLS-05 very  annotations of another controller
CLS-06 rare  controller not reconciling anything
CLS-07 rare  class not available in this environment
CLS-08 rare  rule without http paths
CLS-09 rare  backend that is not a Service
CLS-10 rare  class changed away, load balancer left
SYN-01 very  one bad backend freezes the Ingress
SYN-02 often project quota used up
SYN-03 often certificate quota used up
SYN-04 often service agent lacks a permission
SYN-05 rare  organization policy forbids it
SYN-06 often concurrent changes of one resource
SYN-07 often resource still used by something else
SYN-08 very  node in two load-balanced instance groups
SYN-09 rare  balancing modes of one group disagree
SYN-10 often long queue of the controller            google
SYN-11 rare  Compute API rate limit
SYN-12 rare  name not accepted by Compute Engine
SYN-13 rare  error of another Ingress's resource  google
SYN-14 often backends built, frontend missing
ADR-01 very  reserved address does not exist
ADR-02 very  reserved address of the wrong scope
ADR-03 very  reserved address already used
ADR-04 rare  both address annotations
ADR-05 rare  network tier of the address
ADR-06 often ephemeral address changed
ADR-07 very  DNS does not point at the address        dns
ADR-08 rare  AAAA record without an IPv6 frontend     dns
ADR-09 often internal address in the wrong place
ADR-10 often only one of ports 80 and 443 is served   google
SVC-01 very  Service missing
SVC-02 often Service in another namespace
SVC-03 very  ClusterIP Service without NEG
SVC-04 often NEG annotation not added automatically
SVC-05 often NEG annotation wrong
SVC-06 very  selector matches no pod
SVC-07 often scaled to zero
SVC-08 often no pod is ready
SVC-09 rare  endpoints without pods
SVC-10 often externalTrafficPolicy Local with instance groups
SVC-11 rare  selector matches other workloads too
PRT-01 very  Service port missing
PRT-02 often target port not served
PRT-03 often named target port unknown to the pods
PRT-04 often application listens on localhost only    probe
PRT-05 often health check port differs from serving port
PRT-06 rare  app-protocols entry without effect
PRT-07 rare  app-protocols value unknown
PRT-08 rare  node port missing
HC-01 very   health check path answers 404
HC-02 very   health check path redirects
HC-03 often  health check path needs a login
HC-04 very   application refuses the prober's Host
HC-05 very   readiness probe not adopted: port
HC-06 often  readiness probe not adopted: kind
HC-07 very   readiness probe changed later             google
HC-08 often  no pod when the health check was made
HC-09 often  hand-tuned health check was reset         google
HC-10 often  health check protocol differs from the port's
HC-11 rare   pods with different probes
HC-12 often  health check times out                    probe
HC-13 often  health check timeout above its interval
HC-14 very   ready for Kubernetes, unhealthy for Google
HC-15 rare   slow detection by default                 google
HC-16 often  HEALTHY means one healthy endpoint        google
HC-17 often  gRPC server asked by HTTP
HC-18 often  mesh gateway answers 404 on /
HC-19 often  probe refused by mesh policy              probe
HC-20 rare   transparent health check ignored
HC-21 often  backend asks for a client certificate     probe
BC-01 very   BackendConfig annotation on the Ingress
BC-02 very   BackendConfig missing
BC-03 often  BackendConfig annotation malformed
BC-04 often  BackendConfig entry for another port
BC-05 rare   BackendConfig not applied                 google
BC-06 very   default backend timeout of 30 s
BC-07 often  partial health check override             google
BC-08 often  removed field stays in effect
BC-09 rare   security policy lost                      google
BC-10 rare   BackendConfig value refused
BC-11 often  Secret of a BackendConfig missing
BC-12 rare   session affinity and balancing disagree   google
URL-01 very  path matches only itself
URL-02 often wildcard path without its own root
URL-03 often regular expression in a path
URL-04 often wildcard in Prefix or Exact
URL-05 often host of the request not in the rules
URL-06 often two rules for one host
URL-07 very  no prefix is stripped                     probe
URL-08 often overlapping paths
URL-09 rare  one path twice
URL-10 rare  wildcard host and bare domain
DEF-01 very  nothing matched, default backend answers
DEF-02 often default backend unhealthy, site works
DEF-03 often own default backend unhealthy
DEF-04 rare  system default backend missing
DEF-05 often default backend without protection
NEG-01 often cluster not VPC-native
NEG-02 often NEG not synced any more
NEG-03 very  readiness gate waits
NEG-04 often readiness gate timed out
NEG-05 often readiness gate passed too early
NEG-06 often readiness gate missing
NEG-07 rare  NEG name taken
NEG-08 rare  node without a zone
NEG-09 rare  node in another subnet
NEG-10 rare  NEG in degraded mode
NEG-11 rare  annotation rewritten by the mesh          intended
NEG-12 often NEG switched on by an upgrade             google
NEG-13 rare  zone missing from the backends            google
NEG-14 rare  NEG announced but not created
TLS-01 very  TLS Secret missing
TLS-02 often TLS Secret without certificate or key
TLS-03 rare  tls entry without a Secret
TLS-04 often TLS Secret in another namespace
TLS-05 rare  certificate refused
TLS-06 often key type not accepted
TLS-07 often pre-shared certificate missing
TLS-08 rare  list of pre-shared certificates malformed
TLS-09 often too many certificates
TLS-10 very  managed certificate not visible
TLS-11 rare  CAA record forbids the issuer
TLS-12 rare  certificate authority rate limit
TLS-13 often managed certificate on another class
TLS-14 often managed certificate missing
TLS-15 often HTTP off and no certificate
TLS-16 often no certificate for the host
TLS-17 very  ACME solver on another address
TLS-18 rare  certificate map on the proxy               google
TLS-19 rare  managed certificate failed for good
TLS-20 rare  managed certificate refused by the API
TLS-21 rare  old certificate still served               google
FC-01 often  FrontendConfig missing
FC-02 rare   FrontendConfig on an internal Ingress
FC-03 rare   redirect needs the newer names
FC-04 often  redirect without port 80
FC-05 often  redirect code unknown
FC-06 rare   redirect without a certificate
FC-07 rare   SSL policy missing
ILB-01 very  proxy-only subnet missing
ILB-02 often proxy-only range not allowed               google
ILB-03 often internal Ingress without NEG
ILB-04 often both protocols without a shared address
ILB-05 often certificate of the wrong scope
ILB-06 rare  feature not on internal load balancers
ILB-07 rare  global access off                          intended
ILB-08 rare  resources in the cluster's project         intended
FW-01 very   Shared VPC firewall change required
FW-02 often  deny rule with higher priority             google
FW-03 often  allow rule too narrow                      google
FW-04 rare   firewall tag missing on nodes              google
FW-05 rare   NetworkPolicy keeps Google away
FW-06 often  firewall request though a rule allows it   google
FW-07 rare   blocked on the client's side               log
APP-01 very  keep-alive shorter than the load balancer's probe
APP-02 very  slower than the backend timeout
APP-03 very  the application answers itself             probe
APP-04 often redirect loop behind TLS termination       probe
APP-05 often HTTP/2 without TLS and ALPN
APP-06 often protocol of the port differs
APP-07 often application routes by Host                 probe
APP-08 very  traffic before the application can serve
APP-09 often overload                                   log
APP-10 rare  response headers refused                   log
APP-11 rare  upload limit of the application            log
ROL-01 very  pod stops before Google stops sending
ROL-02 often grace period too short
ROL-03 often no connection draining
ROL-04 often rollout takes every pod at once
ROL-05 often node goes away with its connections
ROL-06 rare  terminating pods leave at once             verdict
ROL-07 often backend swapped in one step                google
ROL-08 often node kept out of load balancers
ROL-09 rare  instance group limit of 1000 nodes
ROL-10 often every replica lost together
ROL-11 rare  health check protocol flipped
ROL-12 rare  backend renamed by a switch of mode        verdict
SEC-01 often Cloud Armor denies                         log
SEC-02 often security policy missing
SEC-03 often security policy stays after removal
SEC-04 rare  IAP credentials switched
SEC-05 often IAP answers first                          probe
SEC-06 rare  answer from the cache                      probe
DRF-01 often manual change reverted                     google
DRF-02 often field the controller never writes          google
DRF-03 rare  resource deleted by hand                   google
DRF-04 rare  second owner of a NEG                      google
LIM-01 often too many hosts or paths
LIM-02 rare  URL map too large
LIM-03 often address quota used up
LIM-04 rare  internal forwarding rule quota used up
STL-01 very  leftovers of a deleted cluster             leftovers
STL-02 often stuck deleting
STL-03 often NEG left after its Service                 leftovers
STL-04 rare  stale status of another class
PRP-01 very  new load balancer still spreading          verdict
PRP-02 often new path still spreading                   verdict
PRP-03 often certificate still provisioning
PRP-04 often new pod not yet probed                     verdict
`;

/** Every row, in the order of the request path. */
export const CAUSE_ROWS: readonly CauseRow[] = TABLE.trim().split("\n").map(parseRow);

function parseRow(line: string): CauseRow {
  const [, id = "", frequency = "", rest = ""] = /^(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
  const [, topic = rest, later] =
    /^(.*\S)\s+(google|probe|dns|log|verdict|leftovers|intended)$/.exec(rest) ?? [];
  return {
    id,
    frequency: frequency as CauseRow["frequency"],
    topic,
    ...(later === undefined ? {} : { later: later as LaterSource }),
  };
}
