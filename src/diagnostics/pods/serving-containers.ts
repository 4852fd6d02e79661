import type { Container, Pod } from "../../model/pod.ts";
import type { Backend } from "../topology.ts";

/**
 * The containers of a pod that serve a backend's port: those that declare it, else all of them.
 *
 * Declaring a port is optional in Kubernetes, so its absence says nothing.
 */
export function servingContainers(pod: Pod, { port }: Pick<Backend, "port">): readonly Container[] {
  const target = port?.targetPort;
  const declaring = pod.containers.filter(({ ports }) =>
    ports.some(({ name, containerPort }) => (typeof target === "number" ? containerPort : name) === target),
  );
  return target === undefined || declaring.length === 0 ? pod.containers : declaring;
}
