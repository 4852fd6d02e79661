import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestClient } from "../controlplane/client.ts";
import type { ContainerStore } from "./container-store.ts";

const ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The part of a pod template that decides how its one container runs. */
export interface PodSpec {
  readonly serviceAccountName: string;
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
  readonly containers: readonly [
    {
      readonly image: string;
      readonly args: readonly string[];
      readonly env?: readonly { readonly name: string; readonly value: string }[];
      readonly resources: { readonly limits: { readonly memory: string } };
      readonly securityContext: {
        readonly allowPrivilegeEscalation: boolean;
        readonly readOnlyRootFilesystem: boolean;
        readonly capabilities: { readonly drop: readonly string[] };
      };
    },
  ];
}

/**
 * Runs a pod's container as its kubelet would: the image, arguments, user, limits and ServiceAccount of its template.
 *
 * It shares the host's network, because the API server listens on loopback. Answers podman's process, which ends with the
 * container.
 */
export async function runPod(
  store: ContainerStore,
  client: TestClient,
  namespace: string,
  { serviceAccountName, securityContext, containers: [container] }: PodSpec,
): Promise<ChildProcess> {
  const account = await mountAccount(store, client, namespace, serviceAccountName);
  const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = container.securityContext;
  const url = new URL(client.connection.url);
  const environment = [
    ...(container.env ?? []).map(({ name, value }) => `${name}=${value}`),
    `KUBERNETES_SERVICE_HOST=${url.hostname}`,
    `KUBERNETES_SERVICE_PORT=${url.port}`,
  ];
  const { program, flags, env } = store.podmanCommand();
  return spawn(
    program,
    [
      ...[...flags, "run", "--rm", "--no-healthcheck", "--network", "host"],
      ...["--user", `${securityContext.runAsUser}:${securityContext.runAsGroup}`],
      ...(readOnlyRootFilesystem ? ["--read-only", "--read-only-tmpfs=false"] : []),
      ...(allowPrivilegeEscalation ? [] : ["--security-opt", "no-new-privileges"]),
      ...capabilities.drop.flatMap((name) => ["--cap-drop", name.toLowerCase()]),
      ...["--memory", container.resources.limits.memory.replace("Mi", "m")],
      ...["--volume", `${account}:${ACCOUNT_FOLDER}:ro`],
      ...environment.flatMap((variable) => ["--env", variable]),
      ...[container.image, ...container.args],
    ],
    { env, stdio: ["ignore", "pipe", "pipe"] },
  );
}

async function mountAccount(
  store: ContainerStore,
  client: TestClient,
  namespace: string,
  name: string,
): Promise<string> {
  const folder = store.folder(`account-${name}`);
  const files = {
    token: await client.createToken(namespace, name),
    "ca.crt": client.connection.ca,
    namespace,
  };
  chmodSync(folder, 0o755);
  for (const [file, text] of Object.entries(files)) {
    // The container's user is not this one; the folder above keeps other users of the machine out.
    writeFileSync(join(folder, file), text, { mode: 0o644 });
  }
  return folder;
}
