import { expect, it } from "vitest";
import { all, graphOf } from "./graphs.ts";

it("has three dashboards of valid widgets", async () => {
  const graph = await graphOf("prd");
  const boards = all(graph, "aws:cloudwatch/dashboard:Dashboard");
  expect(boards.map(({ name }) => name)).toEqual([
    "paridad-prd-detail",
    "paridad-prd-objectives",
    "paridad-prd-operations",
  ]);
  for (const { inputs } of boards) {
    const { widgets } = JSON.parse(String(inputs.dashboardBody));
    expect(widgets.length).toBeGreaterThan(6);
    for (const { x, y, width, height, type, properties } of widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(height).toBeGreaterThan(0);
      if (type === "metric") expect(properties.metrics.length).toBeGreaterThan(0);
    }
  }
});
