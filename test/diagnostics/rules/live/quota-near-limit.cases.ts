import rule from "../../../../src/diagnostics/rules/live/quota-near-limit.ts";
import { known } from "../../../../src/model/observed.ts";
import { notRead, snapshot } from "../../../support/builders.ts";
import { live } from "../../../support/load-balancers.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

const quota = (metric: string, usage: number, limit: number, scope = "project") =>
  live({ quotas: known([{ metric, usage, limit, scope }]) });

export default ruleCases(rule, {
  healthy: [
    { name: "room enough", given: quota("BACKEND_SERVICES", 39, 50) },
    { name: "a quota that load balancers do not need", given: quota("SNAPSHOTS", 50, 50) },
    { name: "no limit at all", given: quota("URL_MAPS", 3, 0) },
  ],
  broken: [
    {
      name: "four fifths used",
      given: quota("BACKEND_SERVICES", 40, 50),
      want: [{ text: "Quota BACKEND_SERVICES of the project is used to 80 % (40 of 50).", severity: "info" }],
    },
    {
      name: "used up in a region",
      given: quota("IN_USE_ADDRESSES", 8, 8, "us-central1"),
      want: [{ text: "Quota IN_USE_ADDRESSES of the region us-central1 is used to 100 % (8 of 8)." }],
    },
  ],
  undecided: [
    { name: "Google is not read", given: snapshot(), source: "loadBalancer" },
    {
      name: "quotas cannot be read",
      given: live({ quotas: notRead("loadBalancer") }),
      source: "loadBalancer",
    },
  ],
});
