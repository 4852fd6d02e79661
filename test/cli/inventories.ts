import type { Inventory } from "../../src/cli/inventory.ts";
import { readManifests } from "../../src/cli/manifest-inventory.ts";
import { type Report, reportOn } from "../../src/cli/report.ts";

/** Manifests of one file `app.yaml` as the command reads them, and what it notes on the way. */
export function manifests(text: string): {
  readonly inventory: Inventory;
  readonly notes: readonly string[];
} {
  const notes: string[] = [];
  const inventory = readManifests([{ file: "app.yaml", text }], "shop", (line) => notes.push(line));
  return { inventory, notes };
}

/** A report on every Ingress of some manifests. */
export function reportOnManifests(text: string): Report {
  const { inventory } = manifests(text);
  return reportOn(inventory, inventory.ingresses, false);
}

/** An Ingress of class gce. */
export function ingressYaml(name: string, backend: string, metadata = ""): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations: { kubernetes.io/ingress.class: gce }
${metadata}spec:
  rules:
    - host: ${name}.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: { service: { name: ${backend}, port: { number: 80 } } }
`;
}

/** A Service with network endpoint groups. */
export function serviceYaml(name: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  annotations: { cloud.google.com/neg: '{"ingress": true}' }
spec:
  selector: { app: ${name} }
  ports: [{ port: 80, targetPort: 8080 }]
`;
}

/** Documents of one file. */
export function documents(...texts: readonly string[]): string {
  return texts.join("---\n");
}
