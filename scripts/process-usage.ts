import { readFileSync } from "node:fs";

/** Clock ticks of `/proc`, in milliseconds. */
const TICK_MS = 10;

/** What a process has used so far. */
export interface ProcessUsage {
  /** User and system time, in milliseconds. */
  readonly cpuMs: number;
  /** Resident now, in MiB. */
  readonly memoryMb: number;
  /** The most that was ever resident, in MiB. */
  readonly peakMb: number;
}

/** What a running process has used, as the kernel counts it. Linux only. */
export function usageOf(pid: number): ProcessUsage {
  // Fields after the program's name in parentheses, of which user and system time are the 12th and 13th.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const megabytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    memoryMb: megabytes("VmRSS"),
    peakMb: megabytes("VmHWM"),
  };
}
