import { type Command, Option } from "commander";

/** Options that say which namespaces are read. */
export function withNamespaces(command: Command): Command {
  return command
    .option("-n, --namespace <name>", "namespace; of your context, or of manifests that name none")
    .option("-A, --all-namespaces", "all namespaces of the cluster");
}

/** Options that say which cluster is read, and how. */
export function withCluster(command: Command): Command {
  return command
    .option("--context <name>", "context of the kubeconfig")
    .option("--kubeconfig <path>", "kubeconfig to use; KUBECONFIG and ~/.kube/config else")
    .addOption(
      new Option("--google <mode>", "auto reads load balancers where there are credentials, off does not")
        .choices(["auto", "off"])
        .default("auto"),
    )
    .option("--google-project <id>", "project of the load balancers; found out without it")
    .option("--google-endpoint <url>", "another Compute Engine API, such as an emulator on this machine");
}

/** Options of commands that read a cluster or manifests. */
export function withSource(command: Command): Command {
  return withCluster(
    withNamespaces(command).option(
      "-f, --filename <path>",
      "read manifests instead: a file, a folder or -; repeat it",
      collect,
    ),
  );
}

/** Collects the values of an option that may be repeated. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
