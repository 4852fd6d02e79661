import { describe, expect, it } from "vitest";
import { gkeTraces, ingressOwnership, ingressProduct } from "../../../src/diagnostics/gke/ingress-class.ts";
import type { Ingress } from "../../../src/model/ingress.ts";
import { stringMap } from "../../../src/model/refs.ts";
import { ingress } from "../../support/builders.ts";

const ANNOTATION = "kubernetes.io/ingress.class";

function classed(annotation: string | undefined, className?: string, more: Partial<Ingress> = {}): Ingress {
  return ingress({
    annotations: stringMap(annotation === undefined ? {} : { [ANNOTATION]: annotation }),
    finalizers: [],
    ...(className === undefined ? {} : { className }),
    ...more,
  });
}

describe("an Ingress that GKE takes", () => {
  it.each([
    [undefined, "external"],
    ["", "external"],
    ["gce", "external"],
    ["gce-internal", "internal"],
    ["gce-regional-external", "regional-external"],
  ] as const)("annotation %j: %s", (annotation, product) => {
    expect(ingressOwnership(classed(annotation))).toEqual({ kind: "owned", product });
    expect(ingressProduct(classed(annotation))).toBe(product);
  });

  it("goes by the annotation, whatever the field says", () => {
    expect(ingressOwnership(classed("gce-internal", "nginx"))).toEqual({
      kind: "owned",
      product: "internal",
    });
  });

  it("leaves multi-cluster Ingresses to another controller", () => {
    expect(ingressOwnership(classed("gce-multi-cluster"))).toEqual({ kind: "multi-cluster" });
    expect(ingressProduct(classed("gce-multi-cluster"))).toBe("external");
  });
});

describe("an Ingress that GKE ignores", () => {
  it.each([undefined, ""])("has only the class name field set, annotation %j", (annotation) => {
    expect(ingressOwnership(classed(annotation, "gce"))).toEqual({
      kind: "ignored",
      because: "class-name-field",
      value: "gce",
      leftovers: [],
    });
  });

  it("has an empty class name field, which is not an absent one", () => {
    expect(ingressOwnership(classed(undefined, ""))).toMatchObject({
      because: "class-name-field",
      value: "",
    });
  });

  it.each([
    ["GCE", "gce"],
    ["gce_internal", "gce-internal"],
    [" gce ", "gce"],
    ["gce \t multi_cluster", "gce-multi-cluster"],
    ["Gce-Regional-External", "gce-regional-external"],
  ])("has a class written %j where %s is meant", (value, meant) => {
    expect(ingressOwnership(classed(value))).toEqual({
      kind: "ignored",
      because: "other-class",
      value,
      meant,
      leftovers: [],
    });
  });

  it("offers no other spelling for the field, which never works alone", () => {
    expect(ingressOwnership(classed(undefined, "GCE"))).not.toHaveProperty("meant");
  });

  it("names the annotation's class, not the field's", () => {
    expect(ingressOwnership(classed("house-made", "nginx"))).toEqual({
      kind: "ignored",
      because: "other-class",
      value: "house-made",
      leftovers: [],
    });
  });

  it.each([
    ["nginx", "ingress-nginx"],
    ["nginx-internal", "ingress-nginx"],
    ["ingress-nginx", "ingress-nginx"],
    ["traefik-lb", "Traefik"],
    ["haproxy", "HAProxy"],
    ["public_HAProxy", "HAProxy"],
    ["kong", "Kong"],
    ["istio", "Istio"],
    ["contour", "Contour"],
    ["alb", "AWS Load Balancer Controller"],
    ["azure/application-gateway", "Azure"],
    ["my-traefik-nginx", "Traefik"],
    ["webapprouting.kubernetes.azure.com", "Azure"],
    ["cilium", "Cilium"],
    ["openshift-default", "OpenShift router"],
    ["ambassador", "Emissary"],
    ["emissary", "Emissary"],
    ["apisix", "APISIX"],
    ["tailscale", "Tailscale"],
    ["cloudflare-tunnel", "Cloudflare Tunnel"],
    ["ngrok", "ngrok"],
    ["voyager", "Voyager"],
    ["f5", "F5 BIG-IP"],
    ["citrix", "Citrix"],
    ["skipper", "Skipper"],
    ["pomerium", "Pomerium"],
    ["caddy", "Caddy"],
  ])("%s belongs to %s, by annotation and by field", (value, likelyOwner) => {
    expect(ingressOwnership(classed(value))).toMatchObject({ likelyOwner });
    expect(ingressOwnership(classed(undefined, value))).toMatchObject({ likelyOwner });
  });

  it.each(["house-made", "albatross", "azurite", "xf5"])(
    "%s is no well-known controller's class",
    (value) => {
      expect(ingressOwnership(classed(value))).not.toHaveProperty("likelyOwner");
    },
  );

  it("was GKE's once when finalizers or status annotations are left", () => {
    const annotations = stringMap({
      [ANNOTATION]: "nginx",
      "ingress.kubernetes.io/url-map": "k8s2-um-x",
      "ingress.kubernetes.io/backends": "{}",
    });
    const finalizers = ["example.com/hold", "networking.gke.io/ingress-finalizer-V2"];
    expect(ingressOwnership(ingress({ annotations, finalizers }))).toMatchObject({
      leftovers: [
        "ingress.kubernetes.io/backends",
        "ingress.kubernetes.io/url-map",
        "networking.gke.io/ingress-finalizer-V2",
      ],
    });
  });
});

describe("traces of GKE", () => {
  it("are every status annotation the controller writes, and both finalizers", () => {
    const keys = [
      "backends",
      "forwarding-rule",
      "https-forwarding-rule",
      "https-target-proxy",
      "redirect-url-map",
      "ssl-cert",
      "static-ip",
      "target-proxy",
      "url-map",
    ].map((name) => `ingress.kubernetes.io/${name}`);
    const finalizers = ["networking.gke.io/ingress-finalizer-V2", "networking.gke.io/ingress-finalizer"];
    const annotations = stringMap(Object.fromEntries(keys.map((key) => [key, "x"])));
    expect(gkeTraces(ingress({ annotations, finalizers }))).toEqual([
      ...keys,
      "networking.gke.io/ingress-finalizer",
      "networking.gke.io/ingress-finalizer-V2",
    ]);
  });

  it("are not what other controllers keep under the same prefix", () => {
    const annotations = stringMap({ "ingress.kubernetes.io/rewrite-target": "/", "url-map": "x" });
    expect(gkeTraces(ingress({ annotations, finalizers: ["ingress-finalizer"] }))).toEqual([]);
  });
});
