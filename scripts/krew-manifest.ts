import { stringify } from "yaml";

/** One released archive of the command line. */
export interface KrewRelease {
  /** Such as `example/ingress-doctor`. */
  readonly repository: string;
  readonly version: string;
  /** Digest of the archive in hexadecimal digits. */
  readonly sha256: string;
}

const DESCRIPTION = `Diagnoses GKE Ingresses with the rules of the Ingress Doctor controller: on a live cluster through your
kubeconfig, or on manifests. Names the most likely cause and the change that repairs it, and says for any
URL which rule, Service and pods it hits. Installs nothing in the cluster and writes nothing.
`;

const CAVEATS = `Needs Node 24 or newer in PATH.
Reads the load balancer, too, where Google credentials exist: gcloud auth application-default login
`;

/**
 * The manifest by which krew installs `kubectl ingress-doctor` from the npm archive of a release.
 *
 * The archive holds the program for every platform; the launcher is a shell script.
 */
export function krewManifest({ repository, version, sha256 }: KrewRelease): string {
  const home = `https://github.com/${repository}`;
  return stringify({
    apiVersion: "krew.googlecontainertools.github.com/v1alpha2",
    kind: "Plugin",
    metadata: { name: "ingress-doctor" },
    spec: {
      version: `v${version}`,
      homepage: home,
      shortDescription: "Say why a GKE Ingress answers 404 or 502",
      description: DESCRIPTION,
      caveats: CAVEATS,
      platforms: [
        {
          selector: { matchExpressions: [{ key: "os", operator: "In", values: ["linux", "darwin"] }] },
          uri: `${home}/releases/download/v${version}/ingress-doctor-cli-${version}.tgz`,
          sha256,
          bin: "package/dist/kubectl-ingress_doctor",
        },
      ],
    },
  });
}
