import type { Resources } from "./compute-api/resources.ts";
import {
  type BackendService,
  endpointsOf,
  everyResource,
  type Firewall,
  type HealthCheck,
  linked,
  type ServingEndpoint,
} from "./load-balancer-resources.ts";
import type { PodNetwork } from "./pod-network.ts";
import { askUpstream } from "./upstream.ts";

/** One of the ranges that Google's probers come from; a firewall lets both in, or none. */
const PROBER_RANGE = "35.191.0.0/16";

/** What one endpoint's checks have come to. */
interface EndpointState {
  healthy: boolean;
  /** Checks in a row with the other outcome. */
  against: number;
}

/** How checks are run. */
export interface HealthCheckerOptions {
  readonly resources: Resources;
  readonly network: PodNetwork;
  readonly project: string;
  /** Milliseconds that stand for a second of intervals and timeouts. @defaultValue 1,000 */
  readonly secondMs?: number;
}

/** Runs the health checks of every backend service against real servers, and writes down what `getHealth` says. */
export class HealthChecker {
  readonly #options: HealthCheckerOptions;
  readonly #states = new Map<string, EndpointState>();
  /** By backend service; undefined while it is being checked. */
  readonly #timers = new Map<string, NodeJS.Timeout | undefined>();
  #isStopped = false;

  constructor(options: HealthCheckerOptions) {
    this.#options = options;
  }

  /** Whether an endpoint of a backend service gets requests. An endpoint starts out unhealthy. */
  isHealthy({ selfLink }: BackendService, { address, port }: ServingEndpoint): boolean {
    return this.#states.get(stateKey(selfLink, address, port))?.healthy ?? false;
  }

  /** Checks every endpoint as often as its thresholds need to come to a verdict. */
  async settle(): Promise<void> {
    await Promise.all(
      this.#backendServices().map(async (service) => {
        const check = this.#checkOf(service);
        const rounds = Math.max(check?.healthyThreshold ?? 2, check?.unhealthyThreshold ?? 2);
        for (let round = 0; round < rounds; round += 1) await this.#round(service);
      }),
    );
  }

  /** Checks every backend service at its own interval, until {@link stop}; once more for those that came later. */
  start(): void {
    for (const { selfLink } of this.#backendServices()) {
      if (this.#timers.has(selfLink)) continue;
      this.#timers.set(selfLink, undefined);
      void this.#repeat(selfLink);
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  async #repeat(link: string): Promise<void> {
    const { resources, secondMs = 1000 } = this.#options;
    const service = linked<BackendService>(resources, link);
    if (service === undefined) this.#timers.delete(link);
    else {
      await this.#round(service);
      if (this.#isStopped) return;
      const seconds = this.#checkOf(service)?.checkIntervalSec ?? 5;
      this.#timers.set(
        link,
        setTimeout(() => void this.#repeat(link), seconds * secondMs),
      );
    }
  }

  #backendServices(): readonly BackendService[] {
    const { resources, project } = this.#options;
    return everyResource<BackendService>(resources, project, "backendServices");
  }

  #checkOf({ healthChecks = [] }: BackendService): HealthCheck | undefined {
    const [link] = healthChecks;
    return link === undefined ? undefined : linked<HealthCheck>(this.#options.resources, link);
  }

  async #round(service: BackendService): Promise<void> {
    const check = this.#checkOf(service);
    if (check === undefined) return;
    const endpoints = endpointsOf(this.#options.resources, service);
    await Promise.all(
      endpoints.map(async (endpoint) =>
        this.#record(service, endpoint, check, await this.#ask(endpoint, check)),
      ),
    );
    this.#publish(service, endpoints);
  }

  /** Status 200 in time and nothing else; redirects are not followed. */
  async #ask({ address, port: servingPort }: ServingEndpoint, check: HealthCheck): Promise<boolean> {
    if (!this.#letsProbersIn()) return false;
    const { network, secondMs = 1000 } = this.#options;
    const details = {
      HTTP: check.httpHealthCheck,
      HTTPS: check.httpsHealthCheck,
      HTTP2: check.http2HealthCheck,
    };
    const { requestPath = "/", host = "", port = servingPort } = details[check.type] ?? {};
    const answer = await askUpstream({
      protocol: check.type,
      port: network.portOf(address, port),
      method: "GET",
      path: requestPath,
      host: host === "" ? address : host,
      userAgent: "GoogleHC/1.0",
      timeoutMs: (check.timeoutSec ?? 5) * secondMs,
    });
    return answer.kind === "answered" && answer.status === 200;
  }

  #letsProbersIn(): boolean {
    const { resources, project } = this.#options;
    return everyResource<Firewall>(resources, project, "firewalls").some(
      ({ sourceRanges = [], allowed = [] }) => allowed.length > 0 && sourceRanges.includes(PROBER_RANGE),
    );
  }

  #record(
    service: BackendService,
    { address, port }: ServingEndpoint,
    check: HealthCheck,
    passed: boolean,
  ): void {
    const key = stateKey(service.selfLink, address, port);
    const state = this.#states.get(key) ?? { healthy: false, against: 0 };
    this.#states.set(key, state);
    if (passed === state.healthy) {
      state.against = 0;
      return;
    }
    state.against += 1;
    const threshold = passed ? (check.healthyThreshold ?? 2) : (check.unhealthyThreshold ?? 2);
    if (state.against < threshold) return;
    state.healthy = passed;
    state.against = 0;
  }

  #publish(service: BackendService, endpoints: readonly ServingEndpoint[]): void {
    for (const { group } of service.backends ?? []) {
      const own = endpoints.filter((endpoint) => endpoint.group === group);
      const healthStatus = own.map((endpoint) => ({
        ipAddress: endpoint.address,
        port: endpoint.port,
        healthState: this.isHealthy(service, endpoint) ? "HEALTHY" : "UNHEALTHY",
      }));
      this.#options.resources.setHealth(service.selfLink, group, { healthStatus });
    }
  }
}

function stateKey(service: string, address: string, port: number): string {
  return `${service} ${address}:${port}`;
}
