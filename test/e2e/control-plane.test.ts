import { inject, test, expect } from "vitest";
import { TestClient } from "../controlplane/client.ts";
test("x", async () => { const c = new TestClient(inject("controlPlane")); expect(await c.list("v1/Namespace")).not.toHaveLength(0); await c.close(); });
