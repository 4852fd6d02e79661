import type { Clock } from "../reconciler/ports.ts";

/** The library sets no limit to metadata requests on Google's machines. */
const TIMEOUT_MS = 3_000;

/** One value of the metadata server, such as `project/project-id`; undefined when there is none in time. */
export async function readMetadata(path: string, clock: Clock): Promise<string | undefined> {
  const { gcpMetadata } = await import("google-auth-library");
  const [type, ...rest] = path.split("/");
  const read = type === "project" ? gcpMetadata.project : gcpMetadata.instance;
  return new Promise((resolve) => {
    const cancel = clock.after(TIMEOUT_MS, () => resolve(undefined));
    read(rest.join("/"))
      .then(
        (value: unknown) => resolve(typeof value === "string" && value !== "" ? value : undefined),
        () => resolve(undefined),
      )
      .finally(cancel);
  });
}
