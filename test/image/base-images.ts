import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { inPath } from "../tools/tools.ts";
import type { ContainerStore } from "./container-store.ts";

/** Names under which {@link makeBaseImages} leaves its images. */
export const BUILD_IMAGE = "localhost/build";
export const BASE_IMAGE = "localhost/base";

/** What a distroless C++ image holds. */
const RUNTIME = [
  "base-files",
  "ca-certificates",
  "gcc-12-base",
  "libc6",
  "libgcc-s1",
  "libstdc++6",
  "netbase",
  "tzdata",
];
const SHELL = "busybox-static";

const HOST_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Makes stand-ins for the two images that the Dockerfile starts from, where no registry can be reached.
 *
 * The one that ships is put together from Debian's packages as distroless images are: no shell, no package manager.
 * The one that builds has a shell, and Node and npm of this machine.
 */
export function makeBaseImages(store: ContainerStore): void {
  const packages = store.folder("packages");
  run("apt-get", ["download", ...RUNTIME, SHELL], packages);
  const [base, build] = [store.folder("base"), store.folder("build")];
  for (const file of readdirSync(packages)) {
    const targets = file.startsWith(SHELL) ? [build] : [base, build];
    for (const target of targets) run("dpkg", ["-x", join(packages, file), target], packages);
  }
  for (const folder of [base, build]) addUsers(folder);
  trustMozilla(base);
  addNode(build);
  commit(store, BASE_IMAGE, base, ["--user", "65532:65532"]);
  commit(store, BUILD_IMAGE, build, ["--env", `NODE_EXTRA_CA_CERTS=${HOST_CERTIFICATES}`]);
}

function addUsers(folder: string): void {
  writeFileSync(
    join(folder, "etc/passwd"),
    "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n",
  );
  writeFileSync(join(folder, "etc/group"), "root:x:0:\nnonroot:x:65532:\n");
  mkdirSync(join(folder, "etc/ssl/certs"), { recursive: true });
}

/** What the package's own script would do after its installation. */
function trustMozilla(folder: string): void {
  const certificates = join(folder, "usr/share/ca-certificates/mozilla");
  for (const file of readdirSync(certificates)) {
    appendFileSync(join(folder, HOST_CERTIFICATES), readFileSync(join(certificates, file)));
  }
}

/** This process's Node, and the machine's npm and certificates, so that packages come from where the machine gets them. */
function addNode(folder: string): void {
  for (const name of ["sh", "env", "cat", "ls", "cp", "mkdir"]) {
    symlinkSync("/bin/busybox", join(folder, "bin", name));
  }
  symlinkSync("/bin/env", join(folder, "usr/bin/env"));
  copyFileSync(HOST_CERTIFICATES, join(folder, HOST_CERTIFICATES));
  copyFileSync(process.execPath, join(folder, "usr/bin/node"));
  const npm = realpathSync(inPath("npm") ?? "npm");
  const modules = join(folder, "usr/lib/node_modules");
  cpSync(join(npm, "../.."), join(modules, "npm"), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(folder, "usr/bin/npm"));
}

function commit(store: ContainerStore, name: string, folder: string, config: readonly string[]): void {
  const container = store.buildah("from", "scratch");
  store.buildah("add", "--quiet", container, folder, "/");
  store.buildah("config", ...config, container);
  store.buildah("commit", "--quiet", "--rm", container, name);
}

function run(command: string, args: readonly string[], cwd: string): void {
  const result = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (result.status === 0) return;
  const detail = result.error?.message ?? result.stderr.trim();
  throw new Error(`${command} ${args.join(" ")} failed; the image test needs Debian's tools: ${detail}`);
}
