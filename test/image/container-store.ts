import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locateTool } from "../tools/tools.ts";

/**
 * What lets containers start inside a container: no cgroup of systemd's, no limits that would have to be raised.
 *
 * `runc` because Debian's `crun` refuses a machine with both versions of cgroups.
 */
const CONTAINERS_CONF = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
`;

/** A place for images that nothing else on the machine sees, and the two programs that use it. */
export class ContainerStore {
  readonly #directory: string;
  readonly #environment: NodeJS.ProcessEnv;

  constructor() {
    locateTool("runc");
    this.#directory = mkdtempSync(join(tmpdir(), "ingress-doctor-images-"));
    const settings = join(this.#directory, "containers.conf");
    writeFileSync(settings, CONTAINERS_CONF);
    this.#environment = { ...process.env, CONTAINERS_CONF: settings };
  }

  /** A new folder that goes with the store. */
  folder(name: string): string {
    const path = join(this.#directory, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Output of a buildah command; throws with what it complained of. */
  buildah(...args: readonly string[]): string {
    return run(locateTool("buildah"), [...this.#flags(), ...args], this.#environment);
  }

  /** Output of a podman command; throws with what it complained of. */
  podman(...args: readonly string[]): string {
    const { program, flags, env } = this.podmanCommand();
    return run(program, [...flags, ...args], env);
  }

  /** What starts podman on this store, for a process of one's own. */
  podmanCommand(): { program: string; flags: readonly string[]; env: NodeJS.ProcessEnv } {
    return { program: locateTool("podman"), flags: this.#flags(), env: this.#environment };
  }

  /** Ends what still runs in it and removes everything. */
  remove(): void {
    this.podman("rm", "--all", "--force", "--time", "0");
    // What is mounted cannot be removed like other files; the program that mounted it takes it apart.
    this.buildah("rm", "--all");
    this.buildah("rmi", "--all", "--force");
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #flags(): readonly string[] {
    const at = (name: string) => join(this.#directory, name);
    return ["--root", at("store"), "--runroot", at("run"), "--storage-driver", "overlay"];
  }
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): string {
  const result = spawnSync(program, args, { encoding: "utf8", env, maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return result.stdout.trim();
  const detail =
    result.error?.message ?? `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-30).join("\n");
  throw new Error(`${program} ${args.join(" ")} failed:\n${detail}`);
}
