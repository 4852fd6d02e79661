/**
 * Epoch milliseconds as a Kubernetes MicroTime.
 *
 * The API server refuses any other number of fraction digits than six.
 */
export function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000Z");
}
