import { describe, expect, it } from "vitest";
import { RouteTable } from "./route-table.ts";

const routes = new RouteTable();
routes.add("GET", "/scouter/profile");
routes.add(["PUT", "POST"], "/scouter/profile");
routes.add("GET", "/scouter/v1/traces/:id/spans");
routes.add("GET", "/files/*");

describe("RouteTable", () => {
  it.each([
    ["/scouter/profile", ["GET", "POST", "PUT"]],
    ["/scouter/profile/", []],
    ["/scouter/v1/traces/ab/spans", ["GET"]],
    ["/scouter/v1/traces//spans", []],
    ["/scouter/v1/traces/a/b/spans", []],
    ["/files/a/b", ["GET"]],
    ["/scouter.profile", []],
  ])("%s takes %j", (path, methods) => {
    expect(routes.methodsOf(path)).toEqual(methods);
  });
});
