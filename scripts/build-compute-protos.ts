/** A node of a protobuf.js description: a namespace, a message, an enum or a service. */
interface ProtoNode {
  readonly nested?: Readonly<Record<string, ProtoNode>>;
  readonly fields?: Readonly<Record<string, { readonly type: string }>>;
  readonly methods?: Readonly<Record<string, ProtoMethod>>;
}

interface ProtoMethod {
  readonly requestType: string;
  readonly responseType: string;
}

/** Where the Compute API lies in the description, one namespace for each of its versions. */
const COMPUTE = ["google", "cloud", "compute"];
const VERSION = "v1";

/** Calls that change nothing. */
const READ = /^(?:get|list|aggregatedlist)/i;

/** Names of the services whose clients a source file imports, such as `UrlMaps`. */
export function usedServices(source: string): readonly string[] {
  const clients = [...source.matchAll(/\/v1\/(\w+)_client\.js"/g)].map(([, name = ""]) => name);
  if (clients.length === 0) throw new Error("found no Compute client that is used");
  return clients.map((name) => name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase()));
}

/**
 * The description of these services with their reads only, and of every message that those need.
 *
 * So a client built on it could not send a write. Everything outside the Compute API stays.
 */
export function prunedProtos(whole: ProtoNode, services: readonly string[]): ProtoNode {
  const compute = at(whole, [...COMPUTE, VERSION]);
  const kept: Record<string, ProtoNode> = {};
  const queue: string[] = [];
  for (const name of services) {
    const service = compute[name];
    if (service?.methods === undefined) throw new Error(`the Compute API describes no service ${name}`);
    const methods = Object.entries(service.methods).filter(([method]) => READ.test(method));
    kept[name] = { ...service, methods: Object.fromEntries(methods) };
    queue.push(...methods.flatMap(([, { requestType, responseType }]) => [requestType, responseType]));
  }
  for (let type = queue.pop(); type !== undefined; type = queue.pop()) {
    const name = type.split(".").at(-1) ?? "";
    const message = compute[name];
    // Scalars, types of other packages and types nested in a message that is kept need nothing.
    if (message === undefined || kept[name] !== undefined) continue;
    kept[name] = message;
    queue.push(...fieldTypes(message));
  }
  return replaced(whole, COMPUTE, { [VERSION]: { nested: kept } });
}

function fieldTypes({ fields = {}, nested = {} }: ProtoNode): readonly string[] {
  return [...Object.values(fields).map(({ type }) => type), ...Object.values(nested).flatMap(fieldTypes)];
}

function at(node: ProtoNode, path: readonly string[]): Readonly<Record<string, ProtoNode>> {
  return path.reduce((inner: ProtoNode | undefined, name) => inner?.nested?.[name], node)?.nested ?? {};
}

function replaced(
  node: ProtoNode,
  [name, ...rest]: readonly string[],
  nested: Readonly<Record<string, ProtoNode>>,
): ProtoNode {
  if (name === undefined) return { ...node, nested };
  return { ...node, nested: { ...node.nested, [name]: replaced(node.nested?.[name] ?? {}, rest, nested) } };
}
