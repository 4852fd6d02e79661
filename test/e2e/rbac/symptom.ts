import { expect } from "vitest";
import type { Permission } from "../../deploy/permissions.ts";
import { DIAGNOSIS, type Diagnosis } from "../reconciler/cluster.ts";
import type { ControllerUnderTest } from "../reconciler/controller-under-test.ts";
import { type ChartRelease, SHOP } from "./chart-release.ts";
import { INGRESSES } from "./shop.ts";

/** Throws until an administrator can see that this permission is missing. */
type Symptom = (controller: ControllerUnderTest, release: ChartRelease) => Promise<void>;

/** What an administrator sees when the controller lacks a permission. */
export function symptomOf({ verb, group, resource }: Permission): Symptom {
  const type = group === "" ? resource : `${resource}.${group}`;
  switch (type) {
    case "leases.coordination.k8s.io":
      return async ({ log }) => {
        expect(log).toContainEqual(
          expect.objectContaining({
            msg: "leader election request failed",
            detail: expect.stringMatching(/forbidden/),
          }),
        );
      };
    case "ingresses.networking.k8s.io":
      return onPage("readyz", /no answer yet for ingresses/);
    case "events.events.k8s.io":
      return onPage("metrics", /^ingress_doctor_events_total\{outcome="forbidden"\} [1-9]/m);
    case "ingressdiagnoses/status.ingressdoctor.dev":
      return failedWrite("status");
    case "ingressdiagnoses.ingressdoctor.dev":
      if (verb === "delete") return failedWrite("remove");
      if (verb === "create" || verb === "patch") return failedWrite("ensure");
      return onPage("readyz", /IngressDiagnosis is forbidden; only Events and metrics tell what was found/);
    default:
      return undecidedFor(type);
  }
}

function onPage(page: string, text: RegExp): Symptom {
  return async (controller) => expect(await controller.page(page)).toMatch(text);
}

function failedWrite(operation: string): Symptom {
  const series = `ingress_doctor_diagnosis_writes_total\\{operation="${operation}",outcome="forbidden"\\} [1-9]`;
  return onPage("metrics", new RegExp(`^${series}`, "m"));
}

/** A diagnosis leaves a question open and says which permission would answer it. */
function undecidedFor(type: string): Symptom {
  return async (_controller, { client }) => {
    const diagnoses = await Promise.all(
      INGRESSES.map((name) => client.find<Diagnosis>(DIAGNOSIS, name, SHOP)),
    );
    const undecided = diagnoses.flatMap((diagnosis) => diagnosis?.status?.undecided ?? []);
    const needs = undecided.filter(({ reason }) => reason === "forbidden").map((question) => question.needs);
    expect(needs.join("\n")).toMatch(new RegExp(`^permission to list and watch .*\\b${type}\\b`, "m"));
  };
}
