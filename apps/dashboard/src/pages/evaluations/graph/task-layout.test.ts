import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spreadOut } from "./spread-out.ts";
import { layOutTasks, TASK_WIDTH_PX, type LayoutTask, type TaskLayout } from "./task-layout.ts";

/** Up to 200 tasks, each of which depends on up to 3 earlier ones; stages by the longest way. */
const graphs = fc
  .array(
    fc.record({
      parents: fc.array(fc.nat({ max: 10_000 }), { maxLength: 3 }),
      heightPx: fc.constantFrom(68, 112),
    }),
    { maxLength: 200, size: "max" },
  )
  .map((drawn) => {
    const tasks: LayoutTask[] = [];
    for (const [at, { parents, heightPx }] of drawn.entries()) {
      const dependsOn = at === 0 ? [] : [...new Set(parents.map((parent) => parent % at))];
      const stages = dependsOn.map((parent) => (tasks[parent]?.stage ?? 0) + 1);
      tasks.push({
        id: `t${String(at)}`,
        stage: Math.max(0, ...stages),
        dependsOn: dependsOn.map((parent) => `t${String(parent)}`),
        heightPx,
      });
    }
    return tasks;
  });

function overlaps({ places }: TaskLayout): readonly string[] {
  return places.flatMap((a, at) =>
    places
      .slice(at + 1)
      .filter(
        (b) =>
          Math.abs(a.x - b.x) < TASK_WIDTH_PX &&
          Math.abs(a.centreY - b.centreY) < (a.heightPx + b.heightPx) / 2,
      )
      .map((b) => `${a.id} and ${b.id}`),
  );
}

describe("the layout of tasks", () => {
  it("places every task once, none over another, all within the drawing", () => {
    fc.assert(
      fc.property(graphs, (tasks) => {
        const layout = layOutTasks(tasks);
        expect(layout.places.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
        expect(overlaps(layout)).toEqual([]);
        for (const { x, centreY, heightPx } of layout.places) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x + TASK_WIDTH_PX).toBeLessThanOrEqual(layout.widthPx);
          expect(centreY - heightPx / 2).toBeGreaterThanOrEqual(0);
          expect(centreY + heightPx / 2).toBeLessThanOrEqual(layout.heightPx);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("draws each dependency once, to the right, from side to side and around other tasks", () => {
    fc.assert(
      fc.property(graphs, (tasks) => {
        const { places, routes } = layOutTasks(tasks);
        const placeOf = new Map(places.map((place) => [place.id, place]));
        const drawn = routes.map(({ from, to }) => `${from} ${to}`);
        const asked = tasks.flatMap(({ id, dependsOn }) =>
          dependsOn.map((from) => `${from} ${id}`),
        );
        expect(drawn.toSorted()).toEqual(asked.toSorted());
        for (const { from, to, points } of routes) {
          const [start, end] = [placeOf.get(from), placeOf.get(to)];
          expect(points[0]).toEqual({ x: (start?.x ?? 0) + TASK_WIDTH_PX, y: start?.centreY });
          expect(points.at(-1)).toEqual({ x: end?.x, y: end?.centreY });
          for (const [at, { x }] of points.slice(1).entries())
            expect(x).toBeGreaterThan(points[at]?.x ?? Infinity);
          const inTheWay = points
            .slice(1, -1)
            .flatMap((point) =>
              places.filter(
                (place) =>
                  point.x >= place.x &&
                  point.x <= place.x + TASK_WIDTH_PX &&
                  Math.abs(point.y - place.centreY) < place.heightPx / 2,
              ),
            );
          expect(inTheWay).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("is the same for the same tasks", () => {
    fc.assert(
      fc.property(graphs, (tasks) => {
        expect(layOutTasks(tasks)).toEqual(layOutTasks(tasks));
      }),
      { numRuns: 10 },
    );
  });

  it("draws a chain as a straight line and puts tasks without neighbours below", () => {
    const task = (id: string, stage: number, dependsOn: readonly string[] = []) => ({
      id,
      stage,
      dependsOn,
      heightPx: 68,
    });
    const { places } = layOutTasks([task("alone", 0), task("a", 0), task("b", 1, ["a"])]);
    const centre = new Map(places.map(({ id, centreY }) => [id, centreY]));
    expect(centre.get("a")).toBe(centre.get("b"));
    expect(centre.get("alone")).toBeGreaterThan(centre.get("a") ?? Infinity);
  });

  it("leaves out what is no earlier task", () => {
    const { routes, places } = layOutTasks([
      { id: "a", stage: 0, dependsOn: ["gone", "a", "b"], heightPx: 68 },
      { id: "b", stage: 0, dependsOn: [], heightPx: 68 },
    ]);
    expect(routes).toEqual([]);
    expect(places).toHaveLength(2);
  });

  it("of no tasks is nothing", () => {
    expect(layOutTasks([])).toEqual({ widthPx: 0, heightPx: 0, places: [], routes: [] });
  });
});

describe("spreading out", () => {
  it.each([
    { name: "wishes that fit are kept", wishes: [0, 50, 100], centres: [0, 50, 100] },
    { name: "equal wishes are moved apart around them", wishes: [30, 30], centres: [20, 40] },
    { name: "an order against the wishes stays", wishes: [60, 0], centres: [20, 40] },
    { name: "nothing", wishes: [], centres: [] },
  ])("$name", ({ wishes, centres }) => {
    const items = wishes.map((wish) => ({ wish, size: 10 }));
    expect(spreadOut(items, 10)).toEqual(centres);
  });
});
