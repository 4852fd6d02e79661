import type {
  Clock,
  DiagnosisWriteResult,
  DiagnosisWriter,
  IngressOwner,
  StatusProjection,
  StoredTarget,
  VersionedTarget,
  WriteFailure,
} from "../reconciler/ports.ts";
import { ApiFailure } from "./api-failure.ts";
import { diagnosisKind } from "./kinds.ts";
import { projectDiagnosis } from "./projections/diagnosis.ts";
import { type BudgetLimits, RequestBudget } from "./request-budget.ts";
import { type ApiClient, type ApiRequest, resourcePath } from "./transport.ts";
import { writeWithin } from "./write-failure.ts";

/** The one name under which this program owns fields; it must never change, or old fields stay for ever. */
export const FIELD_MANAGER = "ingress-doctor";

const APPLY = "application/apply-patch+yaml";

/**
 * Turns for status writes. At a start every Ingress may need one, so it is far above a steady cluster's need;
 * it bounds what a fault in this program could do to the API server.
 */
export const STATUS_BUDGET: BudgetLimits = { perSecond: 500, burst: 1_000 };

/** What a {@link ApplyingDiagnosisWriter} works with. */
export interface DiagnosisWriterOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly status: StatusProjection;
  /** @defaultValue {@link STATUS_BUDGET} */
  readonly budget?: BudgetLimits;
}

/** Writes IngressDiagnoses by server-side apply, so that fields of others are never touched. */
export class ApplyingDiagnosisWriter implements DiagnosisWriter {
  readonly #options: DiagnosisWriterOptions;
  readonly #budget: RequestBudget;
  readonly #kind: ReturnType<typeof diagnosisKind>;

  constructor(options: DiagnosisWriterOptions) {
    this.#options = options;
    this.#budget = new RequestBudget(options.budget ?? STATUS_BUDGET, options.clock);
    this.#kind = diagnosisKind(options.status);
  }

  ensure(owner: IngressOwner, signal: AbortSignal): Promise<DiagnosisWriteResult> {
    const { apiVersion, kind, namespace, name } = owner.ref;
    const ownerReferences = [{ apiVersion, kind, name, uid: owner.uid, controller: true }];
    return this.#apply({ path: this.#path(namespace, name), signal }, { namespace, name, ownerReferences });
  }

  applyStatus(
    { key, resourceVersion }: VersionedTarget,
    status: object,
    signal: AbortSignal,
  ): Promise<DiagnosisWriteResult> {
    const [namespace, name] = splitKey(key);
    // By the version the server refuses a leader that was stopped for a while and has missed what its successor
    // wrote: a Lease alone is no fence.
    const metadata = { namespace, name, resourceVersion };
    return this.#apply({ path: `${this.#path(namespace, name)}/status`, signal }, metadata, status);
  }

  async remove(target: StoredTarget, signal: AbortSignal): Promise<WriteFailure> {
    const [namespace, name] = splitKey(target.key);
    const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: target.uid } };
    const path = this.#path(namespace, name);
    return writeWithin(this.#budget, signal, async () => {
      try {
        await this.#options.client.call({ method: "DELETE", path, body, signal });
      } catch (error) {
        if (!isUidConflict(error)) throw error;
      }
      return { outcome: "gone" };
    });
  }

  #apply(
    request: Pick<ApiRequest, "path"> & { readonly signal: AbortSignal },
    metadata: object,
    status?: object,
  ): Promise<DiagnosisWriteResult> {
    const { group, version, kind } = this.#kind;
    const body = {
      apiVersion: `${group}/${version}`,
      kind,
      metadata,
      ...(status === undefined ? {} : { status }),
    };
    const query = { fieldManager: FIELD_MANAGER, force: "true" };
    return writeWithin(this.#budget, request.signal, async () => {
      const patch = { ...request, method: "PATCH" as const, query, contentType: APPLY, body };
      const stored = await this.#options.client.call(patch);
      return { outcome: "written", stored: projectDiagnosis(stored, this.#options.status) };
    });
  }

  #path(namespace: string, name: string): string {
    return resourcePath(this.#kind, namespace, name);
  }
}

/** A conflict about the uid says that the named object exists no more; any other is a race worth another try. */
function isUidConflict(error: unknown): boolean {
  return error instanceof ApiFailure && error.kind === "conflict" && /\buid\b/i.test(error.detail);
}

function splitKey(key: string): [namespace: string, name: string] {
  const slash = key.indexOf("/");
  return [key.slice(0, slash), key.slice(slash + 1)];
}
