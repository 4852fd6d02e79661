import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { BASE_IMAGE, BUILD_IMAGE, makeBaseImages } from "./base-images.ts";
import type { ContainerStore } from "./container-store.ts";

/** Name of the image that {@link buildImage} leaves in the store. */
export const IMAGE = "localhost/ingress-doctor:test";

const ROOT = join(import.meta.dirname, "../..");

/** Builds the Dockerfile as a user's build service would, on bases made here. */
export function buildImage(store: ContainerStore): void {
  makeBaseImages(store);
  const npmrc = join(homedir(), ".npmrc");
  store.buildah(
    "build",
    ...["--isolation", "chroot", "--network", "host", "--format", "docker", "--timestamp", "0"],
    ...["--build-arg", `BUILD_IMAGE=${BUILD_IMAGE}`, "--build-arg", `BASE_IMAGE=${BASE_IMAGE}`],
    ...(existsSync(npmrc) ? ["--secret", `id=npmrc,src=${npmrc}`] : []),
    ...["--tag", IMAGE, ROOT],
  );
}
