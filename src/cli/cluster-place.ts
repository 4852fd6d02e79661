import type { ProjectPlace } from "../gcp/project.ts";

/** `gcloud container clusters get-credentials` calls cluster and context `gke_PROJECT_LOCATION_NAME`. */
const GCLOUD_NAME = /^gke_([^_]+)_([a-z]+-[a-z]+\d+)(?:-[a-z])?_[^_]+$/;

/** Project and region of a cluster by the name that gcloud gave it in a kubeconfig; undefined for other names. */
export function placeByName(cluster: string | undefined): ProjectPlace | undefined {
  const [, project, region] = GCLOUD_NAME.exec(cluster ?? "") ?? [];
  return project === undefined ? undefined : { project, region };
}
