/**
 * Name under which this controller reports Events. Whoever writes them and whoever leaves them out of a diagnosis
 * goes by the same name, or our own Events would start diagnoses.
 */
export const REPORTING_CONTROLLER = "ingress-doctor";

/** A Kubernetes Event, narrowed to what a diagnosis reads. Times are epoch milliseconds. */
export interface KubeEvent {
  readonly namespace: string;
  readonly name: string;
  /** The object the Event is about. */
  readonly about: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
  /** Normal or Warning. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** Reporting component, e.g. `loadbalancer-controller`. */
  readonly component: string;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}
