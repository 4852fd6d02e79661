import { join } from "node:path";
import { inject } from "vitest";

/** Program of the command line to start with Node: as built where a build is provided, else the sources. */
export const COMMAND_LINE = entryPoint("cli/main");

/** Program of the controller, likewise. */
export const CONTROLLER = entryPoint("main");

function entryPoint(name: string): string {
  const built = inject("builtProgram");
  return built === undefined ? join(import.meta.dirname, `../../src/${name}.ts`) : join(built, `${name}.js`);
}
