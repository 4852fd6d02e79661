import { REPORTING_CONTROLLER } from "../model/event.ts";
import type { Clock, EventRequest, EventResult, EventSink } from "../reconciler/ports.ts";
import { ApiFailure } from "./api-failure.ts";
import { microTime } from "./micro-time.ts";
import { type BudgetLimits, RequestBudget } from "./request-budget.ts";
import { type ApiClient, resourcePath } from "./transport.ts";
import { writeWithin } from "./write-failure.ts";

const EVENTS = { group: "events.k8s.io", version: "v1", plural: "events" };

/** Turns for Events, few: when a whole cluster breaks, they may come late, the statuses may not. */
export const EVENT_BUDGET: BudgetLimits = { perSecond: 5, burst: 50 };

/** What an {@link EventWriter} works with. */
export interface EventWriterOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  /** Name of this process, such as its pod's. */
  readonly instance: string;
  /** @defaultValue {@link EVENT_BUDGET} */
  readonly budget?: BudgetLimits;
}

/** Creates Events of `events.k8s.io/v1` within a budget of their own. */
export class EventWriter implements EventSink {
  readonly #options: EventWriterOptions;
  readonly #budget: RequestBudget;

  constructor(options: EventWriterOptions) {
    this.#options = options;
    this.#budget = new RequestBudget(options.budget ?? EVENT_BUDGET, options.clock);
  }

  create(event: EventRequest, signal: AbortSignal): Promise<EventResult> {
    const body = this.#bodyOf(event);
    const path = resourcePath(EVENTS, body.metadata.namespace);
    return writeWithin(this.#budget, signal, async (): Promise<EventResult> => {
      try {
        await this.#options.client.call({ method: "POST", path, body, signal });
        return { outcome: "written" };
      } catch (error) {
        if (error instanceof ApiFailure && error.reason === "AlreadyExists") return { outcome: "exists" };
        throw error;
      }
    });
  }

  #bodyOf(event: EventRequest) {
    const { apiVersion, kind, namespace, name, uid } = event.regarding;
    return {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      // The server wants the Event of a cluster-scoped object in `default`.
      metadata: { name: event.name, namespace: namespace === "" ? "default" : namespace },
      regarding: { apiVersion, kind, namespace, name, uid },
      eventTime: microTime(event.at),
      type: event.type,
      reason: event.reason,
      action: event.action,
      note: event.note,
      reportingController: REPORTING_CONTROLLER,
      reportingInstance: this.#options.instance,
    };
  }
}
