import type { TaskGraph, TaskGraphNode } from "@scouter/contracts";
import { useMemo } from "react";
import { formatCount } from "../../../format/number.ts";
import { edgePath, labelPlace } from "./edge-path.ts";
import { layOutTasks, TASK_WIDTH_PX, type TaskPlace } from "./task-layout.ts";
import { TaskNode } from "./task-node.tsx";
import "./task-graph.css";

interface TaskGraphDrawingProps {
  readonly graph: TaskGraph;
  readonly selected: string | undefined;
  readonly onSelect: (task: string) => void;
}

const TASK_HEIGHT_PX = 70;
const GATE_HEIGHT_PX = 116;
/** For the outline of what is focused, and for lines that are drawn on the edge. */
const MARGIN_PX = 6;
/** Smaller than this nobody could read it: then the drawing scrolls. */
const LEAST_SCALE = 0.78;

export function TaskGraphDrawing({ graph, selected, onSelect }: TaskGraphDrawingProps) {
  const { nodes, edges, records_evaluated } = graph;
  const layout = useMemo(() => layOutTasks(nodes.map(layoutTask)), [nodes]);
  const placeOf = new Map(layout.places.map((place) => [place.id, place]));
  const nodeOf = new Map(nodes.map((node) => [node.task_id, node]));
  const width = layout.widthPx + 2 * MARGIN_PX;
  const height = layout.heightPx + 2 * MARGIN_PX;
  return (
    <div className="task-graph" role="region" aria-label="Drawing of the task graph" tabIndex={0}>
      <svg
        viewBox={`${String(-MARGIN_PX)} ${String(-MARGIN_PX)} ${String(width)} ${String(height)}`}
        style={{ maxWidth: width, minWidth: width * LEAST_SCALE, width: "100%" }}
      >
        <g aria-hidden="true">
          {layout.routes.map(({ from, to, points }) => {
            const gate = nodeOf.get(from)?.gate ?? false;
            const skipped =
              edges.find((edge) => edge.from === from && edge.to === to)?.skipped ?? 0;
            const isNear = selected === from || selected === to;
            const label = labelPlace(points);
            return (
              <g key={`${from} ${to}`} className="task-edge" data-near={isNear}>
                <path d={edgePath(points)} />
                {(gate ? records_evaluated > 0 : skipped > 0) && (
                  <text x={label.x} y={label.y}>
                    {formatCount(skipped)} skipped
                  </text>
                )}
              </g>
            );
          })}
        </g>
        {nodes.map((node) => {
          const place = placeOf.get(node.task_id);
          return place === undefined ? undefined : (
            <PlacedNode
              key={node.task_id}
              node={node}
              place={place}
              isSelected={node.task_id === selected}
              onSelect={onSelect}
            />
          );
        })}
      </svg>
    </div>
  );
}

function layoutTask({ task_id, stage, depends_on, gate }: TaskGraphNode) {
  return {
    id: task_id,
    stage,
    dependsOn: depends_on,
    heightPx: gate ? GATE_HEIGHT_PX : TASK_HEIGHT_PX,
  };
}

interface PlacedNodeProps {
  readonly node: TaskGraphNode;
  readonly place: TaskPlace;
  readonly isSelected: boolean;
  readonly onSelect: (task: string) => void;
}

/** Room for the counts below a diamond, and as much above, so that its tips are at the half of the height. */
const BELOW_GATE_PX = 15;

function PlacedNode({ node, place, isSelected, onSelect }: PlacedNodeProps) {
  const { x, centreY, heightPx } = place;
  const top = centreY - heightPx / 2;
  const right = x + TASK_WIDTH_PX;
  const shape = node.gate ? (
    <polygon
      points={[
        [x, centreY],
        [x + TASK_WIDTH_PX / 2, top + BELOW_GATE_PX],
        [right, centreY],
        [x + TASK_WIDTH_PX / 2, top + heightPx - BELOW_GATE_PX],
      ]
        .map((corner) => corner.join(","))
        .join(" ")}
    />
  ) : (
    <rect x={x} y={top} width={TASK_WIDTH_PX} height={heightPx} rx={4} />
  );
  return (
    <g className="task-shape" data-selected={isSelected}>
      {shape}
      <foreignObject x={x} y={top} width={TASK_WIDTH_PX} height={heightPx}>
        <TaskNode node={node} isSelected={isSelected} onSelect={onSelect} />
      </foreignObject>
    </g>
  );
}
