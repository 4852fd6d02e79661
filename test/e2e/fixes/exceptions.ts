/**
 * Why a suggested change cannot be made and its finding seen to go, here and at once.
 *
 * - `gcloud`: the command changes Google Cloud, which is not here;
 * - `refused`: the API server refuses such objects; they exist only in files that were never applied;
 * - `rollout`: the finding goes when the workload has its new pods;
 * - `sync`: the finding is what GKE said of its last sync, and goes with the next one;
 * - `others-act`: something that does not run here has to react to the change.
 */
export type Obstacle = "gcloud" | "refused" | "rollout" | "sync" | "others-act";

/** One reviewed exception from "run the suggested change, and the finding is gone". */
export interface Exception {
  readonly code: string;
  /** Name of the case; undefined for every case of the rule. */
  readonly case?: string;
  readonly obstacle: Obstacle;
  readonly reason: string;
}

/** Every exception; the test fails on one that is no longer needed. */
export const EXCEPTIONS: readonly Exception[] = [
  { code: "GID104", obstacle: "gcloud", reason: "it grants a role in the project" },
  { code: "GID106", obstacle: "gcloud", reason: "it switches on an API of the project" },
  { code: "GID202", obstacle: "gcloud", reason: "it reserves an address" },
  { code: "GID203", obstacle: "gcloud", reason: "it reserves an address" },
  { code: "GID210", obstacle: "gcloud", reason: "it changes the project's network tier" },
  {
    code: "GID314",
    obstacle: "refused",
    reason: "the API has wanted absolute paths since networking.k8s.io/v1",
  },
  { code: "GID315", obstacle: "refused", reason: "the API knows three path types" },
  { code: "GID514", obstacle: "rollout", reason: "the hook is missing in the pods that run" },
  { code: "GID515", obstacle: "rollout", reason: "the pods that run keep their grace period" },
  {
    code: "GID801",
    case: "only the controller's Event tells of it",
    obstacle: "sync",
    reason: "Secrets are not read there, so only GKE can tell that this one exists now",
  },
  { code: "GID805", obstacle: "gcloud", reason: "it uploads the user's certificate" },
  { code: "GID819", obstacle: "gcloud", reason: "it makes an SSL policy" },
  { code: "GID820", obstacle: "others-act", reason: "cert-manager has to give up its solver's Ingress" },
  { code: "GID901", obstacle: "gcloud", reason: "it makes a firewall rule in the host project" },
  { code: "GID908", obstacle: "gcloud", reason: "it makes a firewall rule" },
  { code: "GID909", obstacle: "gcloud", reason: "it makes a firewall rule" },
];
