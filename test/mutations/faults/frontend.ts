import { type Cluster, touch } from "../cluster.ts";
import { AT_CREATION, BOTH, type Fault, failFrontend, failFrontendEarly, LATER, stopSync } from "../fault.ts";
import { annotationsOf, isInternal, LAB, say } from "../gke-controllers.ts";
import { frontendConfig } from "../manifests.ts";
import { annotate, hasCertificate, hasSecret, isExternal } from "./frontend-facts.ts";

const GLOBAL_IP = "kubernetes.io/ingress.global-static-ip-name";

const REGIONAL_IP = "kubernetes.io/ingress.regional-static-ip-name";

const FRONTEND_CONFIG = "networking.gke.io/v1beta1.FrontendConfig";

const always = () => true;

const servesHttp = (cluster: Cluster) =>
  annotationsOf(cluster.ingress)["kubernetes.io/ingress.allow-http"] !== "false";

function redirect(cluster: Cluster, at: number, responseCodeName: string): void {
  const redirectToHttps = { enabled: true, responseCodeName };
  const existing = cluster.all("FrontendConfig")[0];
  if (existing !== undefined) {
    existing.spec.redirectToHttps = redirectToHttps;
    touch(existing, at);
    return;
  }
  cluster.add(frontendConfig("web-fc", { redirectToHttps }));
  annotate(cluster, at, { [FRONTEND_CONFIG]: "web-fc" });
}

/** Addresses and FrontendConfigs. */
export const FRONTEND_FAULTS: readonly Fault[] = [
  {
    id: "static-ip-not-found",
    rootCause: "static-ip-not-found",
    onsets: BOTH,
    applies: isExternal,
    inject: (cluster, moment) => {
      annotate(cluster, moment.at, { [GLOBAL_IP]: "web-address" });
      return failFrontend(
        cluster,
        moment,
        "the given static IP name web-address doesn't translate to an existing static IP.",
        "http-proxy",
      );
    },
  },
  {
    id: "static-ip-wrong-scope external",
    rootCause: "static-ip-wrong-scope",
    onsets: BOTH,
    applies: isExternal,
    inject: (cluster, moment) => {
      annotate(cluster, moment.at, { [GLOBAL_IP]: undefined, [REGIONAL_IP]: "web-regional-ip" });
      return failFrontend(
        cluster,
        moment,
        "the given static IP name web-regional-ip doesn't translate to an existing static IP.",
        "http-proxy",
      );
    },
  },
  {
    id: "static-ip-wrong-scope internal",
    rootCause: "static-ip-wrong-scope",
    onsets: BOTH,
    applies: isInternal,
    inject: (cluster, moment) => {
      annotate(cluster, moment.at, { [GLOBAL_IP]: "web-global-ip", [REGIONAL_IP]: undefined });
      return failFrontend(
        cluster,
        moment,
        "the given static IP name web-global-ip doesn't translate to an existing static IP.",
        "http-proxy",
      );
    },
  },
  {
    id: "static-ip-annotations-conflict",
    rootCause: "static-ip-annotations-conflict",
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) => {
      annotate(cluster, moment.at, { [GLOBAL_IP]: "web-ip", [REGIONAL_IP]: "web-internal-ip" });
      return failFrontendEarly(
        cluster,
        moment,
        "Error: both global-static-ip and regional-static-ip cannot be specified",
      );
    },
  },
  {
    id: "static-ip-in-use",
    rootCause: "static-ip-in-use",
    onsets: AT_CREATION,
    applies: (cluster) => isExternal(cluster) && servesHttp(cluster),
    inject: (cluster, moment) => {
      annotate(cluster, moment.at, { [GLOBAL_IP]: "web-ip" });
      return failFrontend(
        cluster,
        moment,
        "googleapi: Error 400: Invalid value for field 'resource.IPAddress': '203.0.113.9'. Specified IP address is in-use and would result in a conflict., invalid",
        "http-proxy",
      );
    },
  },
  {
    id: "http-disabled-without-tls",
    rootCause: "http-disabled-without-tls",
    onsets: BOTH,
    applies: (cluster) => !hasCertificate(cluster),
    inject: (cluster, moment) => {
      annotate(cluster, moment.at, { "kubernetes.io/ingress.allow-http": "false" });
      return failFrontend(
        cluster,
        moment,
        "invalid configuration: both HTTP and HTTPS are disabled (kubernetes.io/ingress.allow-http is false and there is no valid TLS configuration); your Ingress will not be able to serve any traffic",
      );
    },
  },
  {
    id: "internal-http-https-needs-static-ip",
    rootCause: "internal-http-https-needs-static-ip",
    onsets: AT_CREATION,
    applies: (cluster) => isInternal(cluster) && hasSecret(cluster),
    inject: (cluster, moment) => {
      annotate(cluster, moment.at, { [REGIONAL_IP]: undefined });
      const events = failFrontend(cluster, moment, "error invalid internal ingress https config");
      return [
        ...events,
        say(cluster, {
          about: cluster.ingress,
          type: "Warning",
          reason: "WillNotConfigureFrontend",
          message:
            "gce-internal Ingress class does not currently support both HTTP and HTTPS served on the same IP (kubernetes.io/ingress.allow-http must be false when using HTTPS). Please use a static IP with purpose SHARED_LOADBALANCER_VIP.",
          firstAt: moment.at + 20_000,
          count: 12,
        }),
      ];
    },
  },
  {
    id: "proxy-only-subnet-missing",
    rootCause: "proxy-only-subnet-missing",
    onsets: AT_CREATION,
    applies: isInternal,
    inject: (cluster, moment) =>
      failFrontend(
        cluster,
        moment,
        `googleapi: Error 400: Invalid value for field 'resource.target': 'https://www.googleapis.com/compute/v1/${LAB}/regions/us-central1/targetHttpProxies/k8s2-tp-x'. An active proxy-only subnetwork is required in the same region and VPC as the forwarding rule., invalid`,
        "http-proxy",
      ),
  },
  {
    id: "frontendconfig-not-found",
    rootCause: "frontendconfig-not-found",
    symptoms: ["degraded"],
    onsets: BOTH,
    applies: always,
    inject: (cluster, moment) => {
      annotate(cluster, moment.at, {
        [FRONTEND_CONFIG]: "web-frontend",
        "ingress.kubernetes.io/redirect-url-map": undefined,
      });
      return [
        say(cluster, {
          about: cluster.ingress,
          type: "Warning",
          reason: "Sync",
          message: "Error: no FrontendConfig for Ingress exists.",
          firstAt: moment.at + 5000,
          count: 16,
        }),
      ];
    },
  },
  {
    id: "frontendconfig-invalid",
    rootCause: "frontendconfig-invalid",
    onsets: BOTH,
    applies: (cluster) => isExternal(cluster) && hasSecret(cluster) && servesHttp(cluster),
    inject: (cluster, moment) => {
      redirect(cluster, moment.at, "MOVED");
      return failFrontend(
        cluster,
        moment,
        "CreateUrlMap: googleapi: Error 400: Invalid value for field 'resource.defaultUrlRedirect.redirectResponseCode': 'MOVED'. Must be one of [MOVED_PERMANENTLY_DEFAULT, FOUND, SEE_OTHER, TEMPORARY_REDIRECT, PERMANENT_REDIRECT], invalid",
        "url-map",
      );
    },
  },
  {
    id: "https-redirect-without-tls",
    rootCause: "https-redirect-without-tls",
    symptoms: ["tls", "degraded", "502", "404", "no-ip"],
    onsets: BOTH,
    applies: (cluster) => isExternal(cluster) && !hasCertificate(cluster),
    inject: (cluster, moment) => {
      redirect(cluster, moment.at, "FOUND");
      annotationsOf(cluster.ingress)["ingress.kubernetes.io/redirect-url-map"] = "k8s2-rm-x";
      return [];
    },
  },
  {
    id: "redirect on an internal load balancer",
    codes: ["GID814"],
    onsets: BOTH,
    applies: isInternal,
    inject: (cluster, moment) => {
      redirect(cluster, moment.at, "FOUND");
      return failFrontend(
        cluster,
        moment,
        "ensureRedirectUrlMap() = error: cannot enable HTTPS Redirects with L7 ILB",
        "url-map",
      );
    },
  },
  {
    id: "ssl-policy-not-found",
    rootCause: "ssl-policy-not-found",
    onsets: BOTH,
    applies: (cluster) => isExternal(cluster) && hasCertificate(cluster),
    inject: (cluster, moment) => {
      const existing = cluster.all("FrontendConfig")[0];
      if (existing === undefined) {
        cluster.add(frontendConfig("web-fc", { sslPolicy: "strict-tls" }));
        annotate(cluster, moment.at, { [FRONTEND_CONFIG]: "web-fc" });
      } else {
        existing.spec.sslPolicy = "strict-tls";
        touch(existing, moment.at);
      }
      return failFrontend(
        cluster,
        moment,
        `googleapi: Error 404: The resource '${LAB}/global/sslPolicies/strict-tls' was not found, notFound`,
        "http-rule",
      );
    },
  },
  {
    id: "xpn-firewall-permission announced",
    rootCause: "xpn-firewall-permission",
    symptoms: ["502"],
    onsets: AT_CREATION,
    applies: (cluster) => cluster.services.length === 1 && cluster.all("Ingress").length === 1,
    inject: (cluster, moment) => {
      const annotations = annotationsOf(cluster.ingress);
      const states = annotations["ingress.kubernetes.io/backends"] ?? "";
      annotations["ingress.kubernetes.io/backends"] = states.replaceAll('"HEALTHY"', '"UNHEALTHY"');
      return [
        say(cluster, {
          about: cluster.ingress,
          reason: "XPN",
          message:
            'Firewall change required by security admin: `gcloud compute firewall-rules create k8s-fw-l7--7c1e09d2a4b85f36 --network shared-vpc --description "GCE L7 firewall rule" --allow tcp:30000-32767,tcp:8080 --source-ranges 130.211.0.0/22,35.191.0.0/16 --target-tags gke-lab-node --project host-project`',
          firstAt: moment.at + 5000,
          count: 9,
        }),
      ];
    },
  },
  {
    id: "unknown error of Google",
    codes: ["GID102"],
    onsets: LATER,
    applies: always,
    inject: (cluster, moment) =>
      stopSync(cluster, moment, {
        message:
          "Error syncing to GCP: error running load balancer syncing routine: googleapi: Error 400: The flux compensator is misaligned., badFlux",
      }),
  },
];
