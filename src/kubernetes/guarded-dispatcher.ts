import type { Dispatcher } from "undici";
import { ApiFailure } from "./api-failure.ts";

/**
 * The same dispatcher, which asks `mayStart` right before the first byte of a request leaves.
 *
 * A request that may not start fails as `aborted`. Asked any earlier, the answer could be old: between a caller and
 * the wire may lie a new connection, and a process that was suspended while it waited for one.
 */
export function guardDispatcher(dispatcher: Dispatcher, mayStart: (() => boolean) | undefined): Dispatcher {
  if (mayStart === undefined) return dispatcher;
  return dispatcher.compose(
    (dispatch) => (options, handler) => dispatch(options, guarded(handler, mayStart)),
  );
}

function guarded(handler: Dispatcher.DispatchHandler, mayStart: () => boolean): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (...start) => {
      if (!mayStart()) throw new ApiFailure("aborted");
      handler.onRequestStart?.(...start);
    },
    onResponseStart: (...head) => handler.onResponseStart?.(...head),
    onResponseData: (...data) => handler.onResponseData?.(...data),
    onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
    onResponseError: (...error) => handler.onResponseError?.(...error),
  };
}
