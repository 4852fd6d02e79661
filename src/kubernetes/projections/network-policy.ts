import type {
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPort,
  NetworkPolicyRule,
} from "../../model/gke-config.ts";
import { compact, each, filledText, number, numberOrText, record, text, texts } from "../../model/json.ts";
import { projectMap, projectRef } from "./metadata.ts";

const TYPE = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };

/** Projects a raw NetworkPolicy; accepts any JSON and never throws. */
export function projectNetworkPolicy(raw: unknown): NetworkPolicy {
  const spec = record(raw, "spec");
  const types = texts(spec, "policyTypes");
  return Object.freeze({
    ref: projectRef(raw, TYPE),
    podSelector: projectSelector(record(spec, "podSelector")),
    // Without policyTypes a policy always restricts ingress (NetworkPolicySpec reference).
    restrictsIngress: types.length === 0 || types.includes("Ingress"),
    ingress: each(spec, "ingress", projectRule),
  });
}

function projectSelector(selector: object | undefined): LabelSelector {
  return Object.freeze({
    matchLabels: projectMap(selector, "matchLabels"),
    matchExpressions: each(selector, "matchExpressions", (entry) =>
      Object.freeze({
        key: text(entry, "key") ?? "",
        operator: text(entry, "operator") ?? "",
        values: texts(entry, "values"),
      }),
    ),
  });
}

/** Peers chosen by labels admit no outside address, so only `ipBlock` peers are kept. */
function projectRule(rule: object): NetworkPolicyRule {
  const peers = each(rule, "from", (peer) => record(peer, "ipBlock"));
  const ports = each(rule, "ports", projectPort);
  const blocks = peers
    .filter((block) => block !== undefined)
    .map((block) => Object.freeze({ cidr: text(block, "cidr") ?? "", except: texts(block, "except") }));
  return Object.freeze({
    from: peers.length === 0 ? undefined : Object.freeze(blocks),
    ports: ports.length === 0 ? undefined : ports,
  });
}

function projectPort(entry: object): NetworkPolicyPort {
  return compact(
    { protocol: filledText(entry, "protocol") ?? "TCP" },
    { port: numberOrText(entry, "port"), endPort: number(entry, "endPort") },
  );
}
