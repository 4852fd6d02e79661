import { EXPIRED_CERTIFICATE, OTHER_CERTIFICATE } from "../certificates.ts";
import { type Cluster, touch } from "../cluster.ts";
import { AT_CREATION, BOTH, type Fault, failFrontend, failFrontendEarly, LATER, stopSync } from "../fault.ts";
import { annotationsOf, hasHttps, isInternal, LAB, say } from "../gke-controllers.ts";
import { frontendConfig, secret } from "../manifests.ts";

const PRE_SHARED = "ingress.gcp.kubernetes.io/pre-shared-cert";
const GLOBAL_IP = "kubernetes.io/ingress.global-static-ip-name";
const REGIONAL_IP = "kubernetes.io/ingress.regional-static-ip-name";
const FRONTEND_CONFIG = "networking.gke.io/v1beta1.FrontendConfig";
const MANAGED = "networking.gke.io/managed-certificates";

const always = () => true;
const isExternal = (cluster: Cluster) => !isInternal(cluster);
const hasSecret = (cluster: Cluster) => (cluster.ingress.spec.tls?.length ?? 0) > 0;
const hasCertificate = (cluster: Cluster) => hasHttps(cluster.ingress);
const hasManaged = (cluster: Cluster) => cluster.all("ManagedCertificate").length > 0;
/** An internal load balancer with both protocols needs an address of its own, which would be a second fault. */
const mayServeHttps = (cluster: Cluster) => isExternal(cluster) || hasSecret(cluster);
const servesHttp = (cluster: Cluster) =>
  annotationsOf(cluster.ingress)["kubernetes.io/ingress.allow-http"] !== "false";

function annotate(cluster: Cluster, at: number, changes: Record<string, string | undefined>): void {
  const annotations = annotationsOf(cluster.ingress);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete annotations[key];
    else annotations[key] = value;
  }
  touch(cluster.ingress, at);
}

function webTls(cluster: Cluster) {
  return cluster.get("Secret", "web-tls");
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Addresses, certificates and FrontendConfigs. */
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
    id: "tls-secret-not-found",
    rootCause: "tls-secret-not-found",
    onsets: BOTH,
    applies: hasSecret,
    inject: (cluster, moment) => {
      cluster.remove(webTls(cluster));
      return failFrontendEarly(
        cluster,
        moment,
        'error initializing translator env: secrets "web-tls" not found',
      );
    },
  },
  {
    id: "tls-secret-keys-missing",
    rootCause: "tls-secret-keys-missing",
    onsets: BOTH,
    applies: hasSecret,
    inject: (cluster, moment) => {
      webTls(cluster).type = "Opaque";
      webTls(cluster).data = { "cert.pem": "eA==", "key.pem": "eA==" };
      return failFrontendEarly(
        cluster,
        moment,
        'error initializing translator env: secret "web-tls" does not specify cert as string data',
      );
    },
  },
  {
    id: "tls entry without a Secret",
    codes: ["GID803"],
    onsets: BOTH,
    applies: mayServeHttps,
    inject: (cluster, moment) => {
      cluster.ingress.spec.tls = [{ hosts: ["shop.example.com"] }];
      touch(cluster.ingress, moment.at);
      return failFrontendEarly(
        cluster,
        moment,
        'error initializing translator env: secret "" does not exist',
      );
    },
  },
  {
    id: "tls-certificate-malformed",
    rootCause: "tls-certificate-malformed",
    onsets: BOTH,
    applies: hasSecret,
    inject: (cluster, moment) => {
      webTls(cluster).data["tls.crt"] = encoded("not a certificate");
      return failFrontend(
        cluster,
        moment,
        "Cert creation failures - k8s2-cr-2ss3pdds-x Error:googleapi: Error 400: The SSL certificate could not be parsed., sslCertificateCouldNotParseCert",
        "http-rule",
      );
    },
  },
  {
    id: "tls-key-mismatch",
    rootCause: "tls-key-mismatch",
    onsets: BOTH,
    applies: hasSecret,
    inject: (cluster, moment) =>
      failFrontend(
        cluster,
        moment,
        "Cert creation failures - k8s2-cr-2ss3pdds-x Error:googleapi: Error 400: The SSL key doesn't match the certificate., sslCertificateKeyDoesNotMatch",
        "http-rule",
      ),
  },
  {
    id: "tls-certificate-expired",
    rootCause: "tls-certificate-expired",
    symptoms: ["tls"],
    onsets: BOTH,
    applies: hasSecret,
    inject: (cluster) => {
      webTls(cluster).data["tls.crt"] = encoded(EXPIRED_CERTIFICATE);
      return [];
    },
  },
  {
    id: "tls-host-mismatch",
    rootCause: "tls-host-mismatch",
    symptoms: ["tls"],
    onsets: BOTH,
    applies: hasSecret,
    inject: (cluster) => {
      webTls(cluster).data["tls.crt"] = encoded(OTHER_CERTIFICATE);
      return [];
    },
  },
  {
    id: "too-many-certificates",
    rootCause: "too-many-certificates",
    onsets: BOTH,
    applies: hasSecret,
    inject: (cluster, moment) => {
      const names = Array.from({ length: 15 }, (_, index) => `site-${index}-tls`);
      for (const name of names)
        cluster.add({ ...structuredClone(webTls(cluster)), metadata: secret(name, {}).metadata });
      cluster.ingress.spec.tls?.push(...names.map((secretName) => ({ secretName })));
      touch(cluster.ingress, moment.at);
      return failFrontend(
        cluster,
        moment,
        "googleapi: Error 413: Value for field 'resource.sslCertificates' is too large: maximum size 15 element(s); actual size 16., fieldSizeTooLarge",
        "http-rule",
      );
    },
  },
  {
    id: "pre-shared-cert-not-found",
    rootCause: "pre-shared-cert-not-found",
    onsets: BOTH,
    applies: (cluster) => mayServeHttps(cluster) && !hasManaged(cluster),
    inject: (cluster, moment) => {
      annotate(cluster, moment.at, { [PRE_SHARED]: "corp-cert" });
      const place = isInternal(cluster) ? "regions/us-central1" : "global";
      return failFrontend(
        cluster,
        moment,
        `googleapi: Error 404: The resource '${LAB}/${place}/sslCertificates/corp-cert' was not found, notFound`,
        "http-rule",
      );
    },
  },
  {
    id: "managed-certificate-not-found",
    rootCause: "managed-certificate-not-found",
    symptoms: ["tls"],
    onsets: AT_CREATION,
    applies: (cluster) => isExternal(cluster) && !hasCertificate(cluster),
    inject: (cluster, moment) => {
      annotate(cluster, moment.at, { [MANAGED]: "web-cert" });
      say(cluster, {
        about: cluster.ingress,
        type: "Warning",
        reason: "MissingCertificate",
        message: "ManagedCertificate shop:web-cert missing",
        component: "managed-certificate-controller",
        firstAt: moment.at + 5000,
        lastAt: moment.seenAt - 60_000,
        count: 20,
      });
      return [];
    },
  },
  {
    id: "managed-certificate-not-found without its controller",
    rootCause: "managed-certificate-not-found",
    symptoms: ["tls"],
    onsets: AT_CREATION,
    applies: (cluster) => isExternal(cluster) && !hasCertificate(cluster),
    inject: (cluster, moment) => {
      annotate(cluster, moment.at, { [MANAGED]: "web-cert" });
      return [];
    },
  },
  {
    id: "managed-certificate-domain-not-visible",
    rootCause: "managed-certificate-domain-not-visible",
    symptoms: ["tls"],
    onsets: BOTH,
    applies: hasManaged,
    inject: (cluster) => setDomain(cluster, "ProvisioningFailed", "FailedNotVisible"),
  },
  {
    id: "managed certificate still provisioning its invisible domain",
    rootCause: "managed-certificate-domain-not-visible",
    symptoms: ["tls"],
    onsets: BOTH,
    applies: hasManaged,
    inject: (cluster) => setDomain(cluster, "Provisioning", "FailedNotVisible"),
  },
  {
    id: "managed certificate refused by CAA",
    codes: ["GID809"],
    symptoms: ["tls"],
    onsets: BOTH,
    applies: hasManaged,
    inject: (cluster) => setDomain(cluster, "ProvisioningFailed", "FailedCaaForbidden"),
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

function setDomain(cluster: Cluster, certificate: string, domain: string): readonly [] {
  for (const { status } of cluster.all("ManagedCertificate")) {
    status.certificateStatus = certificate;
    delete status.expireTime;
    for (const one of status.domainStatus) one.status = domain;
  }
  return [];
}

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
