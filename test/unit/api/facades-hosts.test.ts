import { expect, it } from "vitest";
import { hostOf, mountedTarget } from "#core/api/target.ts";
import { policySchema } from "#core/ops/policy.ts";

const { FACADE_HOSTS } = policySchema.parse({ FACADE_HOSTS: " FX.example.com, frankfurter.example.com," });

it.each([
  ["/v1/latest?to=USD", "fx.example.com", "/frankfurter/v1/latest?to=USD"],
  ["/v2", "FX.example.com:8787", "/frankfurter/v2"],
  ["/v2?x=1", "frankfurter.example.com", "/frankfurter/v2?x=1"],
  ["/latest?to=USD", "fx.example.com", "/frankfurter/latest?to=USD"],
  ["/2023-12-01..?to=USD", "fx.example.com", "/frankfurter/2023-12-01..?to=USD"],
  ["/2023-12-01..2023-12-29", "fx.example.com", "/frankfurter/2023-12-01..2023-12-29"],
  ["/currencies", "fx.example.com", "/frankfurter/currencies"],
  ["/latest", "api.example.com", "/latest"],
  ["/v10/latest", "fx.example.com", "/v10/latest"],
  ["/api/v1/rates/current", "fx.example.com", "/api/v1/rates/current"],
  ["/v1/latest", "fx.example.com.evil.org", "/v1/latest"],
  ["/v1/latest", "api.example.com", "/v1/latest"],
])("%s at %s is %s", (target, host, mounted) => expect(mountedTarget(target, host, FACADE_HOSTS)).toBe(mounted));

it("no host is a facade's unless a deployment says so", () => {
  expect(policySchema.parse({}).FACADE_HOSTS).toEqual([]);
  expect(hostOf("https://fx.example.com:8787/v1/latest?x=//")).toBe("fx.example.com:8787");
});
