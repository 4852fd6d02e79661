import { describe, expect, it } from "vitest";
import type { ProbeTarget } from "../../src/model/probe.ts";
import { stringMap } from "../../src/model/refs.ts";
import { type AddressFacts, isAllowedAddress } from "../../src/probe/allowed-address.ts";
import { endpoint, node, pod, ref, slice } from "../support/builders.ts";
import { target } from "./targets.ts";

const NODE_ADDRESS = "10.128.0.7";
const API_SERVER = "172.16.0.2";

function facts(changes: Partial<AddressFacts> = {}): AddressFacts {
  return {
    namespace: "shop",
    pod: pod(1),
    slices: [slice()],
    nodes: [node({ addresses: [NODE_ADDRESS] })],
    apiServer: [API_SERVER],
    ...changes,
  };
}

/** Everything agrees on the address: the Pod's status and its EndpointSlice both claim it. */
function claiming(address: string): [ProbeTarget, AddressFacts] {
  return [
    target({ address }),
    facts({
      pod: pod(1, { ip: address }),
      slices: [slice({ endpoints: [endpoint(1, { addresses: [address] })] })],
    }),
  ];
}

/** Ways to write an IPv4 address that some parser somewhere takes for it, dotted decimal aside. */
function spellings(address: string): readonly string[] {
  const bytes = address.split(".").map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
  const groups = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
  const mapped = [address, groups, groups.toUpperCase()].flatMap((tail) => [
    `::ffff:${tail}`,
    `::FFFF:${tail}`,
    `0:0:0:0:0:ffff:${tail}`,
    `0000:0000:0000:0000:0000:ffff:${tail}`,
    `[::ffff:${tail}]`,
    `::ffff:${tail}%lo`,
    `::${tail}`,
    `64:ff9b::${tail}`,
  ]);
  return [
    ...mapped,
    `2002:${groups}::`,
    String(whole),
    `0x${whole.toString(16)}`,
    `0${whole.toString(8)}`,
    bytes.map((byte) => `0x${byte.toString(16)}`).join("."),
    bytes.map((byte) => `0${byte.toString(8)}`).join("."),
    bytes.map((byte) => String(byte).padStart(3, "0")).join("."),
    bytes.map((byte) => String(byte).padStart(4, "0")).join("."),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a + 256}.${b}.${c}.${d}`,
    `${address}.`,
    `${address}:80`,
    `${address}/32`,
    `${address}%eth0`,
    ` ${address}`,
    `${address} `,
    `${address}\n`,
    `${address}\0.example.com`,
    `\t${address}`,
    `${address}@10.4.0.1`,
    `10.4.0.1@${address}`,
    `10.4.0.1#${address}`,
    `http://${address}`,
    `${address}.nip.io`,
    address.replaceAll(".", "。"),
    [...address]
      .map((char) => (/\d/.test(char) ? String.fromCodePoint((char.codePointAt(0) ?? 0) + 0xfee0) : char))
      .join(""),
    [...address]
      .map((char) =>
        /[1-9]/.test(char) ? String.fromCodePoint((char.codePointAt(0) ?? 0) - 0x31 + 0x2460) : char,
      )
      .join(""),
    address.replaceAll(".", "%2e"),
    encodeURIComponent(` ${address}`),
  ].filter((text) => text !== address);
}

const FORBIDDEN = [
  "169.254.169.254",
  "127.0.0.1",
  "0.0.0.0",
  NODE_ADDRESS,
  API_SERVER,
  "169.254.20.10",
  "192.0.0.192",
];
const NAMES = [
  "localhost",
  "metadata.google.internal",
  "metadata",
  "kubernetes.default.svc",
  "ip6-loopback",
  "",
  ".",
  "0",
  "::",
  "::1",
  "fe80::1",
  "fd00::1",
];

describe("the address of a probe", () => {
  it("is allowed where it is the pod's own and the Service's", () => {
    expect(isAllowedAddress(target(), facts())).toBe(true);
  });

  it.each([...FORBIDDEN, "127.255.255.254", "224.0.0.1", "255.255.255.255", "240.0.0.1", "0.1.2.3"])(
    "is refused whoever claims it: %s",
    (address) => {
      expect(isAllowedAddress(...claiming(address))).toBe(false);
    },
  );

  it("is refused in every other spelling, of forbidden addresses and of the pod's own", () => {
    const written = [...FORBIDDEN, "10.4.0.1"].flatMap(spellings).concat(NAMES);
    expect(written.length).toBeGreaterThan(400);
    expect(written.filter((address) => isAllowedAddress(...claiming(address)))).toEqual([]);
  });

  it.each<[string, Partial<AddressFacts>]>([
    ["the pod is not there", { pod: undefined }],
    ["the pod has another address", { pod: pod(1, { ip: "10.4.0.9" }) }],
    ["the pod is another one", { pod: pod(2, { ip: "10.4.0.1" }) }],
    ["the pod is of another namespace", { pod: pod(1, { ref: ref("v1", "Pod", "web-1", "kube-system") }) }],
    ["the pod is on the host's network", { pod: pod(1, { hostNetwork: true }) }],
    ["the pod has ended, and its address is free", { pod: pod(1, { phase: "Succeeded" }) }],
    ["the pod is being deleted", { pod: pod(1, { deletedAt: 1 }) }],
    ["no slice names it", { slices: [] }],
    [
      "a slice of another Service names it",
      { slices: [slice({ service: "other", endpoints: [endpoint(1)] })] },
    ],
    [
      "a slice of another namespace names it",
      { slices: [slice({ ref: ref("discovery.k8s.io/v1", "EndpointSlice", "web-abc12", "other") })] },
    ],
    [
      "the slice gives the address to another pod",
      { slices: [slice({ endpoints: [endpoint(1, { pod: "web-2" })] })] },
    ],
    [
      "the slice names no pod",
      {
        slices: [
          slice({ endpoints: [{ addresses: ["10.4.0.1"], ready: true, serving: true, terminating: false }] }),
        ],
      },
    ],
    ["the slice is of names", { slices: [slice({ addressType: "FQDN" })] }],
    ["a node has it", { nodes: [node({ addresses: ["10.4.0.1"] })] }],
    ["the API server has it", { apiServer: ["10.4.0.1"] }],
  ])("is refused where %s", (_name, changes) => {
    expect(isAllowedAddress(target(), facts(changes))).toBe(false);
  });

  it.each([0, -1, 65_536, 1.5, Number.NaN])("is refused with port %d", (port) => {
    expect(isAllowedAddress(target({ port }), facts())).toBe(false);
  });

  it("does not depend on labels that anybody may write", () => {
    const unlabelled = facts({ pod: pod(1, { labels: stringMap({}) }) });
    expect(isAllowedAddress(target(), unlabelled)).toBe(true);
  });
});
