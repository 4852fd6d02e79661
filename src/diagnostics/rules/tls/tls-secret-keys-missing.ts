import { refKey } from "../../../model/refs.ts";
import { tlsSecretNames } from "../../gke/frontends.ts";
import { defineRule } from "../../rule.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import type { Topology } from "../../topology.ts";

const WANTED_KEYS = ["tls.crt", "tls.key"] as const;

export default defineRule({
  code: "GID802",
  slug: "tls-secret-keys-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "sync", "backends", "secrets"],
  rows: ["TLS-02"],
  summary: "A TLS Secret lacks the key tls.crt or tls.key.",
  why: "GKE takes the certificate from tls.crt and the private key from tls.key, whatever the Secret's type. Without one of them it stops before the front end is built.",
  fix: "Store the certificate under tls.crt and the private key under tls.key, as `kubectl create secret tls` does.",
  confirm: ["kubectl -n NAMESPACE describe secret SECRET"],
  sources: ["ingress-gce: pkg/translator/translator.go (secrets)"],
  messages: {
    missing:
      "Secret {secret} holds {present} and lacks {missing}, so GKE builds no front end and applies no change.",
    reported: "Secret {secret} has no {missing}, so GKE builds no front end and applies no change.",
  },

  check(topology, report) {
    const { ingress, secrets } = topology;
    const fieldOf = (name: string) =>
      `spec.tls[${ingress.tls.findIndex((entry) => entry.secretName === name)}].secretName`;
    const place = (name: string) => ({ subject: { ...ingress.ref, fieldPath: fieldOf(name) } });
    if (secrets.known) {
      for (const { secret, present, missing } of incompleteSecrets(topology)) {
        report("missing", place(secret), { secret, present, missing });
      }
      return;
    }
    for (const { cause } of currentErrors(topology, report, "secret-key-missing")) {
      if (cause.backendConfig !== undefined) continue;
      report("reported", place(cause.secret), { secret: cause.secret, missing: cause.key });
    }
  },
});

interface IncompleteSecret {
  readonly secret: string;
  readonly present: string;
  readonly missing: string;
}

function incompleteSecrets({ ingress, secrets }: Topology): readonly IncompleteSecret[] {
  if (!secrets.known) return [];
  const byKey = new Map(secrets.value.map((secret) => [refKey(secret.ref), secret]));
  return tlsSecretNames(ingress).flatMap((name) => {
    const keys = byKey.get(`${ingress.ref.namespace}/${name}`)?.keys;
    const missing = keys === undefined ? [] : WANTED_KEYS.filter((key) => !keys.includes(key));
    if (keys === undefined || missing.length === 0) return [];
    return [{ secret: name, present: keys.join(", ") || "no key", missing: missing.join(" and ") }];
  });
}
