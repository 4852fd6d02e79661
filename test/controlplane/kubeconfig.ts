import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import type { TestClient } from "./client.ts";

/** How to reach one API server as one user. Plain data, so that it can be handed to a test's worker. */
export interface Connection {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** PEM bundle that signs the server's certificate. */
  readonly ca: string;
  /** Bearer token. */
  readonly token: string;
}

/** Writes a kubeconfig of one context for `connection`, readable only by its owner. */
export function writeKubeconfig(path: string, connection: Connection, namespace = "default"): void {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "test",
        cluster: {
          server: connection.url,
          "certificate-authority-data": Buffer.from(connection.ca).toString("base64"),
        },
      },
    ],
    users: [{ name: "test", user: { token: connection.token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test", namespace } }],
    "current-context": "test",
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
}

/** Writes a kubeconfig with a fresh token of a ServiceAccount, which has only that account's permissions. */
export async function writeServiceAccountKubeconfig(
  path: string,
  client: TestClient,
  account: { readonly namespace: string; readonly name: string },
): Promise<void> {
  const token = await client.createToken(account.namespace, account.name);
  writeKubeconfig(path, { ...client.connection, token }, account.namespace);
}
