/**
 * Preloaded into a process by `node --import`: leads connections to addresses of pods to the loopback ports that
 * stand in for them, as the network of a cluster would. Everything else goes where it went before.
 */
import { appendFileSync } from "node:fs";
import { Socket } from "node:net";
import { CONNECTIONS, POD_ROUTES, podRoute } from "./pod-routes.ts";

/** The range of pod addresses of the test bed. */
const POD_ADDRESS = /^10\.4\.\d+\.\d+$/;

interface Target {
  host?: string;
  port?: number;
}

const prototype = Socket.prototype as { connect: (...args: never[]) => Socket };
const { connect } = prototype;

prototype.connect = function (this: Socket, ...args) {
  const [first] = args as readonly unknown[];
  // `net.connect` hands its arguments over as a list; everybody else an object, a port or a path.
  const target = (Array.isArray(first) ? first[0] : first) as Target | string | number | undefined;
  if (typeof target === "object") {
    const key = `${target.host}:${target.port}`;
    const log = process.env[CONNECTIONS];
    if (log !== undefined) appendFileSync(log, `${key}\n`);
    if (POD_ADDRESS.test(target.host ?? "")) {
      target.port = podRoute(process.env[POD_ROUTES] ?? "", key);
      target.host = "127.0.0.1";
    }
  }
  return connect.apply(this, args);
};
