import type { ControlPlane } from "./control-plane.ts";

/** Quoted RFC 3339 times, as they stand in creation dates, managed fields, conditions and Events. */
const TIMES = /"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z"/g;

const KEY_PREFIX = "/registry/";

interface KeyValue {
  readonly key: string;
  readonly value: string;
  readonly mod_revision: string;
}

/**
 * Makes everything in a namespace older by `milliseconds`, as if all of it had happened that much earlier.
 *
 * Needs a control plane with `jsonStorage`, as {@link rewriteNamespace} does.
 */
export function ageNamespace(
  controlPlane: ControlPlane,
  namespace: string,
  milliseconds: number,
): Promise<void> {
  return rewriteNamespace(controlPlane, namespace, (text) =>
    text.replace(TIMES, (time) => JSON.stringify(earlier(JSON.parse(time), milliseconds))),
  );
}

/**
 * Changes the stored form of every object of a namespace, a JSON text.
 *
 * The API server dates objects by its own clock and lets nobody change that, so they are rewritten in etcd; its
 * watches see that as any other change. Needs a control plane with `jsonStorage`.
 */
export async function rewriteNamespace(
  controlPlane: ControlPlane,
  namespace: string,
  change: (stored: string) => string,
): Promise<void> {
  const etcd = new EtcdGateway(controlPlane.etcdUrl);
  // In the order of their last writes, so that resource versions keep telling which came first.
  for (const key of await etcd.keys()) {
    if (key.includes(`/${namespace}/`)) await rewrite(etcd, key, change);
  }
}

async function rewrite(etcd: EtcdGateway, key: string, change: (stored: string) => string): Promise<void> {
  for (;;) {
    const stored = await etcd.get(key);
    if (stored === undefined) return;
    const text = decode(stored.value);
    if (!text.startsWith("{")) throw new Error(`${key} is not stored as JSON`);
    const changed = change(text);
    if (changed === text || (await etcd.replace(stored, changed))) return;
    // Somebody wrote in between: their newer object is to be changed instead.
  }
}

/** Keeps the precision: whole seconds in most fields, microseconds in those that name them. */
function earlier(time: string, milliseconds: number): string {
  const fraction = /\.\d+(?=Z)/.exec(time)?.[0] ?? "";
  const moved = new Date(Date.parse(time) - milliseconds).toISOString();
  return moved.replace(/\.\d+(?=Z)/, fraction);
}

/** etcd's own HTTP gateway: JSON with keys and values in base64. */
class EtcdGateway {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** All keys, the one that was written first first. */
  async keys(): Promise<string[]> {
    const end = `${KEY_PREFIX.slice(0, -1)}0`;
    const range = { key: encode(KEY_PREFIX), range_end: encode(end), keys_only: true };
    const found = await this.#range({ ...range, sort_target: "MOD", sort_order: "ASCEND" });
    return found.map(({ key }) => decode(key));
  }

  async get(key: string): Promise<KeyValue | undefined> {
    return (await this.#range({ key: encode(key) }))[0];
  }

  /** Writes unless the key changed since it was read. */
  async replace(stored: KeyValue, text: string): Promise<boolean> {
    const { key, mod_revision } = stored;
    const compare = [{ key, target: "MOD", result: "EQUAL", mod_revision }];
    const success = [{ request_put: { key, value: encode(text), ignore_lease: true } }];
    return ((await this.#post("txn", { compare, success })) as { succeeded?: boolean }).succeeded === true;
  }

  async #range(request: object): Promise<KeyValue[]> {
    return ((await this.#post("range", request)) as { kvs?: KeyValue[] }).kvs ?? [];
  }

  async #post(operation: string, body: object): Promise<unknown> {
    const answer = await fetch(`${this.#url}/v3/kv/${operation}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`etcd answers ${answer.status} to ${operation}: ${await answer.text()}`);
    return answer.json();
  }
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}
