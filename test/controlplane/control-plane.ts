import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { stringify } from "yaml";
import { type Binaries, locateBinaries } from "./binaries.ts";
import type { Report } from "./build-binaries.ts";
import { TestClient } from "./client.ts";
import { type Connection, writeKubeconfig } from "./kubeconfig.ts";
import { findFreePorts, ServerProcess, startWatchdog } from "./server-process.ts";

export interface ControlPlaneOptions {
  /** Receives progress while the binaries are built. */
  readonly report?: Report;
  /** Logs every request (user, verb, object, answer) to {@link ControlPlane.auditLog}. */
  readonly audit?: boolean;
  /** Keeps objects in etcd as JSON instead of Protobuf, so that a test can rewrite them there. */
  readonly jsonStorage?: boolean;
  /** Refuses to stream lists into watches, as servers before Kubernetes 1.32 do. */
  readonly plainLists?: boolean;
  /**
   * Controllers to run; those of namespaces and ServiceAccounts always do.
   *
   * @defaultValue all that make Deployments, EndpointSlices and owner references work
   */
  readonly controllers?: readonly string[];
}

const READY_TIMEOUT_MS = 60_000;
const SERVICE_ACCOUNT_ISSUER = "https://kubernetes.default.svc";

/** What any namespace needs before objects can be created in it. */
const BASIC_CONTROLLERS = ["namespace-controller", "serviceaccount-controller"];

/** The rest of what the scenarios need, and nothing that writes by itself on an unchanged cluster. */
const DEFAULT_CONTROLLERS = [
  "deployment-controller",
  "endpointslice-controller",
  "garbage-collector-controller",
  "replicaset-controller",
];

/** Starts etcd, kube-apiserver and kube-controller-manager on loopback and waits until they serve. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binaries = await locateBinaries(options.report);
  const [etcdPort = 0, etcdPeerPort = 0, apiPort = 0] = await findFreePorts(3);
  const controlPlane = new ControlPlane(binaries, { etcdPort, etcdPeerPort, apiPort }, options);
  try {
    await controlPlane.start();
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
  return controlPlane;
}

interface Ports {
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly apiPort: number;
}

/** A real control plane of one node-less cluster, with all its state below one temporary directory. */
export class ControlPlane {
  readonly url: string;
  readonly adminToken: string = randomUUID();
  /** Data, keys and logs (`etcd.log`, `kube-apiserver.log`, ...); removed by {@link stop}. */
  readonly directory: string;
  /** One JSON document a line; exists only with `audit: true`. */
  readonly auditLog: string;
  readonly binaries: Binaries;
  readonly #ports: Ports;
  readonly #options: ControlPlaneOptions;
  readonly #releaseWatchdog: () => void;
  #etcd: ServerProcess | undefined;
  #apiServer: ServerProcess | undefined;
  #controllerManager: ServerProcess | undefined;
  #client: TestClient | undefined;

  /** Use {@link startControlPlane}. */
  constructor(binaries: Binaries, ports: Ports, options: ControlPlaneOptions) {
    this.binaries = binaries;
    this.#ports = ports;
    this.#options = options;
    this.url = `https://127.0.0.1:${ports.apiPort}`;
    this.directory = mkdtempSync(join(tmpdir(), "ingress-doctor-"));
    this.auditLog = this.#path("audit.log");
    this.#releaseWatchdog = startWatchdog(this.directory);
  }

  get ca(): string {
    // The server makes this self-signed certificate at its first start and keeps it over restarts.
    return readFileSync(this.#path("apiserver.crt"), "utf8");
  }

  /** Connection of the user `admin`, who may do everything. */
  get connection(): Connection {
    return { url: this.url, ca: this.ca, token: this.adminToken };
  }

  /** Client of the user `admin`. */
  get client(): TestClient {
    this.#client ??= new TestClient(this.connection);
    return this.#client;
  }

  /** etcd's client address, without authentication. */
  get etcdUrl(): string {
    return `http://127.0.0.1:${this.#ports.etcdPort}`;
  }

  get etcdPid(): number {
    return running(this.#etcd).pid;
  }

  get apiServerPid(): number {
    return running(this.#apiServer).pid;
  }

  get controllerManagerPid(): number {
    return running(this.#controllerManager).pid;
  }

  /** Starts all servers; returns when namespaces get their ServiceAccount, the last thing to work. */
  async start(): Promise<void> {
    this.#writeInputs();
    this.#etcd = this.#launch(this.binaries.etcd, this.#etcdFlags());
    // The API server waits for etcd by itself, so both boot at the same time.
    await this.startApiServer();
    writeKubeconfig(this.#path("admin.kubeconfig"), this.connection);
    this.#controllerManager = this.#launch(
      this.binaries.kubeControllerManager,
      this.#controllerManagerFlags(),
    );
    const { client } = this;
    await this.#controllerManager.waitUntil(
      async () => (await client.find("v1/ServiceAccount", "default", "default")) !== undefined,
      READY_TIMEOUT_MS,
    );
  }

  /** Ends the API server at once, as a crash would; etcd and the controller manager stay. */
  async killApiServer(): Promise<void> {
    await running(this.#apiServer).kill("SIGKILL");
  }

  /** Starts the API server on the same port with the same data and waits until it is ready. */
  async startApiServer(): Promise<void> {
    const server = this.#launch(this.binaries.kubeApiserver, this.#apiServerFlags());
    this.#apiServer = server;
    // Readiness is asked without the certificate, which does not exist before the first start.
    const agent = new Agent({ connect: { rejectUnauthorized: false } });
    try {
      await server.waitUntil(() => isReady(this.url, agent), READY_TIMEOUT_MS);
    } finally {
      await agent.destroy();
    }
  }

  async restartApiServer(): Promise<void> {
    await this.killApiServer();
    await this.startApiServer();
  }

  /** Ends all servers and removes their directory. Safe to call twice. */
  async stop(): Promise<void> {
    await this.#client?.close();
    this.#client = undefined;
    for (const server of [this.#controllerManager, this.#apiServer, this.#etcd]) await server?.kill();
    rmSync(this.directory, { recursive: true, force: true });
    this.#releaseWatchdog();
  }

  #path(name: string): string {
    return join(this.directory, name);
  }

  #launch(program: string, flags: readonly string[]): ServerProcess {
    return new ServerProcess(program, flags, this.directory);
  }

  #writeInputs(): void {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    writeFileSync(this.#path("service-account.key"), privateKey.export({ type: "sec1", format: "pem" }), {
      mode: 0o600,
    });
    writeFileSync(this.#path("tokens.csv"), `${this.adminToken},admin,admin,system:masters\n`, {
      mode: 0o600,
    });
    const policy = {
      apiVersion: "audit.k8s.io/v1",
      kind: "Policy",
      omitStages: ["RequestReceived"],
      rules: [{ level: "Metadata" }],
    };
    writeFileSync(this.#path("audit-policy.yaml"), stringify(policy));
  }

  #etcdFlags(): string[] {
    const clients = this.etcdUrl;
    const peers = `http://127.0.0.1:${this.#ports.etcdPeerPort}`;
    return [
      `--data-dir=${this.#path("etcd")}`,
      `--listen-client-urls=${clients}`,
      `--advertise-client-urls=${clients}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=default=${peers}`,
      "--log-level=warn",
      // The data lives as long as the test: waiting for the disk buys nothing.
      "--unsafe-no-fsync",
    ];
  }

  #apiServerFlags(): string[] {
    const key = this.#path("service-account.key");
    const audit = [
      `--audit-log-path=${this.auditLog}`,
      `--audit-policy-file=${this.#path("audit-policy.yaml")}`,
    ];
    return [
      `--etcd-servers=${this.etcdUrl}`,
      `--secure-port=${this.#ports.apiPort}`,
      "--bind-address=127.0.0.1",
      // Loopback may not be advertised, and the machine's own address is nobody's business: TEST-NET-1.
      "--advertise-address=192.0.2.1",
      "--endpoint-reconciler-type=none",
      `--cert-dir=${this.directory}`,
      `--token-auth-file=${this.#path("tokens.csv")}`,
      "--authorization-mode=RBAC",
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      `--service-account-issuer=${SERVICE_ACCOUNT_ISSUER}`,
      "--service-cluster-ip-range=10.96.0.0/16",
      // Taints new Nodes until a node lifecycle controller clears them, and none runs here.
      "--disable-admission-plugins=TaintNodesByCondition",
      ...(this.#options.audit === true ? audit : []),
      ...(this.#options.plainLists === true ? ["--feature-gates=WatchList=false"] : []),
      ...(this.#options.jsonStorage === true ? ["--storage-media-type=application/json"] : []),
    ];
  }

  #controllerManagerFlags(): string[] {
    const kubeconfig = this.#path("admin.kubeconfig");
    const controllers = [...BASIC_CONTROLLERS, ...(this.#options.controllers ?? DEFAULT_CONTROLLERS)];
    return [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      `--controllers=${controllers.join(",")}`,
      "--leader-elect=false",
      "--secure-port=0",
      "--kube-api-qps=500",
      "--kube-api-burst=1000",
    ];
  }
}

function running(server: ServerProcess | undefined): ServerProcess {
  if (server === undefined) throw new Error("the control plane has not been started");
  return server;
}

async function isReady(url: string, agent: Agent): Promise<boolean> {
  try {
    const answer = await request(`${url}/readyz`, { dispatcher: agent });
    await answer.body.dump();
    return answer.statusCode === 200;
  } catch {
    return false;
  }
}
