import suppressionInvalid from "../../../../src/diagnostics/rules/ingress/suppression-invalid.ts";
import { ingress, servedAnnotations, snapshot } from "../../../support/builders.ts";
import { ruleCases } from "../../../support/rule-cases.ts";

function ignoring(value: string) {
  return snapshot({
    ingress: ingress({ annotations: servedAnnotations({ "ingressdoctor.dev/ignore": value }) }),
  });
}

const text = (entry: string, problem: string) =>
  `Entry "${entry}" of the annotation ingressdoctor.dev/ignore on Ingress web has no effect, because ${problem}.`;

export default ruleCases(suppressionInvalid, {
  healthy: [
    { name: "no annotation", given: snapshot() },
    { name: "entries that hold", given: ignoring("GID514: batch job; GID601 until 2099-01-31: known") },
  ],
  broken: [
    {
      name: "each way to be wrong beside one that holds",
      given: ignoring(
        "GID514: fine; everything; GID601; GID601 until 2020-01-31: old; GID601 until soon: later",
      ),
      want: [
        {
          text: text("everything", "it does not begin with the code of a rule"),
          subject: "Ingress/web#metadata.annotations[ingressdoctor.dev/ignore]",
          severity: "info",
        },
        { text: text("GID601", "it gives no reason after a colon") },
        { text: text("GID601 until 2020-01-31: old", "its last day is over") },
        { text: text("GID601 until soon: later", "its date is no calendar day of the form YYYY-MM-DD") },
      ],
    },
  ],
  undecided: [],
});
