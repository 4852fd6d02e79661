import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSigned } from "../support/self-signed.ts";
import { HealthChecker, type HealthCheckerOptions } from "./health-checker.ts";
import {
  type BackendService,
  endpointsOf,
  everyResource,
  type ForwardingRule,
  linked,
  type ServingEndpoint,
  type TargetProxy,
  type UrlMap,
  type UrlRedirect,
} from "./load-balancer-resources.ts";
import { askUpstream } from "./upstream.ts";
import { routeByUrlMap } from "./url-map-routing.ts";

/** A port on which nothing ever listens. */
const CLOSED_PORT = 1;

const REDIRECT_CODES: Readonly<Record<string, number>> = {
  MOVED_PERMANENTLY_DEFAULT: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
};

/** What sets the load balancers of Ingresses apart in what clients see. */
interface Product {
  readonly stripsPort: boolean;
  /** No healthy endpoint, refused, reset. */
  readonly noAnswer: number;
  readonly tooSlow: number;
  readonly page: string;
}

const CLASSIC: Product = {
  stripsPort: true,
  noAnswer: 502,
  tooSlow: 502,
  page: "<!DOCTYPE html><html lang=en><title>Error: Server Error</title><h1>Error: Server Error</h1>",
};
const ENVOY: Product = { stripsPort: false, noAnswer: 503, tooSlow: 504, page: "no healthy upstream" };

/**
 * A load balancer that answers: every forwarding rule has a listener on a loopback port, requests go by the URL
 * map to pods that passed their health checks, and what goes wrong is answered as Google answers it.
 *
 * It reads the resources at every request, so that a change of theirs is a change of what it does.
 */
export class DataPlane {
  readonly health: HealthChecker;
  readonly #options: HealthCheckerOptions;
  readonly #listeners = new Map<string, Server>();
  #turn = 0;

  constructor(options: HealthCheckerOptions) {
    this.#options = options;
    this.health = new HealthChecker(options);
  }

  /** Opens a listener for every forwarding rule that has none, and closes those whose rule is gone. */
  async listen(): Promise<void> {
    const { resources, project } = this.#options;
    const rules = everyResource<ForwardingRule>(resources, project, "forwardingRules");
    const wanted = new Map(rules.map((rule) => [`${rule.IPAddress}:${firstPort(rule)}`, rule.selfLink]));
    for (const [key, server] of this.#listeners) {
      if (wanted.has(key)) continue;
      this.#listeners.delete(key);
      await close(server);
    }
    for (const [key, link] of wanted) {
      if (this.#listeners.has(key)) continue;
      const handle = (request: IncomingMessage, response: ServerResponse) =>
        void this.#serve(link, request, response);
      const server = key.endsWith(":443")
        ? createHttpsServer(selfSigned("lb.invalid"), handle)
        : createServer(handle);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      this.#listeners.set(key, server);
    }
  }

  /** The loopback port behind an address and port of a load balancer; a closed one where no rule listens. */
  portOf(address: string, port: number): number {
    const server = this.#listeners.get(`${address}:${port}`);
    return server === undefined ? CLOSED_PORT : (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.health.stop();
    await Promise.all([...this.#listeners.values()].map(close));
    this.#listeners.clear();
  }

  async #serve(ruleLink: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { resources } = this.#options;
    const rule = linked<ForwardingRule>(resources, ruleLink);
    const proxy = rule && linked<TargetProxy>(resources, rule.target);
    const map = proxy && linked<UrlMap>(resources, proxy.urlMap);
    const product = rule?.loadBalancingScheme === "EXTERNAL" ? CLASSIC : ENVOY;
    const { host = "" } = request.headers;
    const url = request.url ?? "/";
    if (map === undefined) {
      send(response, 404, product.page);
      return;
    }
    const decision = routeByUrlMap(map, host, url, product.stripsPort);
    if (decision.kind === "redirect") redirect(response, decision.redirect, host, url);
    else if (decision.kind === "nowhere") send(response, 404, product.page);
    else await this.#forward(decision.service, product, request, response);
  }

  async #forward(
    link: string,
    product: Product,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { resources, network, secondMs = 1000 } = this.#options;
    const service = linked<BackendService>(resources, link);
    const endpoint = service && this.#pick(service);
    if (service === undefined || endpoint === undefined) {
      send(response, product.noAnswer, product.page);
      return;
    }
    const answer = await askUpstream({
      protocol: service.protocol,
      port: network.portOf(endpoint.address, endpoint.port),
      method: request.method ?? "GET",
      path: request.url ?? "/",
      host: request.headers.host ?? "",
      userAgent: request.headers["user-agent"],
      timeoutMs: (service.timeoutSec ?? 30) * secondMs,
    });
    if (answer.kind === "timeout") send(response, product.tooSlow, product.page);
    else if (answer.kind === "failed") send(response, product.noAnswer, product.page);
    else {
      const { connection: _hop, "transfer-encoding": _encoding, ...headers } = answer.headers;
      response.writeHead(answer.status, { ...headers, via: "1.1 google" });
      response.end(answer.body);
    }
  }

  /** In turn among the healthy ones; with none there is no answer, because it never fails open. */
  #pick(service: BackendService): ServingEndpoint | undefined {
    const healthy = endpointsOf(this.#options.resources, service).filter((endpoint) =>
      this.health.isHealthy(service, endpoint),
    );
    this.#turn += 1;
    return healthy[this.#turn % Math.max(1, healthy.length)];
  }
}

function firstPort({ portRange }: ForwardingRule): number {
  return Number(portRange.split("-", 1)[0]);
}

function redirect(
  response: ServerResponse,
  { httpsRedirect, redirectResponseCode }: UrlRedirect,
  host: string,
  url: string,
): void {
  const status = REDIRECT_CODES[redirectResponseCode ?? "MOVED_PERMANENTLY_DEFAULT"] ?? 301;
  const scheme = httpsRedirect === true ? "https" : "http";
  response.writeHead(status, { location: `${scheme}://${host.replace(/:80$/, "")}${url}` }).end();
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": body.startsWith("<") ? "text/html" : "text/plain" });
  response.end(body);
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
