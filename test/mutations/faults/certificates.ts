import { EXPIRED_CERTIFICATE, OTHER_CERTIFICATE } from "../certificates.ts";
import { type Cluster, touch } from "../cluster.ts";
import { AT_CREATION, BOTH, type Fault, failFrontend, failFrontendEarly } from "../fault.ts";
import { isInternal, LAB, say } from "../gke-controllers.ts";
import { secret } from "../manifests.ts";
import { annotate, hasCertificate, hasSecret, isExternal } from "./frontend-facts.ts";

const PRE_SHARED = "ingress.gcp.kubernetes.io/pre-shared-cert";

const MANAGED = "networking.gke.io/managed-certificates";

const hasManaged = (cluster: Cluster) => cluster.all("ManagedCertificate").length > 0;

/** An internal load balancer with both protocols needs an address of its own, which would be a second fault. */
const mayServeHttps = (cluster: Cluster) => isExternal(cluster) || hasSecret(cluster);

function webTls(cluster: Cluster) {
  return cluster.get("Secret", "web-tls");
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

function setDomain(cluster: Cluster, certificate: string, domain: string): readonly [] {
  for (const { status } of cluster.all("ManagedCertificate")) {
    status.certificateStatus = certificate;
    delete status.expireTime;
    for (const one of status.domainStatus) one.status = domain;
  }
  return [];
}

/** Certificates of all three kinds. */
export const CERTIFICATE_FAULTS: readonly Fault[] = [
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
    id: "tls-secret-not-found because it is in another namespace",
    rootCause: "tls-secret-not-found",
    onsets: BOTH,
    applies: hasSecret,
    inject: (cluster, moment) => {
      webTls(cluster).metadata.namespace = "istio-system";
      return failFrontendEarly(
        cluster,
        moment,
        'error initializing translator env: secrets "web-tls" not found',
      );
    },
  },
];
