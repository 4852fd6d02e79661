import { objectKey, refKey } from "../../../model/refs.ts";
import { tlsSecretNames } from "../../gke/frontends.ts";
import { defineRule } from "../../rule.ts";
import { shellCommand } from "../../shell.ts";
import { currentErrors } from "../../sync/current-errors.ts";
import type { Topology } from "../../topology.ts";

export default defineRule({
  code: "GID801",
  slug: "tls-secret-missing",
  severity: "error",
  symptoms: ["no-address", "stale"],
  stage: "frontend-sync",
  reads: ["ingress", "sync", "backends", "secrets"],
  rows: ["TLS-01", "TLS-04"],
  summary: "A TLS Secret that the Ingress names does not exist in its namespace.",
  why: "GKE reads every Secret of spec.tls before it touches the front end, and stops at the first one that is missing: no address, no HTTP either, and no later change of the routes. An issuer that waits for the address before it writes the Secret deadlocks with that.",
  fix: "Create the Secret in the namespace of the Ingress, or take the tls entry out until the certificate exists.",
  confirm: ["kubectl -n NAMESPACE get secrets", "kubectl -n NAMESPACE describe ingress INGRESS"],
  sources: [
    "ingress-gce: pkg/translator/translator.go (NewEnv)",
    "cert-manager: issue temporary certificate",
  ],
  messages: {
    missing:
      "Secret {secret} of {field} does not exist in namespace {namespace}, so GKE builds no front end and applies no change.",
    elsewhere:
      "Secret {secret} of {field} exists in namespace {elsewhere} but not in {namespace}, where GKE looks, so GKE builds no front end and applies no change.",
  },

  check(topology, report) {
    const { ingress } = topology;
    const { namespace } = ingress.ref;
    for (const secret of missingSecrets(topology, report)) {
      const index = ingress.tls.findIndex((entry) => entry.secretName === secret);
      const fieldPath = `spec.tls[${index}].secretName`;
      const elsewhere = namespacesWith(topology, secret);
      const place = {
        subject: { ...ingress.ref, fieldPath },
        fix: { command: temporarySecret(namespace, secret) },
      };
      if (elsewhere.length === 0) report("missing", place, { secret, field: fieldPath, namespace });
      else
        report("elsewhere", place, { secret, field: fieldPath, namespace, elsewhere: elsewhere.join(", ") });
    }
  },
});

function missingSecrets(topology: Topology, report: Parameters<typeof currentErrors>[1]): readonly string[] {
  const { ingress, secrets } = topology;
  const named = tlsSecretNames(ingress);
  if (secrets.known) {
    const present = new Set(secrets.value.map(({ ref }) => refKey(ref)));
    return named.filter((name) => !present.has(objectKey(ingress.ref.namespace, name)));
  }
  // Without the permission to read Secrets, the controller's own Events tell which one it missed.
  const reported = currentErrors(topology, report, "secret-missing").flatMap(({ cause }) =>
    cause.backendConfig === undefined ? [cause.secret] : [],
  );
  return reported.filter((name) => named.includes(name));
}

function namespacesWith({ ingress, secrets }: Topology, name: string): readonly string[] {
  if (!secrets.known) return [];
  const others = secrets.value.filter(
    ({ ref }) => ref.name === name && ref.namespace !== ingress.ref.namespace,
  );
  return others.map(({ ref }) => ref.namespace).sort();
}

/** Breaks the deadlock with an issuer: any certificate lets GKE build the front end. */
function temporarySecret(namespace: string, secret: string): string {
  return shellCommand(
    "kubectl",
    "-n",
    namespace,
    "create",
    "secret",
    "tls",
    secret,
    "--cert=tls.crt",
    "--key=tls.key",
  );
}
